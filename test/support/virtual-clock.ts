import type { SteadyClock, Stop } from '../../src/contract/values/clock.ts';
import { between, type Duration, type Instant, plus } from '../../src/contract/values/time.ts';

type Timer = { due: Instant; order: number; task: () => void };

/** Time that only moves when told to. Timers run in order of due time, then of creation. */
export class VirtualClock implements SteadyClock {
  #now: Instant;
  #start: Instant;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Instant) {
    this.#now = start;
    this.#start = start;
  }

  now = () => this.#now;
  elapsed = () => between(this.#start, this.#now);

  after(delay: Duration, task: () => void): Stop {
    const timer = { due: Math.max(this.#now, this.#now + delay) as Instant, order: this.#order++, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are armed: a test that leaves one behind has found a leak. */
  get armed() {
    return this.#timers.size;
  }

  /** Moves time forward by `span`, running what falls due, and lets promises settle between timers. */
  async advance(span: Duration): Promise<void> {
    const end = plus(this.#now, span);
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.due;
      timer.task();
      await settle();
    }
    this.#now = end;
  }

  /** The wall clock steps (NTP, a person): timers keep their distance, as monotonic ones do. */
  jump(by: Duration) {
    this.#now = plus(this.#now, by);
    this.#start = plus(this.#start, by);
    for (const timer of this.#timers) timer.due = plus(timer.due, by);
  }

  /** One pass without sorting: there are few timers, and they come and go with every event. */
  #next(end: Instant): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}

/** Lets every promise chain that does not wait for I/O run to its end. */
const settle = () => new Promise<void>(resolve => setImmediate(resolve));
