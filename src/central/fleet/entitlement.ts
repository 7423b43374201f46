/** The vendor's licence file: how many seats there are, and until when. */
import type { KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { Entitlement, type LicenceStatus } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { type LicenceState, licenceState, readLicence, seatsOf } from '../domain/licence-file.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { type Refusal, refused } from './refusal.ts';

const NAME = 'licence';
/** Checked when it was put here. Whoever can write into the database can take it out as well, so it is not checked again. */
const Stored = v.pipe(v.string(), v.parseJson(), v.object({ entitlement: Entitlement, file: v.string() }));

export async function readLicenceState(context: Context, db: Db): Promise<LicenceState> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', NAME).executeTakeFirst();
  const entitlement = row === undefined ? null : v.parse(Stored, row.value).entitlement;
  return licenceState(entitlement, context.clock.now());
}

export async function licenceStatus(context: Context, db: Db = context.store.db): Promise<LicenceStatus> {
  const state = await readLicenceState(context, db);
  return {
    state: state.kind,
    entitlement: state.kind === 'none' ? null : state.entitlement,
    graceUntil: state.kind === 'grace' ? state.until : null,
    seatsUsed: await countSeatsUsed(db),
    keys: await countKeys(db),
  };
}

/** The new file replaces the old one. `keys`: the vendor's public keys. */
export async function putLicence(
  context: Context,
  keys: readonly KeyObject[],
  file: string,
  admin: string,
): Promise<{ kind: 'status'; status: LicenceStatus } | Refusal> {
  const read = readLicence(file, keys);
  if (read.kind === 'not-believed') {
    context.log.warn('licence-file-refused', { why: read.why, admin });
    return refused('licence-invalid', `This licence file is not believed: ${read.why}.`);
  }
  const { licenceId, customer, seats, expires } = read.entitlement;
  const value = JSON.stringify({ entitlement: read.entitlement, file });
  const status = await context.store.transact(async tx => {
    await tx
      .insertInto('meta')
      .values({ name: NAME, value })
      .onConflict(c => c.column('name').doUpdateSet({ value }))
      .execute();
    const detail = { customer, seats, expires };
    await audit(tx, context.clock, { actor: admin, action: 'licence-imported', subject: licenceId, detail });
    return licenceStatus(context, tx);
  });
  context.hub.topicsChanged('licence-keys');
  return { kind: 'status', status };
}

export async function deleteLicence(context: Context, admin: string): Promise<LicenceStatus> {
  const status = await context.store.transact(async tx => {
    const gone = await tx.deleteFrom('meta').where('name', '=', NAME).executeTakeFirst();
    if (gone.numDeletedRows > 0n) {
      await audit(tx, context.clock, { actor: admin, action: 'licence-deleted', subject: NAME });
    }
    return licenceStatus(context, tx);
  });
  context.hub.topicsChanged('licence-keys');
  return status;
}

/** Why no further panel may be paired; null when it may. */
export async function whyNoSeat(context: Context, tx: Db): Promise<Refusal | null> {
  const state = await readLicenceState(context, tx);
  const seats = seatsOf(state);
  if (seats === null) return null;
  if (state.kind === 'lapsed') return refused('no-seats', 'The licence has lapsed. Import a new licence file first.');
  if (state.kind === 'not-yet') return refused('no-seats', 'The licence is not valid yet. It begins at a later date.');
  if ((await countSeatsUsed(tx)) < seats) return null;
  return refused(
    'no-seats',
    `All ${seats} seats of the licence are in use. Unpair a panel, or import a larger licence.`,
  );
}

/** Why these many more keys may not be made; null when they may. */
export async function whyNoKeys(context: Context, tx: Db, more: number): Promise<Refusal | null> {
  const state = await readLicenceState(context, tx);
  if (state.kind === 'none') return null;
  const { seats } = state.entitlement;
  const keys = await countKeys(tx);
  if (keys + more <= seats) return null;
  const left = Math.max(0, seats - keys);
  const may = left === 0 ? 'no more can be made' : left === 1 ? 'one more can be made' : `${left} more can be made`;
  return refused('no-seats', `The licence has ${seats} seats and there are ${keys} keys: ${may}.`);
}

/** Panels that have a room. */
export async function countSeatsUsed(db: Db): Promise<number> {
  const { countAll } = db.fn;
  const row = await db
    .selectFrom('panels')
    .select(countAll().as('n'))
    .where('room_id', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Licence keys that are free or in use. */
async function countKeys(db: Db): Promise<number> {
  const { countAll } = db.fn;
  const row = await db
    .selectFrom('licence_keys')
    .select(countAll().as('n'))
    .where('state', '!=', 'revoked')
    .executeTakeFirstOrThrow();
  return Number(row.n);
}
