/** The tenant's way out, to the addresses that were subscribed: what the machine trusts, and one CA beside it. */
import type { Clock } from '../../contract/values/clock.ts';
import { makeFetch } from '../../platform/http.ts';

export type Outbound = ReturnType<typeof makeFetch>['fetch'];

/** `extraCa`: PEM, or null; asked for at the first call, and again after `forget`. */
export function makeOutbound(clock: Clock, extraCa: () => string | null) {
  // Made late: reading the machine's CAs takes a while, and few tenants are ever subscribed to.
  let client: ReturnType<typeof makeFetch> | null = null;
  const fetch: Outbound = (url, init) => {
    client ??= makeFetch({ trust: { kind: 'system', extraCa: extraCa() }, clock });
    return client.fetch(url, init);
  };
  /** Ends every connection. */
  const forget = async () => {
    const open = client;
    client = null;
    await open?.close();
  };
  return { fetch, forget };
}
