/** Brings the stored rooms of one connection in line with its tenant's. Rooms that vanished are flagged and kept. */
import type { ImportOutcome } from '../../contract/wire/console.ts';
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { type DirectoryRead, readDirectory } from '../rooms/directory.ts';
import { type Failed, openTenantGraph } from '../rooms/tenant-graph.ts';
import { audit } from '../store/audit.ts';
import { type Db, isUniqueViolation } from '../store/store.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { told } from './room-changes.ts';
import { startRoomChecks } from './room-checks.ts';
import { storeRooms } from './store-rooms.ts';

/** `no-token`: nobody signed in yet, so nothing was tried. A failure is kept with the settings for the admin to see. */
export async function importRooms(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  connectionId: string,
  admin: string,
): Promise<ImportOutcome> {
  const tenant = await openTenantGraph(context, connections, tokens, connectionId);
  if (tenant.kind === 'no-token') return tenant;
  const read = tenant.kind === 'failed' ? tenant : await readDirectory(tenant.graph);
  if (read.kind === 'failed') return noteFailure(context, connectionId, read);
  const stored = await store(context, connectionId, read, admin);
  // Deleted while the tenant was asked.
  if (stored === null) return { kind: 'no-token' };
  const { added, updated, missing, panels } = stored;
  tellConfigs(context, panels);
  context.hub.topicsChanged('rooms', 'server-settings', 'set-up');
  context.log.info('rooms-imported', { connection: connectionId, added, updated, missing, skipped: read.skipped });
  if (read.lists.problem !== null) {
    context.log.warn('room-lists-unread', { connection: connectionId, detail: read.lists.problem });
  }
  startRoomChecks(context, connections, tokens, connectionId);
  return { kind: 'imported', added, updated, missing };
}

async function store(context: Context, connectionId: string, listed: DirectoryRead, admin: string) {
  const work = (tx: Db) => storeAndTell(context, tx, connectionId, listed, admin);
  try {
    return await context.store.transact(work);
  } catch (error) {
    // Somebody else added one of these addresses meanwhile; the second time it is seen.
    if (!isUniqueViolation(error)) throw error;
    return context.store.transact(work);
  }
}

async function storeAndTell(context: Context, tx: Db, connectionId: string, listed: DirectoryRead, admin: string) {
  const settings = await tx
    .updateTable('settings')
    .set({ import_problem: null })
    .where('id', '=', connectionId)
    .returning('default_zone')
    .executeTakeFirst();
  if (settings === undefined) return null;
  const { added, updated, missing, elsewhere, changes, changed } = await storeRooms(
    tx,
    { id: connectionId, zone: settings.default_zone },
    listed,
  );
  await audit(tx, context.clock, {
    actor: admin,
    action: 'rooms-imported',
    subject: connectionId,
    detail: {
      added,
      updated,
      missing,
      skipped: listed.skipped + elsewhere.length,
      ...(elsewhere.length === 0 ? {} : { inAnotherConnection: shortened(elsewhere) }),
      ...(listed.lists.problem === null ? {} : { roomListsUnread: listed.lists.problem }),
    },
  });
  const panels = await bumpConfigs(context, tx, changed, { what: 'rooms', actor: admin, changes: told(changes) });
  return { added, updated, missing, panels };
}

async function noteFailure(
  context: Context,
  connectionId: string,
  { problem, detail }: Failed,
): Promise<ImportOutcome> {
  await context.store.db
    .updateTable('settings')
    .set({ import_problem: JSON.stringify({ problem, detail }) })
    .where('id', '=', connectionId)
    .execute();
  context.hub.topicsChanged('server-settings');
  context.log.warn('rooms-import-failed', { connection: connectionId, problem, detail });
  return { kind: 'failed' };
}

const MOST_NAMED = 20;

function shortened(addresses: readonly string[]): string {
  const rest = addresses.length - MOST_NAMED;
  return addresses.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
