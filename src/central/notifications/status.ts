/** How a connection's change notifications are doing, for the admin. */

import { latest } from '../../contract/values/time.ts';
import type { NotificationStatus } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import type { SettingsRow } from '../store/tables.ts';
import { findTrouble, findWanted, listSubscriptions } from './store.ts';

/** `publicUrl`: where Graph reaches central; null when none was set. Reads the database and asks nobody. */
export async function notificationStatus(
  context: Context,
  row: SettingsRow,
  publicUrl: string | null,
): Promise<NotificationStatus> {
  const { db } = context.store;
  const of = (state: NotificationStatus['state']) => ({ state, rooms: 0, wanted: 0, heard: null, detail: null });
  if (row.change_notifications === 0) return of('off');
  const wanted = new Set((await findWanted(db, row.id)).map(({ room }) => room));
  if (publicUrl === null) return { ...of('no-public-address'), wanted: wanted.size };
  const now = context.clock.now();
  const alive = (await listSubscriptions(db, row.id)).filter(one => wanted.has(one.room_id) && one.expires > now);
  const [heard, ...others] = alive.flatMap(one => one.heard ?? []);
  const trouble = await findTrouble(db, row.id);
  return {
    state: trouble !== null ? 'failing' : alive.length < wanted.size ? 'starting' : 'active',
    rooms: alive.length,
    wanted: wanted.size,
    heard: heard === undefined ? null : latest(heard, ...others),
    detail: trouble,
  };
}
