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

export function findPanel(db: Db, id: PanelId): Promise<PanelRow | undefined> {
  return db.selectFrom('panels').selectAll().where('id', '=', id).executeTakeFirst();
}

export function factsOf(row: PanelRow): PanelFacts {
  return {
    id: v.parse(PanelId, row.id),
    stage: row.stage,
    code: codeOf(row),
    configVersion: v.parse(ConfigVersion, row.config_version),
  };
}

export function codeOf(row: PanelRow): PairingCode | null {
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
