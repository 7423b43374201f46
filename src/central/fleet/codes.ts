/** Pairing codes in the database. */
import { sql } from 'kysely';
import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import { makePairingCode, type PairingCode } from '../domain/pairing-code.ts';
import { randomBelow } from '../random.ts';
import type { Db } from '../store/store.ts';
import type { CodeHolder } from './code-desk.ts';

/** A new code for this panel, as long as the others that are valid now demand. */
export async function mintCode(context: Context, tx: Db, panel: PanelId): Promise<PairingCode> {
  const now = context.clock.now();
  const { countAll } = tx.fn;
  const rows = await tx
    .selectFrom('panels')
    .select([sql<number>`length(code)`.as('letters'), countAll().as('n')])
    .where('stage', '=', 'waiting')
    .where('code_expires', '>', now)
    // Its own code ends with this one.
    .where('id', '!=', panel)
    .groupBy(sql`length(code)`)
    .execute();
  const lengths = rows.flatMap(row => Array.from({ length: Number(row.n) }, () => Number(row.letters)));
  return makePairingCode(randomBelow, lengths, now);
}

/** Every panel whose code is valid now; or those of them that report this MAC. */
export async function codeHolders(context: Context, mac?: string): Promise<CodeHolder[]> {
  const all = context.store.db
    .selectFrom('panels')
    .select(['id', 'code'])
    .where('stage', '=', 'waiting')
    .where('code', 'is not', null)
    .where('code_expires', '>', context.clock.now());
  const rows = await (mac === undefined ? all : all.where('mac', '=', mac)).execute();
  return rows.map(row => ({ panel: v.parse(PanelId, row.id), code: row.code ?? '' }));
}
