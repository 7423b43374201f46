import { cancelled } from './call-failed.ts';
import { type Step, signalOf } from './middleware.ts';

/** Lets `limit` requests through at a time, the rest in order of arrival. Graph allows 4 per app and mailbox. */
export function atMost(limit: number): Step {
  let free = limit;
  const waiting: (() => void)[] = [];

  const enter = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(false));
      if (free > 0) {
        free--;
        return resolve();
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(proceed), 1);
        reject(cancelled(false));
      };
      const proceed = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(proceed);
    });

  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };

  return async (context, next) => {
    await enter(signalOf(context));
    try {
      await next();
    } finally {
      leave();
    }
  };
}
