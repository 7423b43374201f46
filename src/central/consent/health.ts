/** The health line of a connection: central's own calls, its panels, and what ends next. */

import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import type { ConnectionHealth, ConnectionRow, TokenStatus } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import type { SettingsRow } from '../store/tables.ts';
import type { Connections } from './connections.ts';
import { type Expiry, expiriesOf } from './expiry.ts';

export async function healthOf(
  context: Context,
  connections: Connections,
  id: string,
  row: SettingsRow | undefined,
  token: TokenStatus,
  others: readonly Expiry[] = [],
): Promise<ConnectionHealth> {
  return {
    ...connections.health(id),
    panels: await panelsOf(context, id),
    expiries: row === undefined ? [] : expiriesOf(row, token, context.clock.now(), others),
  };
}

/** By what each reported last. One that is not connected, or never reported, is away. */
async function panelsOf({ store, hub }: Context, connection: string): Promise<ConnectionHealth['panels']> {
  const rows = await store.db
    .selectFrom('panels')
    .innerJoin('rooms', 'rooms.id', 'panels.room_id')
    .select(['panels.id', 'panels.last_read', 'panels.read_problem'])
    .where('rooms.connection_id', '=', connection)
    .where('panels.stage', '=', 'paired')
    .execute();
  const panels = { reading: 0, failing: 0, throttled: 0, away: 0 };
  for (const row of rows) {
    const isSilent = row.last_read === null && row.read_problem === null;
    if (isSilent || !hub.isOnline(v.parse(PanelId, row.id))) panels.away++;
    else if (row.read_problem === null) panels.reading++;
    else if (row.read_problem === 'throttled') panels.throttled++;
    else panels.failing++;
  }
  return panels;
}

const PASSING = ['unreachable', 'empty-token'];

/** A grant that cannot be refreshed needs the admin; a provider that is away for a while does not. */
export function stateOf(token: TokenStatus): Exclude<ConnectionRow['state'], 'not-set'> {
  if (token.problem !== null && PASSING.includes(token.problem.kind)) return 'unreachable';
  return token.kind === 'none' || token.problem !== null ? 'sign-in-needed' : 'ok';
}
