import { type Duration, hours, type Instant, milliseconds, minutes, plus } from '../../contract/values/time.ts';

const FIRST = minutes(1);
const LONGEST = hours(1);

type Rest = { failures: number; until: Instant };

/** Who failed is left alone for a while, twice as long each time. */
export class Rests<Key> {
  readonly #rests = new Map<Key, Rest>();
  readonly #random: () => number;

  /** `random`: from 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  isResting(key: Key, now: Instant): boolean {
    const rest = this.#rests.get(key);
    return rest !== undefined && now < rest.until;
  }

  /** `atLeast`: how long the provider wants to be left alone. */
  failed(key: Key, now: Instant, atLeast: Duration | null): void {
    const failures = (this.#rests.get(key)?.failures ?? 0) + 1;
    const pause = Math.min(FIRST * 2 ** (failures - 1), LONGEST) * (0.75 + 0.5 * this.#random());
    this.#rests.set(key, { failures, until: plus(now, milliseconds(Math.max(pause, atLeast ?? 0))) });
  }

  worked(key: Key): void {
    this.#rests.delete(key);
  }

  /** Forgets everybody else. */
  keep(keys: ReadonlySet<Key>): void {
    for (const key of [...this.#rests.keys()]) if (!keys.has(key)) this.#rests.delete(key);
  }

  get size(): number {
    return this.#rests.size;
  }
}
