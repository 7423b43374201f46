/** Free MACs: panels without a room. */
import * as v from 'valibot';
import { type PanelId, PanelId as PanelIdSchema } from '../../contract/values/ids.ts';
import { hours, plus } from '../../contract/values/time.ts';
import { type Overview, WaitingPanel } from '../../contract/wire/console.ts';
import { pairingWordsOf } from '../../platform/pairing-words.ts';
import type { Context } from '../context.ts';
import { isCodeValid } from '../domain/panel-state.ts';
import { codeOf } from '../store/panels.ts';
import type { PanelRow } from '../store/tables.ts';

/** A panel that nobody paired and that has not called for this long is taken off the list. */
const FORGOTTEN_AFTER = hours(-24 * 7);

const MOST_TWINS = 20;

type PanelWithRoom = PanelRow & { room_name: string | null };

export async function listWaiting(context: Context): Promise<WaitingPanel[]> {
  const registered = await context.store.db
    .selectFrom('registrations')
    .innerJoin('rooms', 'rooms.id', 'registrations.room_id')
    .select(['registrations.mac', 'rooms.id', 'rooms.name'])
    .execute();
  const registrations = new Map(registered.map(({ mac, id, name }) => [mac, { room: { id, name } }]));
  const everyone: PanelWithRoom[] = await context.store.db
    .selectFrom('panels')
    .leftJoin('rooms', 'rooms.id', 'panels.room_id')
    .selectAll('panels')
    .select('rooms.name as room_name')
    .orderBy('panels.first_seen', 'desc')
    .execute();
  const twins = { mac: groupBy(everyone, row => row.mac), machineId: groupBy(everyone, row => row.machine_id) };
  const now = context.clock.now();
  const wordsOf = pairingWordsOf(context.caPem);
  return everyone
    .filter(row => row.room_id === null)
    .map(row => {
      const panel = v.parse(PanelIdSchema, row.id);
      const code = codeOf(row);
      const valid = code !== null && isCodeValid(code, now) ? code : null;
      return v.parse(WaitingPanel, {
        panel,
        mac: row.mac,
        machineId: row.machine_id,
        hostname: row.hostname,
        address: row.address,
        agentVersion: row.agent_version,
        keyStore: row.key_store,
        code: valid?.code ?? null,
        expires: valid?.expires ?? null,
        words: wordsOf(panel),
        firstSeen: row.first_seen,
        lastSeen: row.last_seen,
        isOnline: context.hub.isOnline(panel),
        isRejected: row.stage === 'rejected',
        isRevoked: row.stage === 'revoked',
        isConflict: row.stage === 'conflict',
        twins: [
          ...twinsOf(row, twins.machineId.get(row.machine_id), 'machine-id'),
          ...twinsOf(row, twins.mac.get(row.mac), 'mac'),
        ].slice(0, MOST_TWINS),
        registration: (row.mac === null ? undefined : registrations.get(row.mac)) ?? null,
      });
    });
}

export async function overview(context: Context): Promise<Omit<Overview, 'serverSettings' | 'alerts'>> {
  const { db } = context.store;
  const { count } = db.fn;
  const stages = await db
    .selectFrom('panels')
    .select(['stage', count('id').as('n')])
    .groupBy('stage')
    .execute();
  const inStage = (stage: PanelRow['stage']) => Number(stages.find(row => row.stage === stage)?.n ?? 0);
  const rooms = await db.selectFrom('rooms').select(count('id').as('n')).executeTakeFirstOrThrow();
  const free = await db
    .selectFrom('licence_keys')
    .select(count('id').as('n'))
    .where('state', '=', 'free')
    .executeTakeFirstOrThrow();
  return {
    rooms: Number(rooms.n),
    licenceKeysFree: Number(free.n),
    waitingPanels: inStage('waiting'),
    conflicts: inStage('conflict'),
  };
}

/** The panel is alive. Whether it is online is known in memory; this is for when it no longer is. */
export async function noteSeen(context: Context, panel: PanelId): Promise<void> {
  const columns = { last_seen: context.clock.now() };
  await context.store.db.updateTable('panels').set(columns).where('id', '=', panel).execute();
}

/** Unpaired panels that went away for good; keeps the list from filling up. */
export async function forgetOldPanels(context: Context): Promise<void> {
  await context.store.db
    .deleteFrom('panels')
    .where('room_id', 'is', null)
    .where('last_seen', '<', plus(context.clock.now(), FORGOTTEN_AFTER))
    .execute();
}

function groupBy<Key>(rows: readonly PanelWithRoom[], keyOf: (row: PanelWithRoom) => Key | null) {
  const groups = new Map<Key | null, PanelWithRoom[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function twinsOf(row: PanelWithRoom, group: readonly PanelWithRoom[] | undefined, shared: 'machine-id' | 'mac') {
  // One more than are told, as it may be among them itself; whatever the size of the group, no more are looked at.
  return (group ?? [])
    .slice(0, MOST_TWINS + 1)
    .filter(other => other.id !== row.id)
    .slice(0, MOST_TWINS)
    .map(other => ({ panel: other.id, shared, room: other.room_name }));
}
