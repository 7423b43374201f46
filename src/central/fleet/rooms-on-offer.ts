/** Which other rooms a room's panel may offer, look at and book. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { policyFor } from '../../contract/values/policy-cascade.ts';
import { OfferedRoom } from '../../contract/values/room.ts';
import type { RoomsOnOffer } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { stringsOf } from '../store/panels.ts';
import type { RoomRecord } from '../store/tables.ts';
import { readLayers } from './policies-layers.ts';
import { gravestOf } from './room-check-store.ts';

/** More than anybody walks to, and as many as three questions to getSchedule. */
const MOST = 60;
const NONE: RoomsOnOffer = { equipment: [], rooms: [] };

/**
 * Rooms of the same connection, without this one and those the directory lost: on its floor first, then in its building,
 * then the rest; among these the nearest in size, then by name. None where settings say that this panel offers none; of
 * the others those that are booked in the same way as this one.
 */
export async function roomsOnOffer(context: Context, room: RoomId): Promise<RoomsOnOffer> {
  const { db } = context.store;
  const own = await db.selectFrom('rooms').selectAll().where('id', '=', room).executeTakeFirst();
  if (own === undefined) return NONE;
  const { building, floor } = own;
  const equipment = stringsOf(own.equipment);
  const layers = await readLayers(context, db);
  const policy = policyFor(layers, { id: room, building, floor });
  if (!policy.canFindRoom || policy.bookingMode === 'off') return { equipment, rooms: [] };
  const others = await db
    .selectFrom('rooms')
    .selectAll()
    .where('connection_id', '=', own.connection_id)
    .where('id', '!=', room)
    .where('is_missing', '=', 0)
    .execute();
  // Booked from here it is by this room's rules: not where its own are others, least of all where nobody may.
  const isAlike = (row: RoomRecord) =>
    policyFor(layers, { id: v.parse(RoomId, row.id), building: row.building, floor: row.floor }).bookingMode ===
    policy.bookingMode;
  // What is known not to work would only be refused again and again.
  const findings = await gravestOf(db);
  const rooms = others
    .filter(row => isAlike(row) && (findings.get(row.id)?.bad ?? 0) === 0)
    .map(row => ({ row, distance: distanceOf(own, row), misfit: misfitOf(own, row) }))
    .sort((a, b) => a.distance - b.distance || a.misfit - b.misfit || byName(a.row, b.row))
    .flatMap(({ row }) => offered(row) ?? [])
    .slice(0, MOST);
  return { equipment, rooms };
}

/** A room whose zone or address is no longer understood cannot be shown by anybody. */
function offered(row: RoomRecord): OfferedRoom | null {
  const parsed = v.safeParse(OfferedRoom, { ...row, equipment: stringsOf(row.equipment) });
  return parsed.success ? parsed.output : null;
}

function distanceOf(own: RoomRecord, other: RoomRecord): number {
  if (own.building === null || own.building !== other.building) return 2;
  return own.floor !== null && own.floor === other.floor ? 0 : 1;
}

/** A room of unknown size comes after those whose size is known. */
const misfitOf = (own: RoomRecord, other: RoomRecord): number =>
  own.capacity === null || other.capacity === null ? 1_000_000 : Math.abs(own.capacity - other.capacity);

const byName = (a: RoomRecord, b: RoomRecord) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1);
