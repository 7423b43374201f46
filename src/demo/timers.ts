/** Timers by name. A new one under the same name takes the old one's place. */
import type { Clock, Stop } from '../contract/values/clock.ts';
import type { Duration } from '../contract/values/time.ts';

export interface Timers {
  set(name: string, delay: Duration, task: () => void): void;
  stop(name: string): void;
  stopAll(): void;
}

export function makeTimers(clock: Clock): Timers {
  const armed = new Map<string, Stop>();
  const stop = (name: string) => {
    armed.get(name)?.();
    armed.delete(name);
  };
  return {
    set(name, delay, task) {
      stop(name);
      armed.set(
        name,
        clock.after(delay, () => {
          armed.delete(name);
          task();
        }),
      );
    },
    stop,
    stopAll: () => [...armed.keys()].forEach(stop),
  };
}
