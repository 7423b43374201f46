/** What a room's calendar is asked with, as the database has it at this moment. */
import * as v from 'valibot';
import type { RoomAddress, RoomId } from '../../contract/values/ids.ts';
import type { Privacy } from '../../contract/values/policy.ts';
import { policyFor } from '../../contract/values/policy-cascade.ts';
import { Room } from '../../contract/values/room.ts';
import type { Duration, ZoneName } from '../../contract/values/time.ts';
import type { Context } from '../context.ts';
import { readLayers } from '../fleet/policies-layers.ts';
import { findSettings } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';

export type Stand = {
  room: RoomId;
  address: RoomAddress;
  name: string;
  zone: ZoneName;
  privacy: Privacy;
  /** How often the room's own panel reads. */
  pollEvery: Duration;
  settings: SettingsRow;
  /** Which sign-in tokens come from, and whose it is; null without one. */
  grant: string | null;
  account: string | null;
};

const Placed = v.pick(Room, ['id', 'address', 'name', 'zone', 'building', 'floor']);

/** Null: there is no such room, it cannot be used as it is stored, or its connection has no settings. */
export async function readStand(context: Context, room: RoomId): Promise<Stand | null> {
  const { db } = context.store;
  const row = await db
    .selectFrom('rooms')
    .leftJoin('grants', 'grants.id', 'rooms.connection_id')
    .select(['rooms.id', 'address', 'rooms.name', 'zone', 'building', 'floor', 'connection_id', 'grant_id', 'account'])
    .where('rooms.id', '=', room)
    .executeTakeFirst();
  const placed = v.safeParse(Placed, row);
  const settings = row && (await findSettings(db, row.connection_id));
  if (!placed.success || row === undefined || settings === undefined) return null;
  const { privacy, pollEvery } = policyFor(await readLayers(context, db), placed.output);
  const { address, name, zone } = placed.output;
  return { room, address, name, zone, privacy, pollEvery, settings, grant: row.grant_id, account: row.account };
}
