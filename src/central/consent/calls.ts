/** Central's own calls to one provider, counted for the health line. Kept in memory: an hour is soon filled anew. */
import type { Clock } from '../../contract/values/clock.ts';
import { hours, type Instant, instant, minutes, plus, seconds } from '../../contract/values/time.ts';
import type { ConnectionHealth } from '../../contract/wire/console.ts';
import type { Fetch } from '../ports.ts';

const KEPT = hours(1);
const STEP = minutes(1);
/** Longer than this no provider asks for; a date far off would be shown as the truth for ever. */
const LONGEST_PAUSE = hours(1);

export type CallHealth = Pick<ConnectionHealth, 'lastGoodCall' | 'callsLastHour' | 'errorsLastHour' | 'throttledUntil'>;

export class CallBook {
  /** By minute since 1970. */
  readonly #counts = new Map<number, { calls: number; errors: number }>();
  #lastGood: Instant | null = null;
  #throttledUntil: Instant | null = null;

  note(now: Instant, isGood: boolean, throttledUntil: Instant | null): void {
    const minute = Math.floor(now / STEP);
    const count = this.#counts.get(minute) ?? { calls: 0, errors: 0 };
    this.#counts.set(minute, { calls: count.calls + 1, errors: count.errors + (isGood ? 0 : 1) });
    for (const old of this.#counts.keys()) if (old <= minute - KEPT / STEP) this.#counts.delete(old);
    if (isGood) this.#lastGood = now;
    if (throttledUntil !== null) this.#throttledUntil = throttledUntil;
  }

  health(now: Instant): CallHealth {
    const first = Math.floor(now / STEP) - KEPT / STEP;
    const counts = [...this.#counts].filter(([minute]) => minute > first).map(([, count]) => count);
    return {
      lastGoodCall: this.#lastGood,
      callsLastHour: counts.reduce((sum, count) => sum + count.calls, 0),
      errorsLastHour: counts.reduce((sum, count) => sum + count.errors, 0),
      throttledUntil: this.#throttledUntil !== null && this.#throttledUntil > now ? this.#throttledUntil : null,
    };
  }
}

/** The same fetch, written down. An answer of 400 and above counts as an error, as does none. */
export function counted(fetch: Fetch, book: CallBook, clock: Clock): Fetch {
  return async (url, init) => {
    let answer: Response;
    try {
      answer = await fetch(url, init);
    } catch (error) {
      book.note(clock.now(), false, null);
      throw error;
    }
    const isThrottled = answer.status === 429 || answer.status === 503;
    const until = isThrottled ? pauseEnd(answer.headers.get('retry-after'), clock.now()) : null;
    book.note(clock.now(), answer.status < 400, until);
    return answer;
  };
}

/** Retry-After (RFC 9110 section 10.2.3): seconds, or a date. Null: none, or nonsense. */
export function pauseEnd(retryAfter: string | null, now: Instant): Instant | null {
  if (retryAfter === null || retryAfter.trim() === '') return null;
  const number = Number(retryAfter);
  const end = Number.isFinite(number) ? plus(now, seconds(number)) : Date.parse(retryAfter);
  if (Number.isNaN(end) || end <= now) return null;
  return instant(Math.min(end, plus(now, LONGEST_PAUSE)));
}
