/** What panels must know, read for many at once: their state, and the configuration they should run. */
import * as v from 'valibot';
import type { PanelId } from '../../contract/values/ids.ts';
import { Room } from '../../contract/values/room.ts';
import { ZoneName } from '../../contract/values/time.ts';
import type { Context } from '../context.ts';
import type { PanelNews } from '../hub.ts';
import { factsOf, findTargets, type PanelTarget } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import { PolicyBook, readLayers } from './policies-layers.ts';

/** Read as one, so that version and content belong together. */
export function readPanelNews(context: Context, panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, PanelNews>> {
  return context.store.transact(async tx => {
    const rows = await findTargets(tx, panels);
    const configFor = await readConfigs(context, tx, rows);
    return new Map(
      rows.map(row => {
        const facts = factsOf(row);
        return [facts.id, { facts, running: row.running_version, config: () => configFor(row) }];
      }),
    );
  });
}

/** A stored room whose zone is looked at apart: a thousand rooms are in few zones, and asking for one takes long. */
const StoredRoom = v.object({ ...Room.entries, zone: v.string() });

const OF_ROOM = ['id', 'connection_id', 'address', 'name', 'zone', 'capacity', 'building', 'floor'] as const;

/** Everything that configurations are made of; put together when one is asked for, what they share only once. */
async function readConfigs(context: Context, tx: Db, panels: readonly PanelTarget[]) {
  const ids = panels.flatMap(row => (row.stage === 'paired' && row.room_id !== null ? [row.room_id] : []));
  if (ids.length === 0) return () => null;
  const rooms = await tx.selectFrom('rooms').select(OF_ROOM).where('id', 'in', ids).execute();
  const settings = await tx.selectFrom('settings').select(['id', 'graph_base', 'extra_ca']).execute();
  const policies = new PolicyBook(await readLayers(context, tx));
  const roomsById = new Map(rooms.map(row => [row.id, row]));
  const zones = new Map(rooms.map(row => [row.zone, false]));
  for (const zone of zones.keys()) zones.set(zone, v.is(ZoneName, zone));
  const ends = new Map(
    settings.map(row => [
      row.id,
      {
        access: JSON.stringify({ kind: 'direct-graph', graphBase: row.graph_base }),
        extraCa: JSON.stringify(row.extra_ca),
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
    ];
    return `{${parts.join(',')}}`;
  };
}
