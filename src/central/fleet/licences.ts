/** Licence keys: made, listed, revoked, and typed on a panel. */
import * as v from 'valibot';
import { type PanelId, PanelId as PanelIdSchema } from '../../contract/values/ids.ts';
import { Instant } from '../../contract/values/time.ts';
import type { LicenceKeyRow } from '../../contract/wire/console.ts';
import { LicenceAnswer, type LicenceRequest } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { issueLicenceKey, licenceKeyHash } from '../domain/licence.ts';
import { newId, randomBelow } from '../random.ts';
import { audit } from '../store/audit.ts';
import { findPanel } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import { NOTHING_RUNS, pair, whileUnique } from './pairing.ts';
import { type Refusal, refused } from './refusal.ts';
import { openRooms } from './rooms.ts';

/** The keys in clear, this once; only their hashes are stored. */
export async function makeLicenceKeys(context: Context, count: number, note: string, admin: string) {
  const issued = Array.from({ length: count }, () => ({ id: newId(), ...issueLicenceKey(randomBelow) }));
  const created = context.clock.now();
  await context.store.transact(async tx => {
    const rows = issued.map(({ id, hash, hint }) => ({
      id,
      hash,
      hint,
      note,
      created,
      state: 'free' as const,
      panel_id: null,
    }));
    await tx.insertInto('licence_keys').values(rows).execute();
    const entry = { actor: admin, action: 'licence-keys-made', subject: note, detail: { count } };
    await audit(tx, context.clock, entry);
  });
  context.hub.topicsChanged('licence-keys');
  return { keys: issued.map(({ id, key }) => ({ id, key: String(key) })) };
}

export async function listLicenceKeys(db: Db): Promise<LicenceKeyRow[]> {
  const rows = await selectKeys(db).orderBy('licence_keys.created', 'desc').orderBy('licence_keys.id').execute();
  return rows.map(row => ({ ...row, created: v.parse(Instant, row.created) }));
}

/** The panel under it loses its room and everything else at once. */
export async function revokeLicenceKey(
  context: Context,
  id: string,
  admin: string,
): Promise<{ kind: 'revoked'; row: LicenceKeyRow } | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const key = await tx.selectFrom('licence_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (key === undefined) return refused('key-unknown', 'There is no such licence key.');
    const panel = key.panel_id === null ? null : v.parse(PanelIdSchema, key.panel_id);
    if (panel !== null) {
      await tx
        .updateTable('panels')
        .set({ ...NOTHING_RUNS, stage: 'revoked', room_id: null, code: null, code_expires: null })
        .where('id', '=', panel)
        .execute();
    }
    await tx.updateTable('licence_keys').set({ state: 'revoked', panel_id: null }).where('id', '=', id).execute();
    if (key.state !== 'revoked') {
      await audit(tx, context.clock, { actor: admin, action: 'licence-key-revoked', subject: id, detail: { panel } });
    }
    const row = await selectKeys(tx).where('licence_keys.id', '=', id).executeTakeFirstOrThrow();
    return { kind: 'revoked' as const, panel, row: { ...row, created: v.parse(Instant, row.created) } };
  });
  if (outcome.kind === 'refused') return outcome;
  if (outcome.panel !== null) context.hub.panelsChanged([outcome.panel]);
  context.hub.topicsChanged('licence-keys', 'rooms', 'free-macs');
  return { kind: 'revoked', row: outcome.row };
}

/** A key typed on a panel. Without a room it answers which rooms are open; with one it pairs. Safe to repeat. */
export async function redeemLicenceKey(
  context: Context,
  panel: PanelId,
  request: LicenceRequest,
): Promise<LicenceAnswer | Refusal> {
  const outcome = await whileUnique(context, async tx => redeemInside(context, tx, panel, request));
  if (outcome.kind === 'paired') {
    context.hub.panelsChanged([panel]);
    context.hub.topicsChanged('free-macs', 'rooms', 'licence-keys');
  }
  return outcome.kind === 'refused' && 'code' in outcome && outcome.code === 'room-taken' ? no('room-taken') : outcome;
}

const no = (why: Extract<LicenceAnswer, { kind: 'refused' }>['why']): LicenceAnswer => ({ kind: 'refused', why });

async function redeemInside(
  context: Context,
  tx: Db,
  panel: PanelId,
  { key, room }: LicenceRequest,
): Promise<LicenceAnswer | Refusal> {
  const row = await findPanel(tx, panel);
  if (row === undefined || row.stage === 'conflict') return refused('not-enrolled', 'This panel must enrol first.');
  const stored = await tx
    .selectFrom('licence_keys')
    .select(['id', 'state', 'panel_id'])
    .where('hash', '=', licenceKeyHash(key))
    .executeTakeFirst();
  if (stored === undefined) return no('key-unknown');
  if (stored.state === 'revoked') return no('key-revoked');
  const isOwn = stored.panel_id === panel;
  if (stored.state === 'used' && !isOwn) return no('key-in-use');
  if (row.stage === 'paired') {
    if (isOwn && (room === null || room === row.room_id)) {
      return v.parse(LicenceAnswer, { kind: 'paired', configVersion: row.config_version });
    }
    return refused('already-paired', 'This panel is paired already.');
  }
  if (room === null) return { kind: 'choose-room', rooms: await openRooms(tx) };
  const outcome = await pair(context, tx, row, room, stored.id, panel);
  return outcome.kind === 'paired' ? v.parse(LicenceAnswer, outcome) : outcome;
}

function selectKeys(db: Db) {
  return db
    .selectFrom('licence_keys')
    .leftJoin('panels', 'panels.id', 'licence_keys.panel_id')
    .leftJoin('rooms', 'rooms.id', 'panels.room_id')
    .select(['licence_keys.id', 'hint', 'note', 'created', 'state', 'rooms.name as room']);
}
