/** Ties panels to rooms under licence keys, and unties them. */
import type { PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Approval } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { EMPTY_BOOT_BOOK } from '../domain/identity.ts';
import { makePairingCode } from '../domain/pairing-code.ts';
import { isCodeValid } from '../domain/panel-state.ts';
import { randomBelow } from '../random.ts';
import { audit } from '../store/audit.ts';
import { bootBookColumns, codeOf, findPanel } from '../store/panels.ts';
import { type Db, isUniqueViolation } from '../store/store.ts';
import type { PanelRow } from '../store/tables.ts';
import { type Refusal, refused } from './refusal.ts';

export type Paired = { kind: 'paired'; configVersion: number };
type Done = { kind: 'done' };

const roomTaken = (room: string) =>
  refused('room-taken', `${room} has a panel already. Unpair that one first, or choose another room.`);

/** An admin says yes to a panel whose code is still valid. */
export async function approve(
  context: Context,
  panel: PanelId,
  approval: Approval,
  admin: string,
): Promise<Paired | Refusal> {
  const outcome = await whileUnique(context, async tx => {
    const row = await findPanel(tx, panel);
    if (row === undefined) return refused('panel-unknown', 'There is no such panel any more.');
    const why = whyNotApprovable(row, context);
    if (why !== null) return why;
    const key = await freeKey(tx, approval.licenceKeyId);
    if ('kind' in key) return key;
    return pair(context, tx, row, approval.room, key.id, admin);
  });
  tellPaired(context, panel, outcome);
  return outcome;
}

/** An admin says no. The panel may ask again, with a new code. */
export async function reject(context: Context, panel: PanelId, admin: string): Promise<Done | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const row = await findPanel(tx, panel);
    if (row === undefined) return refused('panel-unknown', 'There is no such panel any more.');
    if (row.stage === 'paired') return refused('already-paired', 'This panel is paired. Unpair it instead.');
    if (row.stage === 'conflict') {
      return refused('identity-conflict', 'Two running panels use this identity. Unpair it to start anew.');
    }
    const columns = { stage: 'rejected', code: null, code_expires: null } as const;
    await tx.updateTable('panels').set(columns).where('id', '=', panel).execute();
    await audit(tx, context.clock, { actor: admin, action: 'panel-rejected', subject: panel });
    return { kind: 'done' } as const;
  });
  if (outcome.kind === 'done') tell(context, panel);
  return outcome;
}

/** Back to Free MACs with a new code; the licence key is free again, and what was known of its starts is forgotten. */
export async function unpair(context: Context, panel: PanelId, admin: string): Promise<Done | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const row = await findPanel(tx, panel);
    if (row === undefined) return refused('panel-unknown', 'There is no such panel any more.');
    const code = makePairingCode(randomBelow, 0, context.clock.now());
    await tx
      .updateTable('panels')
      .set({
        ...bootBookColumns(EMPTY_BOOT_BOOK),
        ...NOTHING_RUNS,
        stage: 'waiting',
        room_id: null,
        code: code.code,
        code_expires: code.expires,
      })
      .where('id', '=', panel)
      .execute();
    await tx
      .updateTable('licence_keys')
      .set({ state: 'free', panel_id: null })
      .where('panel_id', '=', panel)
      .where('state', '=', 'used')
      .execute();
    const detail = { was: row.stage, room: row.room_id };
    await audit(tx, context.clock, { actor: admin, action: 'panel-unpaired', subject: panel, detail });
    return { kind: 'done' } as const;
  });
  if (outcome.kind === 'done') tell(context, panel);
  return outcome;
}

/** Columns that describe what an unpaired panel ran. */
export const NOTHING_RUNS = {
  running_version: null,
  config_refused: null,
  last_read: null,
  read_problem: null,
  problems: '[]',
} as const;

/** Inside a transaction, with a key known to be free: panel, room and key belong together from here on. */
export async function pair(
  context: Context,
  tx: Db,
  panel: PanelRow,
  room: RoomId,
  licenceKeyId: string,
  actor: string,
): Promise<Paired | Refusal> {
  const roomRow = await tx.selectFrom('rooms').select(['id', 'name']).where('id', '=', room).executeTakeFirst();
  if (roomRow === undefined) return refused('room-unknown', 'There is no such room any more.');
  const holder = await tx.selectFrom('panels').select('id').where('room_id', '=', room).executeTakeFirst();
  if (holder !== undefined) return roomTaken(roomRow.name);
  const configVersion = panel.config_version + 1;
  await tx
    .updateTable('panels')
    .set({
      ...NOTHING_RUNS,
      stage: 'paired',
      room_id: room,
      code: null,
      code_expires: null,
      config_version: configVersion,
    })
    .where('id', '=', panel.id)
    .execute();
  await tx
    .updateTable('licence_keys')
    .set({ state: 'used', panel_id: panel.id })
    .where('id', '=', licenceKeyId)
    .execute();
  const detail = { room, roomName: roomRow.name, licenceKey: licenceKeyId };
  await audit(tx, context.clock, { actor, action: 'panel-paired', subject: panel.id, detail });
  return { kind: 'paired', configVersion };
}

export function tellPaired(context: Context, panel: PanelId, outcome: { kind: string }): void {
  if (outcome.kind === 'paired') tell(context, panel);
}

/** Two admins on one room at once: the unique column decides, and the second one hears why. */
export async function whileUnique<T>(context: Context, work: (tx: Db) => Promise<T>): Promise<T | Refusal> {
  try {
    return await context.store.transact(work);
  } catch (error) {
    if (isUniqueViolation(error)) return roomTaken('This room');
    throw error;
  }
}

function tell(context: Context, panel: PanelId) {
  context.hub.panelsChanged([panel]);
  context.hub.topicsChanged('free-macs', 'rooms', 'licence-keys');
}

function whyNotApprovable(row: PanelRow, context: Context): Refusal | null {
  switch (row.stage) {
    case 'paired':
      return refused('already-paired', 'This panel is paired already.');
    case 'conflict':
      return refused('identity-conflict', 'Two running panels use this identity. Unpair it to start anew.');
    case 'rejected':
    case 'revoked':
      return refused('code-expired', 'This panel has no valid code. Ask for a new one on the panel first.');
    case 'waiting': {
      const code = codeOf(row);
      if (code !== null && isCodeValid(code, context.clock.now())) return null;
      return refused('code-expired', 'The code on this panel ran out. Ask for a new one on the panel first.');
    }
  }
}

async function freeKey(tx: Db, id: string | null): Promise<{ id: string } | Refusal> {
  if (id === null) {
    const free = tx.selectFrom('licence_keys').select('id').where('state', '=', 'free');
    const row = await free.orderBy('created').orderBy('id').limit(1).executeTakeFirst();
    return row ?? refused('no-free-licence-key', 'There is no free licence key. Make new ones under Licence Keys.');
  }
  const row = await tx.selectFrom('licence_keys').select(['id', 'state']).where('id', '=', id).executeTakeFirst();
  if (row === undefined) return refused('key-unknown', 'There is no such licence key.');
  if (row.state === 'used') return refused('key-in-use', 'Another panel uses this licence key.');
  if (row.state === 'revoked') return refused('key-revoked', 'This licence key was revoked.');
  return { id: row.id };
}
