/** Rooms as the console and the panels see them. */
import * as v from 'valibot';
import { MacAddress, PanelId, RoomAddress, RoomId } from '../../contract/values/ids.ts';
import { scopeKey } from '../../contract/values/policy-cascade.ts';
import { Room } from '../../contract/values/room.ts';
import { Instant, ZoneName } from '../../contract/values/time.ts';
import { ReadProblem } from '../../contract/values/trust.ts';
import type { PanelOfRoom, RoomRow } from '../../contract/wire/console.ts';
import type { LicenceAnswer } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { stringsOf } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { PanelRow, RoomRecord } from '../store/tables.ts';
import { gravestOf } from './room-check-store.ts';

type OpenRooms = Extract<LicenceAnswer, { kind: 'choose-room' }>['rooms'];

/** Rooms without a panel, by name. */
export async function openRooms(db: Db): Promise<OpenRooms> {
  const rows = await db
    .selectFrom('rooms')
    .leftJoin('panels', 'panels.room_id', 'rooms.id')
    .select(['rooms.id', 'rooms.name', 'rooms.building', 'rooms.floor'])
    .where('panels.id', 'is', null)
    .where('rooms.is_missing', '=', 0)
    .execute();
  return rows.sort(byName).map(({ id, name, building, floor }) => {
    const detail = [building, floor].filter(part => part !== null).join(', ');
    return { id: v.parse(RoomId, id), name, detail: detail === '' ? null : detail };
  });
}

export function toRoom(row: RoomRecord): Room {
  return v.parse(Room, row);
}

/** Every room, by name, in as many queries as there are tables: two thousand rooms are one look. */
export async function listRooms(context: Context): Promise<RoomRow[]> {
  const { db } = context.store;
  const rooms = await db.selectFrom('rooms').selectAll().execute();
  return toRows(context, rooms);
}

/** Null: there is no such room. */
export async function findRoomRow(context: Context, id: RoomId): Promise<RoomRow | null> {
  const rooms = await context.store.db.selectFrom('rooms').selectAll().where('id', '=', id).execute();
  return (await toRows(context, rooms))[0] ?? null;
}

async function toRows(context: Context, rooms: RoomRecord[]): Promise<RoomRow[]> {
  const { db } = context.store;
  const connections = await db.selectFrom('settings').select(['id', 'name']).execute();
  const panels = await db.selectFrom('panels').selectAll().where('room_id', 'is not', null).execute();
  const keys = await db
    .selectFrom('licence_keys')
    .select(['panel_id', 'hint'])
    .where('panel_id', 'is not', null)
    .execute();
  const photos = await db.selectFrom('room_photos').select(['room_id', 'version']).execute();
  const policies = await db.selectFrom('policies').select('id').where('id', 'like', '["room",%').execute();
  const findings = await gravestOf(db);
  const known = {
    connections: new Map(connections.map(({ id, name }) => [id, name])),
    panels: new Map(panels.map(panel => [panel.room_id, panel])),
    hints: new Map(keys.map(({ panel_id, hint }) => [panel_id, hint])),
    photos: new Map(photos.map(({ room_id, version }) => [room_id, version])),
    policies: new Set(policies.map(({ id }) => id)),
    findings,
    zones: new Map<string, ZoneName>(),
  };
  return rooms.sort(byName).map(room => toRow(context, room, known));
}

type Known = {
  connections: ReadonlyMap<string, string>;
  panels: ReadonlyMap<string | null, PanelRow>;
  hints: ReadonlyMap<string | null, string>;
  photos: ReadonlyMap<string, string>;
  policies: ReadonlySet<string>;
  findings: ReadonlyMap<string, { warnings: number }>;
  /** Looking a zone up costs more than all the rest of a row. */
  zones: Map<string, ZoneName>;
};

function toRow(context: Context, row: RoomRecord, known: Known): RoomRow {
  const id = v.parse(RoomId, row.id);
  const panel = known.panels.get(row.id);
  return {
    id,
    connection: { id: row.connection_id, name: known.connections.get(row.connection_id) ?? 'Default' },
    source: row.source,
    address: v.parse(RoomAddress, row.address),
    name: row.name,
    zone: zoneOf(row.zone, known.zones),
    isZoneOwn: row.is_zone_own === 1,
    capacity: row.capacity,
    building: row.building,
    floor: row.floor,
    equipment: stringsOf(row.equipment),
    roomLists: stringsOf(row.room_lists),
    photo: known.photos.get(row.id) ?? null,
    isMissing: row.is_missing === 1,
    hasOwnPolicy: known.policies.has(scopeKey({ kind: 'room', room: id })),
    findings: known.findings.get(row.id)?.warnings ?? 0,
    panel: panel === undefined ? null : panelOf(context, panel, known.hints.get(panel.id) ?? null),
  };
}

function panelOf(context: Context, row: PanelRow, licenceKeyHint: string | null): PanelOfRoom {
  const id = v.parse(PanelId, row.id);
  const refused = row.config_refused;
  return {
    id,
    name: row.name,
    mac: row.mac === null ? null : v.parse(MacAddress, row.mac),
    hostname: row.hostname,
    address: row.address,
    agentVersion: row.agent_version,
    isOnline: context.hub.isOnline(id),
    lastSeen: v.parse(Instant, row.last_seen),
    lastRead: row.last_read === null ? null : v.parse(Instant, row.last_read),
    readProblem: row.read_problem === null ? null : v.parse(ReadProblem, row.read_problem),
    problems: stringsOf(row.problems),
    configVersion: row.running_version,
    targetVersion: row.config_version,
    targetSince: row.config_since === null ? null : v.parse(Instant, row.config_since),
    // Refused by an agent that did not say which: it can only have been the target.
    configRefused:
      refused === null ? null : { version: row.config_refused_version ?? row.config_version, why: refused },
    isConflict: row.stage === 'conflict',
    keyStore: row.key_store,
    licenceKeyHint,
  };
}

function zoneOf(name: string, zones: Map<string, ZoneName>): ZoneName {
  const zone = zones.get(name) ?? v.parse(ZoneName, name);
  zones.set(name, zone);
  return zone;
}

/** As people count: Room 2 before Room 10. */
const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: { name: string; id: string }, b: { name: string; id: string }) =>
  collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
