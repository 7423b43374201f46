/** Brings the stored rooms in line with the tenant's. Rooms that vanished are flagged and kept. */
import * as v from 'valibot';
import { type RoomId, RoomId as RoomIdSchema } from '../../contract/values/ids.ts';
import type { ZoneName } from '../../contract/values/time.ts';
import type { Connections } from '../consent/connections.ts';
import { type ListedRoom, type RoomsRead, readRooms } from '../consent/graph-rooms.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { DEFAULT_ID, type RoomRecord } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';

export type Counts = { added: number; updated: number; missing: number };

/** Null: there is no token yet, so nothing was tried. A failure is kept with the settings for the admin to see. */
export async function importRooms(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  zone: ZoneName,
  admin: string,
): Promise<Counts | null> {
  const status = await tokens.status();
  if (status.kind === 'none') return null;
  const read = await readWithToken(connections, tokens);
  if (read.kind === 'failed') {
    await noteProblem(context, { problem: read.problem, detail: read.detail });
    context.log.warn('rooms-import-failed', { problem: read.problem, detail: read.detail });
    return { added: 0, updated: 0, missing: 0 };
  }
  const { counts, panels } = await context.store.transact(async tx => {
    const { changed, ...stored } = await storeRooms(tx, read.rooms, zone);
    const detail = { ...stored, skipped: read.skipped };
    await audit(tx, context.clock, { actor: admin, action: 'rooms-imported', subject: DEFAULT_ID, detail });
    return { counts: stored, panels: await bumpConfigs(tx, changed) };
  });
  await noteProblem(context, null);
  tellConfigs(context, panels);
  context.hub.topicsChanged('rooms', 'server-settings');
  context.log.info('rooms-imported', { ...counts, skipped: read.skipped });
  return counts;
}

async function readWithToken(connections: Connections, tokens: Tokens): Promise<RoomsRead> {
  const token = await tokens.accessToken({ isRefused: false });
  if (token.kind === 'none') {
    const problem =
      token.why === 'sign-in-needed' ? 'sign-in-needed' : token.why === 'throttled' ? 'throttled' : 'no-token';
    return { kind: 'failed', problem, detail: `no access token: ${token.detail}` };
  }
  const current = await connections.current();
  if (current === null) return { kind: 'failed', problem: 'no-token', detail: 'the settings are incomplete' };
  return readRooms(current.connection.fetch, current.settings.graph_base, token.accessToken);
}

/** Answers with the counts, and with the ids of the rooms that changed. */
export async function storeRooms(tx: Db, listed: readonly ListedRoom[], zone: ZoneName) {
  const before = new Map((await tx.selectFrom('rooms').selectAll().execute()).map(row => [row.address, row]));
  const changed: RoomId[] = [];
  let added = 0;
  for (const room of listed) {
    const columns = { ...room, zone, is_missing: 0 };
    const old = before.get(room.address);
    before.delete(room.address);
    if (old === undefined) {
      added++;
      await tx
        .insertInto('rooms')
        .values({ id: newId(), ...columns })
        .execute();
    } else if (isDifferent(old, columns)) {
      changed.push(v.parse(RoomIdSchema, old.id));
      await tx.updateTable('rooms').set(columns).where('id', '=', old.id).execute();
    }
  }
  for (const gone of before.values()) {
    if (gone.is_missing === 0) await tx.updateTable('rooms').set({ is_missing: 1 }).where('id', '=', gone.id).execute();
  }
  return { added, updated: changed.length, missing: before.size, changed };
}

function isDifferent(old: RoomRecord, now: Omit<RoomRecord, 'id'>): boolean {
  const { id: _, ...before } = old;
  const fields: (keyof typeof before)[] = ['address', 'name', 'zone', 'capacity', 'building', 'floor', 'is_missing'];
  return fields.some(field => before[field] !== now[field]);
}

async function noteProblem(context: Context, problem: { problem: string; detail: string } | null): Promise<void> {
  const body = problem === null ? null : JSON.stringify(problem);
  await context.store.db.updateTable('settings').set({ import_problem: body }).where('id', '=', DEFAULT_ID).execute();
}
