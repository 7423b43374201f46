import type { SteadyClock } from '../contract/values/clock.ts';
import { instant, milliseconds } from '../contract/values/time.ts';

/** Node fires a timer at once when its delay does not fit into 31 bits. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own clock. Its timers never keep the process alive. */
export function makeSystemClock(): SteadyClock {
  return {
    now: () => instant(Date.now()),
    elapsed: () => milliseconds(performance.now()),
    after(delay, task) {
      let remaining: number = Math.max(0, delay);
      let timer: NodeJS.Timeout;
      const arm = () => {
        const part = Math.min(remaining, LONGEST_TIMER);
        remaining -= part;
        timer = setTimeout(() => (remaining > 0 ? arm() : task()), part);
        timer.unref();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
