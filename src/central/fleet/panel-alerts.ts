import type { Alert } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';

/** What panels themselves have wrong: they refused what they should run, or two of them use one identity. */
export async function panelAlerts(context: Context): Promise<Alert[]> {
  const { db } = context.store;
  const { count } = db.fn;
  const refused = await db
    .selectFrom('panels')
    .select(count('id').as('n'))
    .where('stage', '=', 'paired')
    .whereRef('config_refused_version', '=', 'config_version')
    .executeTakeFirstOrThrow();
  const conflicts = await db
    .selectFrom('panels')
    .select(count('id').as('n'))
    .where('stage', '=', 'conflict')
    .executeTakeFirstOrThrow();
  return [...alert('identity-conflict', Number(conflicts.n)), ...alert('config-refused', Number(refused.n))];
}

function alert(kind: Alert['kind'], panels: number): Alert[] {
  return panels === 0 ? [] : [{ kind, subject: null, connection: null, name: null, count: panels, at: null }];
}

/** What stops panels comes before what will, and what only some notice. */
const WORST_FIRST: readonly Alert['kind'][] = [
  'sign-in-needed',
  'consent-missing',
  'expired',
  'licence-lapsed',
  'identity-conflict',
  'seats-exceeded',
  'config-refused',
  'rooms-unreadable',
  'licence-in-grace',
  'expires-soon',
];

/** Worst first; of one kind, what is due first comes first. */
export function worstFirst(alerts: readonly Alert[]): Alert[] {
  return alerts.toSorted(
    (a, b) =>
      WORST_FIRST.indexOf(a.kind) - WORST_FIRST.indexOf(b.kind) ||
      (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER),
  );
}
