/** Versions: every change that panels had to follow is a revision with a number of its own. */
import * as v from 'valibot';
import { ConfigVersion } from '../../contract/values/config.ts';
import type { PolicyLayer } from '../../contract/values/policy-cascade.ts';
import { Revision } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import type { Db } from '../store/store.ts';

/** What made panels follow; becomes a revision. */
export type Cause = {
  what: Revision['what'];
  /** The admin's name, or `central`. */
  actor: string;
  backTo?: number;
  changes: readonly Revision['changes'][number][];
};

/** Of each kind: a day of panels being moved about must not push out what the settings were. */
const MOST_LISTED = 200;
const MOST_KEPT = 500;
const OF_SETTINGS: readonly Revision['what'][] = ['settings', 'roll-back'];

/**
 * A version that no panel and no revision has had: greater than all of them. For whoever gives a panel its first target
 * (pairing, replacing); several panels of one transaction may share it.
 */
export async function nextVersion(tx: Db): Promise<ConfigVersion> {
  const { max } = tx.fn;
  const targets = tx.selectFrom('panels').select(max('config_version').as('newest'));
  const target = await targets.executeTakeFirstOrThrow();
  return v.parse(ConfigVersion, Math.max(await newestRevision(tx), Number(target.newest ?? 0)) + 1);
}

/** 0 before anything was ever saved. */
export async function newestRevision(db: Db): Promise<number> {
  const { max } = db.fn;
  const row = await db.selectFrom('revisions').select(max('version').as('newest')).executeTakeFirstOrThrow();
  return Number(row.newest ?? 0);
}

/** The newest one that changed settings, which others' saves must have been based on. */
export async function newestOfSettings(db: Db): Promise<number> {
  const { max } = db.fn;
  const row = await ofSettings(db).select(max('version').as('newest')).executeTakeFirstOrThrow();
  return Number(row.newest ?? 0);
}

/**
 * Writes the revision and answers with its version. Before the first one ever, what was there is kept as version 0, as
 * installed, so that there is a way back to it.
 */
export async function writeRevision(
  context: Pick<Context, 'clock'>,
  tx: Db,
  cause: Cause,
  before: readonly PolicyLayer[],
  after: readonly PolicyLayer[],
): Promise<ConfigVersion> {
  const version = await nextVersion(tx);
  const at = context.clock.now();
  const first = await tx.selectFrom('revisions').select('version').limit(1).executeTakeFirst();
  if (first === undefined) {
    const installed = { version: 0, at, actor: 'central', what: 'settings', back_to: null, changes: '[]' } as const;
    await tx
      .insertInto('revisions')
      .values({ ...installed, snapshot: JSON.stringify(before) })
      .execute();
  }
  await tx
    .insertInto('revisions')
    .values({
      version,
      at,
      actor: cause.actor,
      what: cause.what,
      back_to: cause.backTo ?? null,
      changes: JSON.stringify(cause.changes),
      snapshot: JSON.stringify(after),
    })
    .execute();
  return version;
}

const ofSettings = (db: Db) => db.selectFrom('revisions').where('what', 'in', OF_SETTINGS);
const ofTheRest = (db: Db) => db.selectFrom('revisions').where('what', 'not in', OF_SETTINGS);
const KINDS = [ofSettings, ofTheRest];

/** Newest first; how far the panels are is counted now. */
export async function listRevisions(db: Db): Promise<Revision[]> {
  const newest = KINDS.map(kind => {
    const columns = kind(db).select(['version', 'at', 'actor', 'what', 'back_to', 'changes']);
    return columns.orderBy('version', 'desc').limit(MOST_LISTED).execute();
  });
  const rows = (await Promise.all(newest)).flat().sort((a, b) => b.version - a.version);
  const panels = await countPanels(db);
  const nobody = { target: 0, running: 0, refused: 0 };
  return rows.map(row =>
    v.parse(Revision, {
      version: row.version,
      at: row.at,
      by: row.actor,
      what: row.what,
      backTo: row.back_to,
      changes: JSON.parse(row.changes),
      panels: panels.get(row.version) ?? nobody,
    }),
  );
}

async function countPanels(db: Db): Promise<Map<number, Revision['panels']>> {
  const rows = await db
    .selectFrom('panels')
    .select(['config_version', 'running_version', 'config_refused_version'])
    .where('stage', '=', 'paired')
    .execute();
  const counts = new Map<number, Revision['panels']>();
  for (const { config_version, running_version, config_refused_version } of rows) {
    const count = counts.get(config_version) ?? { target: 0, running: 0, refused: 0 };
    count.target++;
    if (running_version === config_version) count.running++;
    else if (config_refused_version === config_version) count.refused++;
    counts.set(config_version, count);
  }
  return counts;
}

/** Takes out what is older than the newest 500 that changed settings, and than the newest 500 of the rest. */
export async function forgetOldRevisions(context: Context): Promise<void> {
  await context.store.transact(async tx => {
    for (const kind of KINDS) {
      const versions = kind(tx).select('version').orderBy('version', 'desc');
      const firstTooOld = await versions.offset(MOST_KEPT).limit(1).executeTakeFirst();
      if (firstTooOld === undefined) continue;
      const old = kind(tx).select('version').where('version', '<=', firstTooOld.version);
      await tx.deleteFrom('revisions').where('version', 'in', old).execute();
    }
  });
}
