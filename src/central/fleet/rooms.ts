/** Rooms as the console and the panels see them. */
import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import { Room } from '../../contract/values/room.ts';
import { RoomRow } from '../../contract/wire/console.ts';
import type { LicenceAnswer } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { stringsOf } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { PanelRow, RoomRecord } from '../store/tables.ts';

type OpenRooms = Extract<LicenceAnswer, { kind: 'choose-room' }>['rooms'];

/** Rooms without a panel, by name. */
export async function openRooms(db: Db): Promise<OpenRooms> {
  const rows = await db
    .selectFrom('rooms')
    .leftJoin('panels', 'panels.room_id', 'rooms.id')
    .selectAll('rooms')
    .where('panels.id', 'is', null)
    .where('rooms.is_missing', '=', 0)
    .orderBy('rooms.name')
    .execute();
  return rows.map(row => {
    const { id, name, building, floor } = toRoom(row);
    const detail = [building, floor].filter(part => part !== null).join(', ');
    return { id, name, detail: detail === '' ? null : detail };
  });
}

export async function listRooms(context: Context): Promise<RoomRow[]> {
  const { db } = context.store;
  const rooms = await db.selectFrom('rooms').selectAll().orderBy('name').execute();
  const panels = await db.selectFrom('panels').selectAll().where('room_id', 'is not', null).execute();
  const byRoom = new Map(panels.map(panel => [panel.room_id, panel]));
  return rooms.map(room => {
    const panel = byRoom.get(room.id);
    return v.parse(RoomRow, {
      ...toRoom(room),
      isMissing: room.is_missing === 1,
      panel: panel === undefined ? null : panelColumns(context, panel),
    });
  });
}

export function toRoom(row: RoomRecord): Room {
  return v.parse(Room, row);
}

function panelColumns(context: Context, row: PanelRow) {
  return {
    id: row.id,
    mac: row.mac,
    hostname: row.hostname,
    isOnline: context.hub.isOnline(v.parse(PanelId, row.id)),
    lastSeen: row.last_seen,
    lastRead: row.last_read,
    readProblem: row.read_problem,
    problems: stringsOf(row.problems),
    configVersion: row.running_version,
    targetVersion: row.config_version,
    configRefused: row.config_refused,
    isConflict: row.stage === 'conflict',
    keyStore: row.key_store,
  };
}
