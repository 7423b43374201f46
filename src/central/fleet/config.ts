/** Target configurations: what each panel should run. */
import * as v from 'valibot';
import { type ConfigVersion, PanelConfig } from '../../contract/values/config.ts';
import { PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import type { Db } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { accessOf } from './config-access.ts';
import { changeOf } from './connection-changes.ts';
import { readPanelNews } from './panel-news.ts';
import { type Cause, writeRevision } from './policies-history.ts';
import { readLayers } from './policies-layers.ts';

export { type Cause, nextVersion } from './policies-history.ts';

/** What it takes to give panels another target. */
type Rewriter = Pick<Context, 'store' | 'clock' | 'log'>;

const StoredConfig = v.pipe(v.string(), v.parseJson(), PanelConfig);

/** Null while something that it is made of is missing, and for a panel that is not paired. */
export async function targetConfig(context: Context, panel: PanelId): Promise<PanelConfig | null> {
  const text = (await readPanelNews(context, [panel])).get(panel)?.config() ?? null;
  return text === null ? null : v.parse(StoredConfig, text);
}

/**
 * Something that configurations are made of changed for paired panels: all, or those of these rooms. They get a new
 * target version, and history a line; when there are none, nothing is written. Answers which; tell them after the commit.
 */
export async function bumpConfigs(
  context: Rewriter,
  tx: Db,
  rooms: 'all' | readonly RoomId[],
  cause: Cause,
): Promise<PanelId[]> {
  if (rooms !== 'all' && rooms.length === 0) return [];
  const paired = tx.selectFrom('panels').select('id').where('stage', '=', 'paired');
  const rows = await (rooms === 'all' ? paired : paired.where('room_id', 'in', rooms)).execute();
  if (rows.length === 0) return [];
  const layers = await readLayers(context, tx);
  const version = await writeRevision(context, tx, cause, layers, layers);
  const panels = rows.map(row => v.parse(PanelId, row.id));
  await setTargets(context, tx, panels, version);
  return panels;
}

export async function setTargets(
  context: Pick<Context, 'clock'>,
  tx: Db,
  panels: readonly PanelId[],
  version: ConfigVersion,
): Promise<void> {
  if (panels.length === 0) return;
  await tx
    .updateTable('panels')
    .set({ config_version: version, config_since: context.clock.now() })
    .where('id', 'in', panels)
    .execute();
}

export function tellConfigs(context: Context, panels: readonly PanelId[]): void {
  context.hub.panelsChanged(panels);
  if (panels.length > 0) context.hub.topicsChanged('rooms', 'general-settings');
}

/**
 * Another account signed in, or none is left (null): where rooms are invited in its name, the configurations that say so
 * follow. Tell the connection's panels after the commit.
 */
export async function followAccount(
  context: Rewriter,
  tx: Db,
  settings: SettingsRow,
  [before, after]: readonly [string | null, string | null],
  actor: string,
): Promise<void> {
  if (JSON.stringify(accessOf(settings, before)) === JSON.stringify(accessOf(settings, after))) return;
  const rows = await tx.selectFrom('rooms').select('id').where('connection_id', '=', settings.id).execute();
  const rooms = rows.map(row => v.parse(RoomId, row.id));
  const [was, is] = [before, after].map(account => account && JSON.stringify(account));
  const changes = [changeOf(settings.name, 'account', was ?? null, is ?? null)];
  await bumpConfigs(context, tx, rooms, { what: 'connection', actor, changes });
}

/** Panels in this connection's rooms look at their state again: another grant, or none, or another account. */
export async function tellConnection(context: Context, connection: string): Promise<void> {
  const rows = await context.store.db
    .selectFrom('panels')
    .innerJoin('rooms', 'rooms.id', 'panels.room_id')
    .select('panels.id')
    .where('rooms.connection_id', '=', connection)
    .execute();
  tellConfigs(
    context,
    rows.map(row => v.parse(PanelId, row.id)),
  );
}
