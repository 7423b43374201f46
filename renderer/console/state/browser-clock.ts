import type { Clock } from '../../../src/contract/values/clock.ts';
import { instant } from '../../../src/contract/values/time.ts';

/** The browser's own clock and timers: the only place in the console that touches them. */
export const browserClock: Clock = {
  now: () => instant(Date.now()),
  after(delay, task) {
    const timer = window.setTimeout(task, Math.max(0, delay));
    return () => window.clearTimeout(timer);
  },
};
