/** Lays what a directory lists over the stored rooms of its connection. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { newId } from '../random.ts';
import type { DirectoryRead, ListedRoom, RoomLists } from '../rooms/directory.ts';
import { stringsOf } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { RoomRecord } from '../store/tables.ts';
import { type Change, changesOf } from './room-changes.ts';

export type Stored = {
  added: number;
  /** Rooms that differ in anything. */
  updated: number;
  /** Rooms of this connection's directory that are not listed now. */
  missing: number;
  /** Listed addresses that belong to another connection, where they stay. */
  elsewhere: string[];
  /** Rooms that differ in what panels run, and how. */
  changed: RoomId[];
  changes: Change[];
};

export async function storeRooms(
  tx: Db,
  connection: { id: string; zone: string },
  { rooms, lists }: Pick<DirectoryRead, 'rooms' | 'lists'>,
): Promise<Stored> {
  const before = new Map((await tx.selectFrom('rooms').selectAll().execute()).map(row => [row.address, row]));
  const stored: Stored = { added: 0, updated: 0, missing: 0, elsewhere: [], changed: [], changes: [] };
  const seen = new Set<string>();
  for (const room of rooms) {
    const old = before.get(room.address);
    if (old !== undefined && old.connection_id !== connection.id) {
      stored.elsewhere.push(room.address);
      continue;
    }
    seen.add(room.address);
    const columns = columnsOf(room, lists, old, connection.zone);
    if (old === undefined) {
      stored.added++;
      await tx
        .insertInto('rooms')
        .values({ id: newId(), connection_id: connection.id, ...columns })
        .execute();
    } else await update(tx, old, columns, stored);
  }
  await flagMissing(tx, connection.id, before.values(), seen, stored);
  return stored;
}

const COLUMNS = [
  'source',
  'address',
  'name',
  'zone',
  'capacity',
  'building',
  'floor',
  'equipment',
  'room_lists',
  'is_missing',
] as const;
type Columns = Pick<RoomRecord, (typeof COLUMNS)[number]>;

function columnsOf(room: ListedRoom, lists: RoomLists, old: RoomRecord | undefined, zone: string): Columns {
  const { address, name, capacity, building, floor, equipment } = room;
  return {
    // A room that was added by hand and now appears becomes the directory's; its panel and its settings stay.
    source: 'directory',
    address,
    name,
    zone: old?.is_zone_own === 1 ? old.zone : zone,
    capacity,
    building,
    floor,
    equipment: JSON.stringify(equipment),
    room_lists: JSON.stringify(listsOf(room, lists, old)),
    is_missing: 0,
  };
}

/** Of lists that could not be read, what was known before stays true. */
function listsOf({ address }: ListedRoom, { byRoom, unread }: RoomLists, old: RoomRecord | undefined): string[] {
  const known = old === undefined ? [] : stringsOf(old.room_lists);
  const kept = unread === 'all' ? known : known.filter(name => unread.has(name));
  return [...new Set([...kept, ...(byRoom.get(address) ?? [])])].sort();
}

async function update(tx: Db, old: RoomRecord, columns: Columns, stored: Stored): Promise<void> {
  if (COLUMNS.every(column => old[column] === columns[column])) return;
  stored.updated++;
  const changes = changesOf(old, { ...old, ...columns });
  if (changes.length > 0) {
    stored.changed.push(v.parse(RoomId, old.id));
    stored.changes.push(...changes);
  }
  await tx.updateTable('rooms').set(columns).where('id', '=', old.id).execute();
}

async function flagMissing(tx: Db, connection: string, rows: Iterable<RoomRecord>, seen: Set<string>, stored: Stored) {
  const gone = [...rows].filter(
    row => row.connection_id === connection && row.source === 'directory' && !seen.has(row.address),
  );
  stored.missing = gone.length;
  const fresh = gone.filter(row => row.is_missing === 0).map(row => row.id);
  if (fresh.length > 0) await tx.updateTable('rooms').set({ is_missing: 1 }).where('id', 'in', fresh).execute();
}
