/**
 * How often somebody may guess a pairing code: five wrong tries within the life of a code, for the whole server. A sliding
 * window, because a bucket that refills would let twice as many into one life. A right try is taken back by itself; those
 * that were wrong before it stay counted, or whoever knows one code could go on guessing others.
 */
import { between, type Duration, earliest, type Instant, plus } from '../../contract/values/time.ts';
import { CODE_LIFE, WRONG_TRIES } from './pairing-code.ts';

/** When each try ended, or began while it is under way. */
export type Tries = readonly Instant[];
export type TryAsked = { kind: 'go'; tries: Tries } | { kind: 'wait'; tries: Tries; retryAfter: Duration };

/** Counted before anything is compared, so that tries at the same time do not slip through together. */
export function askTry(tries: Tries, now: Instant): TryAsked {
  const recent = tries
    // A clock that was put back must not keep everybody out until it has caught up.
    .map(at => earliest(at, now))
    .filter(at => between(at, now) < CODE_LIFE);
  const [first, ...rest] = recent;
  if (first === undefined || recent.length < WRONG_TRIES) return { kind: 'go', tries: [...recent, now] };
  return { kind: 'wait', tries: recent, retryAfter: between(now, plus(earliest(first, ...rest), CODE_LIFE)) };
}

/** The try that began then was wrong: it counts from its end on, for until then it may have compared. */
export function wasWrong(tries: Tries, began: Instant, now: Instant): Tries {
  return [...wasRight(tries, began), now];
}

/** The try that began then was right: it never was one. */
export function wasRight(tries: Tries, began: Instant): Tries {
  const at = tries.indexOf(began);
  // Put back together with the clock: the newest is as good as it.
  const found = at >= 0 ? at : tries.length - 1;
  return tries.filter((_, n) => n !== found);
}
