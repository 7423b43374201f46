import type { Clock, Stop } from '../contract/values/clock.ts';
import type { Duration } from '../contract/values/time.ts';

export interface Job {
  /** Works once more after a short pause; however often it is asked meanwhile, once. */
  soon(): void;
  /** Works now, or when what is under way is done; resolves when that is over. Never rejects. */
  now(): Promise<void>;
  /** Starts nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Work that is done every so often, first after `pause`, and never twice at a time. */
export function startJob(options: {
  clock: Clock;
  every: Duration;
  pause: Duration;
  work: () => Promise<void>;
  onError: (error: unknown) => void;
}): Job {
  const { clock, every, pause, work, onError } = options;
  let isStopped = false;
  let isAsked = false;
  let underWay: Promise<void> | null = null;
  let disarm: Stop = () => {};

  const arm = (delay: Duration) => {
    disarm();
    if (!isStopped) disarm = clock.after(delay, () => void run());
  };
  const run = () => {
    disarm();
    isAsked = false;
    underWay = work()
      .catch(onError)
      .finally(() => {
        underWay = null;
        arm(isAsked ? pause : every);
      });
    return underWay;
  };
  const soon = () => {
    if (isAsked || isStopped) return;
    isAsked = true;
    if (underWay === null) arm(pause);
  };
  soon();

  return {
    soon,
    async now() {
      while (underWay !== null) await underWay;
      if (!isStopped) await run();
    },
    async stop() {
      isStopped = true;
      disarm();
      await underWay;
    },
  };
}
