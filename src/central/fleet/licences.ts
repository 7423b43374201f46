/** Licence keys: made, listed and revoked. */
import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import { LicenceKeyRow, type NewLicenceKeys } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { issueLicenceKey } from '../domain/licence.ts';
import { newId, randomBelow } from '../random.ts';
import { audit } from '../store/audit.ts';
import type { Db } from '../store/store.ts';
import { whyNoKeys } from './entitlement.ts';
import { markRevoked, tell, whileUnique } from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

type Made = { kind: 'made' } & v.InferOutput<typeof NewLicenceKeys>;

/** The keys in clear, this once; only their hashes are stored. */
export async function makeLicenceKeys(
  context: Context,
  count: number,
  note: string,
  admin: string,
): Promise<Made | Refusal> {
  const issued = Array.from({ length: count }, () => ({ id: newId(), ...issueLicenceKey(randomBelow) }));
  const created = context.clock.now();
  const outcome = await whileUnique<Made>(context, async tx => {
    const no = await whyNoKeys(context, tx, count);
    if (no !== null) return no;
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
    return { kind: 'made', keys: issued.map(({ id, key }) => ({ id, key: String(key) })) };
  });
  if (outcome.kind === 'made') context.hub.topicsChanged('licence-keys');
  return outcome;
}

export async function listLicenceKeys(db: Db): Promise<LicenceKeyRow[]> {
  const rows = await selectKeys(db).orderBy('licence_keys.created', 'desc').orderBy('licence_keys.id').execute();
  return rows.map(toRow);
}

/** The panel under it loses its room and everything else at once; a registration goes on with any free key. */
export async function revokeLicenceKey(
  context: Context,
  id: string,
  admin: string,
): Promise<{ kind: 'revoked'; row: LicenceKeyRow } | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const key = await tx.selectFrom('licence_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (key === undefined) return refused('key-unknown', 'There is no such licence key.');
    const panel = key.panel_id === null ? null : v.parse(PanelId, key.panel_id);
    if (panel !== null) await markRevoked(tx, panel);
    await tx.updateTable('licence_keys').set({ state: 'revoked', panel_id: null }).where('id', '=', id).execute();
    await tx.updateTable('registrations').set({ licence_key_id: null }).where('licence_key_id', '=', id).execute();
    if (key.state !== 'revoked') {
      await audit(tx, context.clock, { actor: admin, action: 'licence-key-revoked', subject: id, detail: { panel } });
    }
    const row = await selectKeys(tx).where('licence_keys.id', '=', id).executeTakeFirstOrThrow();
    return { kind: 'revoked' as const, panel, row: toRow(row) };
  });
  if (outcome.kind === 'refused') return outcome;
  tell(context, ...(outcome.panel === null ? [] : [outcome.panel]));
  return { kind: 'revoked', row: outcome.row };
}

function selectKeys(db: Db) {
  return db
    .selectFrom('licence_keys')
    .leftJoin('panels', 'panels.id', 'licence_keys.panel_id')
    .leftJoin('registrations', 'registrations.licence_key_id', 'licence_keys.id')
    .leftJoin('rooms as used', 'used.id', 'panels.room_id')
    .leftJoin('rooms as kept', 'kept.id', 'registrations.room_id')
    .select(['licence_keys.id', 'hint', 'note', 'licence_keys.created', 'state'])
    .select(['used.name as used_in', 'kept.name as kept_for'])
    .select(['panels.id as panel', 'panels.name', 'panels.hostname', 'panels.mac']);
}

type KeyWithUse = Awaited<ReturnType<ReturnType<typeof selectKeys>['executeTakeFirstOrThrow']>>;

function toRow({ panel, name, hostname, mac, used_in, kept_for, ...key }: KeyWithUse): LicenceKeyRow {
  return v.parse(LicenceKeyRow, {
    ...key,
    room: used_in ?? kept_for,
    panel: panel === null ? null : { id: panel, name, hostname, mac },
  });
}
