/** Which panels get a room: admins approve, confirm and reject; and take it back. */
import * as v from 'valibot';
import { type PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Approval } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { EMPTY_BOOT_BOOK } from '../domain/identity.ts';
import { audit } from '../store/audit.ts';
import { bootBookColumns, findPanel } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import type { PanelRow } from '../store/tables.ts';
import { mintCode } from './codes.ts';
import {
  changePanel,
  type Done,
  dropRegistration,
  freeKeyOf,
  NOTHING_RUNS,
  type Paired,
  pair,
  panelUnknown,
  tellPaired,
  whileUnique,
  whyNotApprovable,
} from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

/** An admin says yes to a panel whose code is still valid. A code given was tried at the desk (code-desk.ts) before. */
export async function approve(
  context: Context,
  panel: PanelId,
  { room, licenceKeyId, code }: Approval,
  admin: string,
): Promise<Paired | Refusal> {
  const outcome = await whileUnique<Paired>(context, async tx => {
    const row = await findPanel(tx, panel);
    if (row === undefined) return panelUnknown();
    const why = whyNotApprovable(row, code ?? null, context);
    if (why !== null) return why;
    const paired = await pair(context, tx, row, room, { pick: licenceKeyId }, admin);
    // Whatever its MAC was registered for, an admin decided otherwise.
    if (paired.kind === 'paired') await dropRegistration(context, tx, row.mac, admin);
    return paired;
  });
  tellPaired(context, panel, outcome);
  return outcome;
}

/** With the room and key that its MAC was registered for. The code was tried at the desk before. */
export async function pairRegistered(
  context: Context,
  panel: PanelId,
  code: string,
  actor: string,
  options: { isGlassRead: boolean },
): Promise<Paired | Refusal> {
  const outcome = await whileUnique<Paired>(context, async tx => {
    const row = await findPanel(tx, panel);
    if (row === undefined) return panelUnknown();
    const why = whyNotApprovable(row, code, context);
    if (why !== null) return why;
    const found = tx
      .selectFrom('registrations')
      .selectAll()
      .where('mac', '=', row.mac ?? '');
    const registration = await found.executeTakeFirst();
    if (registration === undefined) {
      return refused('not-registered', 'Nothing is registered for the MAC address of this panel.');
    }
    if (!options.isGlassRead && (await isMacShared(tx, row))) {
      return refused(
        'mac-shared',
        'Several waiting panels report this MAC address, so one of them is a copy. Type the code that stands on the right glass.',
      );
    }
    return pair(context, tx, row, v.parse(RoomId, registration.room_id), { pick: registration.licence_key_id }, actor);
  });
  tellPaired(context, panel, outcome);
  return outcome;
}

/** An admin says no to a panel that waits. It may ask again, with a new code. */
export function reject(context: Context, panel: PanelId, admin: string): Promise<Done | Refusal> {
  return changePanel(context, panel, async (tx, row) => {
    if (row.stage === 'paired') return refused('already-paired', 'This panel is paired. Unpair it instead.');
    if (row.stage === 'conflict') {
      return refused('identity-conflict', 'Two running panels use this identity. Unpair it to start anew.');
    }
    if (row.stage === 'revoked') return { kind: 'done' };
    const columns = { stage: 'rejected', code: null, code_expires: null } as const;
    await tx.updateTable('panels').set(columns).where('id', '=', panel).execute();
    await audit(tx, context.clock, { actor: admin, action: 'panel-rejected', subject: panel });
    return { kind: 'done' };
  });
}

/** Back to Free MACs with a new code; the licence key is free again, and what was known of its starts is forgotten. */
export function unpair(context: Context, panel: PanelId, admin: string): Promise<Done | Refusal> {
  return changePanel(context, panel, async (tx, row) => {
    const { code, expires } = await mintCode(context, tx, panel);
    await tx
      .updateTable('panels')
      .set({
        ...bootBookColumns(EMPTY_BOOT_BOOK),
        ...NOTHING_RUNS,
        stage: 'waiting',
        room_id: null,
        code,
        code_expires: expires,
      })
      .where('id', '=', panel)
      .execute();
    await freeKeyOf(tx, panel);
    const detail = { was: row.stage, room: row.room_id };
    await audit(tx, context.clock, { actor: admin, action: 'panel-unpaired', subject: panel, detail });
    return { kind: 'done' };
  });
}

async function isMacShared(tx: Db, { id, mac }: PanelRow): Promise<boolean> {
  const others = tx.selectFrom('panels').select('id').where('mac', '=', mac).where('id', '!=', id);
  return (await others.where('stage', 'in', ['waiting', 'conflict']).limit(1).executeTakeFirst()) !== undefined;
}
