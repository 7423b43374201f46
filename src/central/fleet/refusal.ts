import type { Duration } from '../../contract/values/time.ts';

/** An expected no. `message` is for a person; `code` goes over the wire. `retryAfter`: it was asked too often. */
export type Refusal = { kind: 'refused'; code: string; message: string; retryAfter?: Duration };

export const refused = (code: string, message: string): Refusal => ({ kind: 'refused', code, message });
