import { type Duration, type Instant, instant, milliseconds, minutes } from '../../contract/values/time.ts';

const LONGEST_BY_OUR_CLOCK = minutes(10);

/** How long this answer asks to be left alone; null when it does not. A captive portal's 511 is not Graph's to ask. */
export function waitIn({ status, headers }: Response, now: Instant): Duration | null {
  if (status !== 429 && (status < 500 || status === 511)) return null;
  return parseRetryAfter(headers.get('retry-after'), parseHttpDate(headers.get('date')), now);
}

/**
 * Retry-After as Graph sends it: whole seconds, fractional seconds (`2.128`, learn.microsoft.com throttling) or an HTTP date
 * (RFC 9110 section 10.2.3). A date counts from the answer's own Date where there is one, because our clock may be
 * wrong; without one such a wait is at most ten minutes. Null when absent or unreadable; never negative, else never capped.
 */
function parseRetryAfter(header: string | null, answeredAt: Instant | null, now: Instant): Duration | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return whole(Number(text) * 1000);
  const until = parseHttpDate(text);
  if (until === null) return null;
  if (answeredAt === null) return whole(Math.min(Math.max(0, until - now), LONGEST_BY_OUR_CLOCK));
  return whole(Math.max(0, until - answeredAt));
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
