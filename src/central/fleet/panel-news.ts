/** What panels must know, read for many at once: their state, and the configuration they should run. */
import * as v from 'valibot';
import { type PanelId, RoomId } from '../../contract/values/ids.ts';
import { Room } from '../../contract/values/room.ts';
import { hours, type Instant, type PlainDate, toIso, ZoneName } from '../../contract/values/time.ts';
import type { Context } from '../context.ts';
import { holidaysOf } from '../holidays/holidays.ts';
import type { PanelNews } from '../hub.ts';
import { factsOf, findTargets, type PanelTarget } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import { accessOf } from './config-access.ts';
import { PolicyBook, readLayers } from './policies-layers.ts';

/** Read as one, so that version and content belong together. */
export function readPanelNews(context: Context, panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, PanelNews>> {
  return context.store.transact(async tx => {
    const rows = await findTargets(tx, panels);
    const configFor = await readConfigs(context, tx, rows);
    return new Map(
      rows.map(row => {
        const facts = factsOf(row);
        const room = row.stage === 'paired' && row.room_id !== null ? v.parse(RoomId, row.room_id) : null;
        return [facts.id, { facts, room, running: row.running_version, config: () => configFor(row) }];
      }),
    );
  });
}

/** A stored room whose zone is looked at apart: a thousand rooms are in few zones, and asking for one takes long. */
const StoredRoom = v.object({ ...Room.entries, zone: v.string() });

const OF_SETTINGS = [
  'settings.id',
  'settings.access',
  'settings.graph_base',
  'settings.extra_ca',
  'settings.sign_in',
  'settings.service_account',
  'settings.holiday_calendar',
  'settings.holidays',
  'grants.account',
] as const;
const MOST_HOLIDAYS = 400;
const OF_ROOM = ['id', 'connection_id', 'address', 'name', 'zone', 'capacity', 'building', 'floor'] as const;

/** Everything that configurations are made of; put together when one is asked for, what they share only once. */
async function readConfigs(context: Context, tx: Db, panels: readonly PanelTarget[]) {
  const ids = panels.flatMap(row => (row.stage === 'paired' && row.room_id !== null ? [row.room_id] : []));
  if (ids.length === 0) return () => null;
  const rooms = await tx.selectFrom('rooms').select(OF_ROOM).where('id', 'in', ids).execute();
  const settings = await tx
    .selectFrom('settings')
    .leftJoin('grants', 'grants.id', 'settings.id')
    .select(OF_SETTINGS)
    .execute();
  const policies = new PolicyBook(await readLayers(context, tx));
  const roomsById = new Map(rooms.map(row => [row.id, row]));
  const zones = new Map(rooms.map(row => [row.zone, false]));
  for (const zone of zones.keys()) zones.set(zone, v.is(ZoneName, zone));
  const ends = new Map(
    settings.map(row => [
      row.id,
      {
        access: JSON.stringify(accessOf(row, row.account)),
        extraCa: JSON.stringify(row.extra_ca),
        holidays: JSON.stringify(fromYesterday(holidaysOf(row).dates, context.clock.now())),
      },
    ]),
  );
  return (panel: PanelTarget): string | null => {
    if (panel.stage !== 'paired' || panel.room_id === null) return null;
    const row = roomsById.get(panel.room_id);
    const end = ends.get(row?.connection_id ?? '');
    if (row === undefined || end === undefined) return null;
    const room = v.safeParse(StoredRoom, row);
    if (!room.success || !zones.get(row.zone)) {
      context.log.error('room-unusable', { room: row.id, zone: row.zone });
      return null;
    }
    const parts = [
      `"version":${panel.config_version}`,
      `"room":${JSON.stringify(room.output)}`,
      `"panelName":${JSON.stringify(panel.name)}`,
      `"access":${end.access}`,
      `"policy":${policies.textFor(room.output)}`,
      `"extraCa":${end.extraCa}`,
      `"holidays":${end.holidays}`,
    ];
    return `{${parts.join(',')}}`;
  };
}

/** Yesterday in every zone: UTC's day is at most one off. Dates of one form sort as text. */
function fromYesterday(dates: readonly PlainDate[], now: Instant): PlainDate[] {
  const first = toIso((now - hours(48)) as Instant).slice(0, 10);
  return dates
    .filter(date => date >= first)
    .toSorted()
    .slice(0, MOST_HOLIDAYS);
}
