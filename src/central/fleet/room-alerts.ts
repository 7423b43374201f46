/** What is wrong with rooms, told wherever an admin looks. */
import { type Alert, DEFAULT_CONNECTION } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { gravestOf } from './room-check-store.ts';

/** One `rooms-unreadable` a connection: how many of its rooms central may not read or write. Rooms that vanished do not count. */
export async function roomAlerts(context: Context): Promise<Alert[]> {
  const { db } = context.store;
  const rooms = await db
    .selectFrom('rooms')
    .leftJoin('settings', 'settings.id', 'rooms.connection_id')
    .select(['rooms.id', 'rooms.connection_id', 'settings.name'])
    .where('rooms.is_missing', '=', 0)
    .execute();
  const findings = await gravestOf(db);
  const counts = new Map<string, { name: string | null; count: number }>();
  for (const { id, connection_id, name } of rooms) {
    if ((findings.get(id)?.bad ?? 0) === 0) continue;
    counts.set(connection_id, { name, count: (counts.get(connection_id)?.count ?? 0) + 1 });
  }
  return [...counts]
    .sort(([a], [b]) => Number(b === DEFAULT_CONNECTION) - Number(a === DEFAULT_CONNECTION) || a.localeCompare(b))
    .map(([connection, { name, count }]) => ({
      kind: 'rooms-unreadable',
      subject: name,
      connection,
      name,
      count,
      at: null,
    }));
}
