import { type Duration, type Instant, instant, milliseconds } from '../../contract/values/time.ts';

/**
 * Retry-After as Graph sends it: whole seconds, fractional seconds (`2.128`, learn.microsoft.com throttling) or an HTTP date
 * (RFC 9110 section 10.2.3). A date counts from the answer's own Date where there is one, because our clock may be
 * wrong. Null when absent or unreadable; never capped, never negative.
 */
export function parseRetryAfter(header: string | null, answeredAt: Instant | null, now: Instant): Duration | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return whole(Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === null ? null : whole(Math.max(0, until - (answeredAt ?? now)));
}

/** Null when it is not a date. */
export function parseHttpDate(header: string | null): Instant | null {
  // Every form of RFC 9110 begins with the weekday's name; Date.parse alone takes a bare `5` for a date.
  if (header === null || !/^[A-Z][a-z]{2,8},? /.test(header)) return null;
  const parsed = Date.parse(header);
  return Number.isSafeInteger(parsed) ? instant(parsed) : null;
}

function whole(n: number): Duration | null {
  const rounded = Math.ceil(n);
  return Number.isSafeInteger(rounded) ? milliseconds(rounded) : null;
}
