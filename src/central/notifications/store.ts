/** The table of subscriptions, the rooms that want one, and what is wrong with a connection's. */
import * as v from 'valibot';
import { RoomAddress, RoomId } from '../../contract/values/ids.ts';
import { type Duration, Instant, plus } from '../../contract/values/time.ts';
import type { Db, Store } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';

/** A room with a panel. */
export type WantedRoom = { room: RoomId; address: RoomAddress };

const Stored = v.object({
  id: v.string(),
  room_id: RoomId,
  connection_id: v.string(),
  made_for: v.string(),
  client_state_hash: v.string(),
  created: Instant,
  expires: Instant,
  heard: v.nullable(Instant),
});
export type Subscription = v.InferOutput<typeof Stored>;

export async function findWanted(db: Db, connection: string): Promise<WantedRoom[]> {
  const rows = await db
    .selectFrom('rooms')
    .innerJoin('panels', 'panels.room_id', 'rooms.id')
    .select(['rooms.id', 'rooms.address'])
    .where('rooms.connection_id', '=', connection)
    .where('panels.stage', '=', 'paired')
    .orderBy('rooms.id')
    .execute();
  return rows.map(row => ({ room: v.parse(RoomId, row.id), address: v.parse(RoomAddress, row.address) }));
}

export async function listSubscriptions(db: Db, connection: string): Promise<Subscription[]> {
  const rows = await db.selectFrom('subscriptions').selectAll().where('connection_id', '=', connection).execute();
  return rows.map(row => v.parse(Stored, row));
}

/** The ids of every connection's. */
export async function listKnown(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('subscriptions').select('id').execute();
  return new Set(rows.map(row => row.id));
}

/** Connections that want notifications, and those with subscriptions left of when they did. */
export async function findTended(db: Db): Promise<SettingsRow[]> {
  const having = db.selectFrom('subscriptions').select('connection_id');
  return db
    .selectFrom('settings')
    .selectAll()
    .where(or => or.or([or('change_notifications', '=', 1), or('id', 'in', having)]))
    .execute();
}

/** False: the room has gone meanwhile, or has one already. */
export function keepSubscription(store: Store, subscription: Subscription): Promise<boolean> {
  return store.transact(async tx => {
    const { room_id, connection_id } = subscription;
    const room = await tx
      .selectFrom('rooms')
      .select('id')
      .where('id', '=', room_id)
      .where('connection_id', '=', connection_id)
      .executeTakeFirst();
    if (room === undefined) return false;
    const kept = await tx
      .insertInto('subscriptions')
      .values(subscription)
      .onConflict(c => c.doNothing())
      .executeTakeFirst();
    return kept.numInsertedOrUpdatedRows === 1n;
  });
}

export async function noteRenewed(db: Db, id: string, created: Instant, expires: Instant): Promise<void> {
  await db.updateTable('subscriptions').set({ created, expires }).where('id', '=', id).execute();
}

export async function forgetSubscription(db: Db, id: string): Promise<void> {
  await db.deleteFrom('subscriptions').where('id', '=', id).execute();
}

export async function findSubscriptions(db: Db, ids: readonly string[]): Promise<Subscription[]> {
  const rows = await db.selectFrom('subscriptions').selectAll().where('id', 'in', ids).execute();
  return rows.map(row => v.parse(Stored, row));
}

/** Written at most every `pause` for each: notifications come by the hundred. */
export async function noteHeard(db: Db, heard: readonly Subscription[], now: Instant, pause: Duration): Promise<void> {
  const ids = heard.filter(one => one.heard === null || plus(one.heard, pause) <= now).map(one => one.id);
  if (ids.length === 0) return;
  await db.updateTable('subscriptions').set({ heard: now }).where('id', 'in', ids).execute();
}

/** In `meta`: what went wrong last, while it does. */
const troubleOf = (connection: string) => `notifications-trouble:${connection}`;

export async function findTrouble(db: Db, connection: string): Promise<string | null> {
  const name = troubleOf(connection);
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

/** Of connections that nobody tends any more it goes. */
export async function keepTroubles(db: Db, connections: readonly string[]): Promise<void> {
  const all = db.deleteFrom('meta').where('name', 'like', `${troubleOf('')}%`);
  await (connections.length === 0 ? all : all.where('name', 'not in', connections.map(troubleOf))).execute();
}

/** True: it is another one than before. */
export async function noteTrouble(db: Db, connection: string, value: string | null): Promise<boolean> {
  if ((await findTrouble(db, connection)) === value) return false;
  const name = troubleOf(connection);
  if (value === null) await db.deleteFrom('meta').where('name', '=', name).execute();
  else
    await db
      .insertInto('meta')
      .values({ name, value })
      .onConflict(c => c.column('name').doUpdateSet({ value }))
      .execute();
  return true;
}
