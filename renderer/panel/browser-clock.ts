import type { Clock } from '../../src/contract/values/clock.ts';
import { instant } from '../../src/contract/values/time.ts';

/** The page's real clock, and the only place in the panel page that reads one. */
export const browserClock: Clock = {
  now: () => instant(Date.now()),
  after(delay, task) {
    const timer = setTimeout(task, Math.max(0, delay));
    return () => clearTimeout(timer);
  },
};
