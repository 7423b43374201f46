import type { Clock, Stop } from '../../contract/values/clock.ts';
import type { Duration } from '../../contract/values/time.ts';

/** Calls `tell` at most once a pause for each key: the first at once, those that follow together at its end. */
export class Pace<Key> {
  readonly #clock: Clock;
  readonly #pause: Duration;
  readonly #tell: (key: Key) => void;
  /** Told of less than a pause ago; true when another came since. */
  readonly #resting = new Map<Key, { isDirty: boolean; stop: Stop }>();

  constructor(clock: Clock, pause: Duration, tell: (key: Key) => void) {
    this.#clock = clock;
    this.#pause = pause;
    this.#tell = tell;
  }

  take(key: Key): void {
    const resting = this.#resting.get(key);
    if (resting) resting.isDirty = true;
    else this.#tellNow(key);
  }

  stop(): void {
    for (const { stop } of this.#resting.values()) stop();
    this.#resting.clear();
  }

  #tellNow(key: Key) {
    const stop = this.#clock.after(this.#pause, () => {
      const isDirty = this.#resting.get(key)?.isDirty;
      this.#resting.delete(key);
      if (isDirty) this.#tellNow(key);
    });
    this.#resting.set(key, { isDirty: false, stop });
    this.#tell(key);
  }
}
