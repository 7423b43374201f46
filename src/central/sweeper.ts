import { repeat, type Stop } from '../contract/values/clock.ts';
import { hours } from '../contract/values/time.ts';
import type { Context } from './context.ts';
import { forgetOldRevisions } from './fleet/policies-history.ts';
import { forgetOldPanels } from './fleet/waiting.ts';
import type { Sessions } from './http/sessions.ts';

const SWEEP_EVERY = hours(1);

/** Takes out what nobody will use again, every hour. */
export function startSweeper(context: Context, sessions: Sessions): Stop {
  const { store, clock, log } = context;
  const sweep = async () => {
    await sessions.sweep();
    await store.db.deleteFrom('sign_ins').where('expires', '<=', clock.now()).execute();
    await forgetOldPanels(context);
    await forgetOldRevisions(context);
  };
  return repeat(clock, SWEEP_EVERY, sweep, error => log.error('sweep-broke', { detail: String(error) }));
}
