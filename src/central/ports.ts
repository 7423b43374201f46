/** What central gets from the platform, by type only. */
import type { makeFetch } from '../platform/http.ts';
import type { makeLog } from '../platform/log.ts';

export type Log = ReturnType<typeof makeLog>;
export type HttpClient = ReturnType<typeof makeFetch>;
export type Fetch = HttpClient['fetch'];
/** An HTTP client that trusts the system's CAs and, beside them, these (PEM). Throws when they do not parse. */
export type HttpClientFactory = (extraCa: string | null) => HttpClient;
