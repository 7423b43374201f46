import type { Clock } from '../../contract/values/clock.ts';
import { type Duration, seconds } from '../../contract/values/time.ts';
import { countTry, type Failures, isForgotten, waitBeforeTry } from '../domain/login-throttle.ts';
import { RateLimit } from './rate-limit.ts';

const TRIES_PER_ADDRESS = { burst: 20, refill: seconds(6) };
const MOST_ACCOUNTS = 10_000;

/** Counts tries of passwords, by where they come from and by the name that was typed, whether there is such an account or not. */
export class LoginTries {
  readonly #clock: Clock;
  readonly #byAddress: RateLimit;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#byAddress = new RateLimit(clock, TRIES_PER_ADDRESS);
  }

  /** Counted before the password is even read from the body. Null: go on; otherwise how long to wait. */
  takeFrom(address: string): Duration | null {
    return this.#byAddress.take(address);
  }

  /** Null: try this password, and it counts; otherwise how long to wait. */
  takeFor(username: string): Duration | null {
    const wait = waitBeforeTry(this.#failures.get(username), this.#clock.now());
    if (wait > 0) return wait;
    this.#note(username);
    return null;
  }

  /** It was the right one. */
  succeeded(address: string, username: string): void {
    this.#failures.delete(username);
    this.#byAddress.refund(address);
  }

  #note(username: string) {
    const now = this.#clock.now();
    if (this.#failures.size >= MOST_ACCOUNTS) {
      for (const [name, known] of this.#failures) if (isForgotten(known, now)) this.#failures.delete(name);
      const oldest = this.#failures.keys().next();
      if (this.#failures.size >= MOST_ACCOUNTS && !oldest.done) this.#failures.delete(oldest.value);
    }
    this.#failures.set(username, countTry(this.#failures.get(username), now));
  }
}
