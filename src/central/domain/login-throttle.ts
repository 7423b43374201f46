/**
 * Slows guessing of one account's password: three tries are free, then the wait doubles from one second. Never a lasting
 * lock; and who logged in from a place before has tries of their own there, so that strangers who keep guessing elsewhere
 * make nobody wait but each other.
 */
import { between, type Duration, hours, type Instant, minutes, plus, seconds } from '../../contract/values/time.ts';

export type Failures = { count: number; last: Instant };

/** Where somebody logged in: networks as http/address.ts tells them apart, the latest first. */
export type KnownPlaces = readonly string[];

const MOST_PLACES = 20;
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

/** What these tries are counted under: those of a known place by themselves, all others of the account together. */
export function budgetOf(account: string, place: string, known: KnownPlaces | undefined): string {
  return JSON.stringify(known?.includes(place) ? [account, place] : [account]);
}

/** After a log-in that succeeded. Bounded: every place more is a budget more to guess with. */
export function withPlace(known: KnownPlaces | undefined, place: string): KnownPlaces {
  return [place, ...(known ?? []).filter(other => other !== place)].slice(0, MOST_PLACES);
}

export function isForgotten(failures: Failures, now: Instant): boolean {
  return between(failures.last, now) > FORGOTTEN_AFTER;
}
