/** What is wrong with the connections, once each: for the overview wherever an admin looks. */
import { type Alert, DEFAULT_CONNECTION, type Overview, type TokenStatus } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { consentOf, listSettings } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import { type Expiry, expiriesOf } from './expiry.ts';
import { stateOf } from './health.ts';
import type { Tokens } from './tokens.ts';

/** Worst first: what stops panels now, then what will. */
export async function connectionAlerts(context: Context, tokens: Tokens): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (const row of await listSettings(context.store.db)) {
    alerts.push(...alertsOf(row, await tokens.status(row.id), context));
  }
  return alerts.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.at ?? 0) - (b.at ?? 0));
}

/** A provider that is away for a while is none of the admin's business. */
export async function connectionsState(context: Context, tokens: Tokens): Promise<Overview['serverSettings']> {
  const rows = await listSettings(context.store.db);
  // A demo beside it, or a second tenant, does not set up the first.
  if (!rows.some(row => row.id === DEFAULT_CONNECTION)) return 'not-set';
  const statuses = await Promise.all(rows.map(row => tokens.status(row.id)));
  return statuses.some(needsAdmin) ? 'sign-in-needed' : 'ok';
}

const ORDER: readonly Alert['kind'][] = ['sign-in-needed', 'consent-missing', 'expired', 'expires-soon'];

/** Without a grant there is nothing to wait for, whatever the last try met. */
const needsAdmin = (token: TokenStatus) => token.kind === 'none' || stateOf(token) === 'sign-in-needed';

function alertsOf(row: SettingsRow, token: TokenStatus, context: Context): Alert[] {
  const expiries = expiriesOf(row, token, context.clock.now()).filter(({ urgency }) => urgency !== 'calm');
  const connection = { connection: row.id, name: row.name, count: null };
  const alerts: Alert[] = [];
  const problem = token.problem?.kind;
  const isConsentMissing =
    problem === 'consent-missing' || (token.kind === 'none' && consentOf(row).kind === 'missing');
  // One thing is told once: what has run out is why the provider refuses.
  const isExplained = expiries.some(({ what, urgency }) => urgency === 'expired' && CAUSES[what] === problem);
  if (isConsentMissing) alerts.push({ kind: 'consent-missing', subject: row.name, at: null, ...connection });
  else if (needsAdmin(token) && !isExplained) {
    alerts.push({ kind: 'sign-in-needed', subject: row.name, at: null, ...connection });
  }
  for (const { what, at, urgency } of expiries) {
    // A lapsed refresh token is mended by signing in, and that is said above.
    if (what === 'refresh-token' && needsAdmin(token)) continue;
    alerts.push({ kind: urgency === 'expired' ? 'expired' : 'expires-soon', subject: what, at, ...connection });
  }
  return alerts;
}

const CAUSES: Partial<Record<Expiry['what'], string>> = {
  'client-secret': 'wrong-secret',
  certificate: 'wrong-secret',
};
