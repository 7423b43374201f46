/** Panel rows, and the domain's values in them. */
import * as v from 'valibot';
import { ConfigVersion } from '../../contract/values/config.ts';
import { PanelId } from '../../contract/values/ids.ts';
import { Instant } from '../../contract/values/time.ts';
import type { BootBook } from '../domain/identity.ts';
import type { PairingCode } from '../domain/pairing-code.ts';
import type { PanelFacts } from '../domain/panel-state.ts';
import type { Db } from './store.ts';
import type { PanelRow } from './tables.ts';

const Strings = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/** A panel, and which grant its tokens come from: none where central asks for its calendar (relay). */
export type PanelWithGrant = PanelRow & { grant_id: string | null };

const withGrants = (db: Db) =>
  db
    .selectFrom('panels')
    .leftJoin('rooms', 'rooms.id', 'panels.room_id')
    .leftJoin('settings', join =>
      join.onRef('settings.id', '=', 'rooms.connection_id').on('settings.access', '=', 'direct'),
    )
    .leftJoin('grants', 'grants.id', 'settings.id')
    .select('grants.grant_id');

export function findPanel(db: Db, id: PanelId): Promise<PanelWithGrant | undefined> {
  return withGrants(db).selectAll('panels').where('panels.id', '=', id).executeTakeFirst();
}

const TARGET = [
  'panels.id',
  'panels.name',
  'panels.stage',
  'panels.code',
  'panels.code_expires',
  'panels.room_id',
  'panels.config_version',
  'panels.running_version',
] as const;

/** What panels are told of themselves, and what they run: for many at once no more than that. */
export function findTargets(db: Db, ids: readonly PanelId[]) {
  return withGrants(db).select(TARGET).where('panels.id', 'in', ids).execute();
}
export type PanelTarget = Awaited<ReturnType<typeof findTargets>>[number];

type FactColumns = Pick<PanelWithGrant, 'id' | 'stage' | 'code' | 'code_expires' | 'config_version' | 'grant_id'>;

export function factsOf(row: FactColumns): PanelFacts {
  return {
    id: v.parse(PanelId, row.id),
    stage: row.stage,
    code: codeOf(row),
    configVersion: v.parse(ConfigVersion, row.config_version),
    grant: row.grant_id,
  };
}

export function codeOf(row: Pick<PanelRow, 'code' | 'code_expires'>): PairingCode | null {
  if (row.code === null || row.code_expires === null) return null;
  return { code: row.code, expires: v.parse(Instant, row.code_expires) };
}

export function bootBookOf(row: PanelRow): BootBook {
  return { current: row.boot, superseded: stringsOf(row.superseded_boots), starts: row.starts };
}

export function bootBookColumns(book: BootBook) {
  return { boot: book.current, superseded_boots: JSON.stringify(book.superseded), starts: book.starts };
}

/** A JSON array of strings from a column. */
export function stringsOf(json: string): string[] {
  return v.parse(Strings, json);
}
