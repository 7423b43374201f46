import type { Duration, Instant } from './time.ts';

/** Undoes what returned it; calling it twice is harmless. */
export type Stop = () => void;

/** Time is handed in: only the platform's clock (and the tests' virtual one) knows what time it is. */
export interface Clock {
  now(): Instant;
  /** Runs `task` once after `delay` (at once when negative), unless stopped before. Must not keep the process alive. */
  after(delay: Duration, task: () => void): Stop;
}

/** For ages: `now()` may be set, forward and back. */
export interface SteadyClock extends Clock {
  /** Time since some moment, set by nobody; it may stand still while the machine sleeps. */
  elapsed(): Duration;
}

/** Resolves after `delay`; rejects with the signal's reason if that comes first. */
export function sleep(clock: Clock, delay: Duration, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      stop();
      reject(signal?.reason);
    };
    const stop = clock.after(delay, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Runs `task` every so often, never two at a time: the pause counts from the end of one to the start of the next. */
export function repeat(
  clock: Clock,
  pause: Duration,
  task: () => Promise<void>,
  onError: (error: unknown) => void,
): Stop {
  let isStopped = false;
  let disarm: Stop = () => {};
  const arm = () => {
    if (isStopped) return;
    disarm = clock.after(pause, () => void task().catch(onError).finally(arm));
  };
  arm();
  return () => {
    isStopped = true;
    disarm();
  };
}
