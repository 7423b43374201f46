/**
 * Slows guessing of one account's password: three tries are free, then the wait doubles from one second. Never a lasting
 * lock: whoever guesses must not be able to keep the owner out for longer than `LONGEST`.
 */
import { between, type Duration, hours, type Instant, minutes, plus, seconds } from '../../contract/values/time.ts';

export type Failures = { count: number; last: Instant };

const FREE = 3;
const LONGEST = minutes(5);
const FORGOTTEN_AFTER = hours(1);

/** How long this account must wait before the next try; 0 when it may try now. */
export function waitBeforeTry(failures: Failures | undefined, now: Instant): Duration {
  if (failures === undefined || isForgotten(failures, now) || failures.count < FREE) return seconds(0);
  const pause = Math.min(LONGEST, seconds(2 ** Math.min(20, failures.count - FREE)));
  return Math.max(0, between(now, plus(failures.last, pause as Duration))) as Duration;
}

/** Counted before the password is looked at, so that parallel guesses do not slip through; a success clears it. */
export function countTry(failures: Failures | undefined, now: Instant): Failures {
  const before = failures === undefined || isForgotten(failures, now) ? 0 : failures.count;
  return { count: before + 1, last: now };
}

export function isForgotten(failures: Failures, now: Instant): boolean {
  return between(failures.last, now) > FORGOTTEN_AFTER;
}
