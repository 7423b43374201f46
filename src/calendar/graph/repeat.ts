import type { Context } from '@microsoft/microsoft-graph-client';
import { type Clock, sleep } from '../../contract/values/clock.ts';
import { type Duration, milliseconds } from '../../contract/values/time.ts';
import { CallFailed, cancelled } from './call-failed.ts';
import { type CallPlan, planOf, type Step, signalOf } from './middleware.ts';

const PAUSES = [milliseconds(300), milliseconds(1000)];

/**
 * Sends again, as often as the call's plan allows, when the answer was lost or the server stumbled (5xx). Never when
 * the server says how long to wait: that is the caller's to obey, in full.
 */
export function repeat(options: { clock: Clock; random: () => number }): Step {
  return async (context, next) => {
    const plan = planOf(context);
    for (let sent = 0; ; sent++) {
      const isLast = sent >= plan.repeats;
      if (await isDone(context, next, plan, isLast)) return;
      const pause = PAUSES[sent] ?? milliseconds(1000);
      const jittered: Duration = milliseconds(pause * (0.5 + options.random()));
      await sleep(options.clock, jittered, signalOf(context)).catch(() => {
        throw cancelled(plan.isFateUnknown);
      });
    }
  };
}

/** True when `context.response` is the answer to give; throws when there is none and no more tries are allowed. */
async function isDone(context: Context, next: () => Promise<void>, plan: CallPlan, isLast: boolean): Promise<boolean> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    plan.isFateUnknown ||= error.isSent;
    const isWorth = error.isWorthRepeating === 'yes' || (plan.mustArrive && error.isWorthRepeating !== 'no');
    if (isLast || !isWorth) throw error;
    return false;
  }
  const { response } = context;
  // 511 comes from the network in between (RFC 6585 section 6).
  if (response === undefined || response.status < 500 || response.status === 511) return true;
  const isToldToWait = response.headers.has('retry-after');
  // Only a throttle says for certain that nothing was done; behind a 502 or 504 it may have been.
  if (!(response.status === 503 && isToldToWait)) plan.isFateUnknown = true;
  return isLast || isToldToWait;
}
