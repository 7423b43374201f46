import type { Clock } from '../../contract/values/clock.ts';
import { type Duration, seconds } from '../../contract/values/time.ts';
import {
  budgetOf,
  countTry,
  type Failures,
  isForgotten,
  type KnownPlaces,
  waitBeforeTry,
  withPlace,
} from '../domain/login-throttle.ts';
import { networkOf } from './address.ts';
import { RateLimit } from './rate-limit.ts';

const TRIES_PER_NETWORK = { burst: 20, refill: seconds(6) };
const MOST_BUDGETS = 10_000;
/** Only accounts that exist get a place, so this is never met; it keeps the memory bounded whatever happens. */
const MOST_ACCOUNTS = 1000;

/**
 * Counts tries of passwords, by where they come from and by the name that was typed, whether there is such an account or not.
 * In memory: a restart forgets them, and also who logged in from where.
 */
export class LoginTries {
  readonly #clock: Clock;
  readonly #byNetwork: RateLimit;
  readonly #failures = new Map<string, Failures>();
  readonly #places = new Map<string, KnownPlaces>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#byNetwork = new RateLimit(clock, TRIES_PER_NETWORK);
  }

  /** Counted before the password is even read from the body. Null: go on; otherwise how long to wait. */
  takeFrom(address: string): Duration | null {
    return this.#byNetwork.take(networkOf(address));
  }

  /** Null: try this password, and it counts; otherwise how long to wait. */
  takeFor(username: string, address: string): Duration | null {
    const budget = this.#budgetOf(username, address);
    const wait = waitBeforeTry(this.#failures.get(budget), this.#clock.now());
    if (wait > 0) return wait;
    this.#note(budget);
    return null;
  }

  /** It was the right one. */
  succeeded(address: string, username: string): void {
    // Only the tries that it was one of: whoever guesses elsewhere does not get new ones by it.
    this.#failures.delete(this.#budgetOf(username, address));
    this.#byNetwork.refund(networkOf(address));
    const places = withPlace(this.#places.get(username), networkOf(address));
    this.#places.delete(username);
    const oldest = this.#places.keys().next();
    if (this.#places.size >= MOST_ACCOUNTS && !oldest.done) this.#places.delete(oldest.value);
    this.#places.set(username, places);
  }

  #budgetOf(username: string, address: string) {
    return budgetOf(username, networkOf(address), this.#places.get(username));
  }

  #note(budget: string) {
    const now = this.#clock.now();
    if (this.#failures.size >= MOST_BUDGETS) {
      for (const [name, known] of this.#failures) if (isForgotten(known, now)) this.#failures.delete(name);
      const oldest = this.#failures.keys().next();
      if (this.#failures.size >= MOST_BUDGETS && !oldest.done) this.#failures.delete(oldest.value);
    }
    this.#failures.set(budget, countTry(this.#failures.get(budget), now));
  }
}
