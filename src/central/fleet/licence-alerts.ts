import { between, hours } from '../../contract/values/time.ts';
import type { Alert } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { countSeatsUsed, readLicenceState } from './entitlement.ts';

/** An admin hears of it a month ahead. */
const AHEAD = hours(24 * 30);
const QUIET = { subject: null, connection: null, name: null, count: null, at: null };

/** What is wrong with the licence. One alert for its date: soon, in grace or lapsed say one after the other what to do. */
export async function licenceAlerts(context: Context): Promise<Alert[]> {
  const { store, clock } = context;
  const state = await readLicenceState(context, store.db);
  if (state.kind === 'none') return [];
  const { seats, expires } = state.entitlement;
  const alerts: Alert[] = [];
  if (state.kind === 'lapsed') alerts.push({ ...QUIET, kind: 'licence-lapsed', subject: 'licence', at: expires });
  if (state.kind === 'grace') alerts.push({ ...QUIET, kind: 'licence-in-grace', subject: 'licence', at: state.until });
  const isSoon = expires !== null && between(clock.now(), expires) <= AHEAD;
  if (state.kind === 'valid' && isSoon) {
    alerts.push({ ...QUIET, kind: 'expires-soon', subject: 'licence', at: expires });
  }
  const over = (await countSeatsUsed(store.db)) - seats;
  if (over > 0) alerts.push({ ...QUIET, kind: 'seats-exceeded', subject: 'licence', count: over });
  return alerts;
}
