/** Target configurations: what each panel should run. */
import * as v from 'valibot';
import { DEFAULT_POLICY, PanelConfig, Policy } from '../../contract/values/config.ts';
import { PanelId, type RoomId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { DEFAULT_ID, type PanelRow } from '../store/tables.ts';
import { toRoom } from './rooms.ts';

const StoredPolicy = v.pipe(v.string(), v.parseJson(), Policy);

/** Null while something that it is made of is missing. Read as one, so that version and content belong together. */
export function targetConfig(context: Context, panel: string): Promise<PanelConfig | null> {
  return context.store.transact(async tx => {
    const row = await tx.selectFrom('panels').selectAll().where('id', '=', panel).executeTakeFirst();
    return row === undefined ? null : configOf(tx, row);
  });
}

async function configOf(tx: Db, panel: PanelRow): Promise<PanelConfig | null> {
  if (panel.stage !== 'paired' || panel.room_id === null) return null;
  const room = await tx.selectFrom('rooms').selectAll().where('id', '=', panel.room_id).executeTakeFirst();
  const settings = await tx.selectFrom('settings').selectAll().where('id', '=', DEFAULT_ID).executeTakeFirst();
  if (room === undefined || settings === undefined) return null;
  return v.parse(PanelConfig, {
    version: panel.config_version,
    room: toRoom(room),
    access: { kind: 'direct-graph', graphBase: settings.graph_base },
    policy: await readPolicy(tx),
    extraCa: settings.extra_ca,
  });
}

export async function readPolicy(db: Db): Promise<Policy> {
  const row = await db.selectFrom('policies').select('body').where('id', '=', DEFAULT_ID).executeTakeFirst();
  return row === undefined ? DEFAULT_POLICY : v.parse(StoredPolicy, row.body);
}

/** One policy for every panel, until the console can edit them by group. Pushed at once. */
export async function setPolicy(context: Context, policy: Policy, admin: string): Promise<void> {
  const body = JSON.stringify(policy);
  const panels = await context.store.transact(async tx => {
    await tx
      .insertInto('policies')
      .values({ id: DEFAULT_ID, body })
      .onConflict(c => c.column('id').doUpdateSet({ body }))
      .execute();
    await audit(tx, context.clock, { actor: admin, action: 'policy-set', subject: DEFAULT_ID });
    return bumpConfigs(tx, 'all');
  });
  tellConfigs(context, panels);
}

/** Raises the target version of paired panels: all, or those of these rooms. Answers which; tell them after the commit. */
export async function bumpConfigs(tx: Db, rooms: 'all' | readonly RoomId[]): Promise<PanelId[]> {
  if (rooms !== 'all' && rooms.length === 0) return [];
  const update = tx
    .updateTable('panels')
    .set(set => ({ config_version: set('config_version', '+', 1) }))
    .where('stage', '=', 'paired');
  const rows = await (rooms === 'all' ? update : update.where('room_id', 'in', rooms)).returning('id').execute();
  return rows.map(row => v.parse(PanelId, row.id));
}

export function tellConfigs(context: Context, panels: readonly PanelId[]): void {
  context.hub.panelsChanged(panels);
  if (panels.length > 0) context.hub.topicsChanged('rooms');
}
