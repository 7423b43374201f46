/** How panel, room and licence key become one, or part: inside a transaction, and what goes around it. */
import type { ConfigVersion } from '../../contract/values/config.ts';
import type { PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import { normaliseCode } from '../domain/pairing-code.ts';
import { isCodeValid } from '../domain/panel-state.ts';
import { audit } from '../store/audit.ts';
import { codeOf, findPanel } from '../store/panels.ts';
import { type Db, isUniqueViolation } from '../store/store.ts';
import type { PanelRow } from '../store/tables.ts';
import { whyNoSeat } from './entitlement.ts';
import { nextVersion } from './policies-history.ts';
import { type Refusal, refused } from './refusal.ts';

export type Done = { kind: 'done' };
export type Paired = { kind: 'paired'; configVersion: ConfigVersion; room: string };

const roomTaken = (room: string) =>
  refused('room-taken', `${room} has a panel already. Unpair that one first, or choose another room.`);
export const panelUnknown = () => refused('panel-unknown', 'There is no such panel any more.');

/** Columns that describe what an unpaired panel ran. */
export const NOTHING_RUNS = {
  running_version: null,
  config_refused: null,
  config_refused_version: null,
  last_read: null,
  read_problem: null,
  problems: '[]',
} as const;

/** `free`: one that the caller knows to be free. `pick`: the one an admin chose, or null for any. */
export type KeyWish = { free: string } | { pick: string | null };

/**
 * Inside a transaction: panel, room and key belong together from here on. What stands in the way is told in the order in
 * which people decide: the room, the seat, the key. `registeredFor`: the MAC in whose registration the key stands, when the
 * key itself is the proof.
 */
export async function pair(
  context: Context,
  tx: Db,
  panel: PanelRow,
  room: RoomId,
  wish: KeyWish,
  actor: string,
  registeredFor: string | null = panel.mac,
): Promise<Paired | Refusal> {
  const open = await checkRoom(tx, room, registeredFor);
  if ('kind' in open) return open;
  const noSeat = await whyNoSeat(context, tx);
  if (noSeat !== null) return noSeat;
  const key = 'free' in wish ? { id: wish.free } : await pickKey(tx, wish.pick, panel.mac);
  if ('kind' in key) return key;
  const configVersion = await nextVersion(tx);
  await tx
    .updateTable('panels')
    .set({
      ...NOTHING_RUNS,
      stage: 'paired',
      room_id: room,
      code: null,
      code_expires: null,
      config_version: configVersion,
      config_since: context.clock.now(),
    })
    .where('id', '=', panel.id)
    .execute();
  await tx.updateTable('licence_keys').set({ state: 'used', panel_id: panel.id }).where('id', '=', key.id).execute();
  await tx.deleteFrom('registrations').where('room_id', '=', room).execute();
  const detail = { room, roomName: open.name, licenceKey: key.id, mac: panel.mac, registeredFor };
  await audit(tx, context.clock, { actor, action: 'panel-paired', subject: panel.id, detail });
  return { kind: 'paired', configVersion, room: open.name };
}

/** The room exists, has no panel, and is not kept for one with another MAC. */
export async function checkRoom(tx: Db, room: RoomId, mac: string | null): Promise<{ name: string } | Refusal> {
  const row = await tx.selectFrom('rooms').select('name').where('id', '=', room).executeTakeFirst();
  if (row === undefined) return refused('room-unknown', 'There is no such room any more.');
  const holder = await tx.selectFrom('panels').select('id').where('room_id', '=', room).executeTakeFirst();
  if (holder !== undefined) return roomTaken(row.name);
  const kept = await tx.selectFrom('registrations').select('mac').where('room_id', '=', room).executeTakeFirst();
  if (kept === undefined || kept.mac === mac) return row;
  return refused(
    'room-registered',
    `${row.name} is registered for the panel with the MAC address ${kept.mac}. Delete that registration first, or choose another room.`,
  );
}

export async function dropRegistration(context: Context, tx: Db, mac: string | null, actor: string): Promise<boolean> {
  if (mac === null) return false;
  const gone = await tx.deleteFrom('registrations').where('mac', '=', mac).executeTakeFirst();
  if (gone.numDeletedRows === 0n) return false;
  await audit(tx, context.clock, { actor, action: 'registration-deleted', subject: mac });
  return true;
}

export function tellPaired(context: Context, panel: PanelId, outcome: { kind: string }): void {
  if (outcome.kind === 'paired') tell(context, panel);
}

export function tell(context: Context, ...panels: PanelId[]) {
  context.hub.panelsChanged(panels);
  context.hub.topicsChanged('free-macs', 'rooms', 'licence-keys', 'set-up', 'general-settings');
}

/** Takes back what was written before a refusal was met. Never leaves this file. */
class TakenBack extends Error {
  readonly outcome: { kind: 'refused' };
  constructor(outcome: { kind: 'refused' }) {
    super('refused');
    this.outcome = outcome;
  }
}

/**
 * A transaction that a refusal undoes as a whole. Two admins on one room at once: the unique column decides, and the
 * second one hears why.
 */
export async function whileUnique<T extends { kind: string }>(
  context: Context,
  work: (tx: Db) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  try {
    return await context.store.transact(async tx => {
      const outcome = await work(tx);
      if (outcome.kind === 'refused') throw new TakenBack(outcome as { kind: 'refused' });
      return outcome;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.outcome as T | Refusal;
    if (isUniqueViolation(error)) return roomTaken('This room');
    throw error;
  }
}

/** Null when this panel may be paired now. `code` null: nobody typed or saw one. */
export function whyNotApprovable(row: PanelRow, code: string | null, context: Context): Refusal | null {
  switch (row.stage) {
    case 'paired':
      return refused('already-paired', 'This panel is paired already.');
    case 'conflict':
      return refused('identity-conflict', 'Two running panels use this identity. Unpair it to start anew.');
    case 'revoked':
      return refused('code-expired', 'This panel was revoked. Let it in again first, then it shows a new code.');
    case 'rejected':
      return refused('code-expired', 'This panel has no valid code. Ask for a new one on the panel first.');
    case 'waiting': {
      const current = codeOf(row);
      if (current === null || !isCodeValid(current, context.clock.now())) {
        return refused('code-expired', 'The code on this panel ran out. Ask for a new one on the panel first.');
      }
      return code === null || normaliseCode(code) === current.code ? null : codeChanged();
    }
  }
}

export const codeChanged = () =>
  refused('code-changed', 'The panel shows another code by now. Compare it with the glass and try again.');

/** `id` null: the one registered for this MAC, or else the oldest free one that is kept for nobody. */
async function pickKey(tx: Db, id: string | null, mac: string | null): Promise<{ id: string } | Refusal> {
  const own = await tx
    .selectFrom('registrations')
    .select('licence_key_id')
    .where('mac', '=', mac ?? '')
    .executeTakeFirst();
  const wanted = id ?? own?.licence_key_id ?? null;
  if (wanted === null) {
    const kept = tx.selectFrom('registrations').select('licence_key_id').where('licence_key_id', 'is not', null);
    const free = tx.selectFrom('licence_keys').select('id').where('state', '=', 'free').where('id', 'not in', kept);
    const row = await free.orderBy('created').orderBy('id').limit(1).executeTakeFirst();
    return row ?? refused('no-free-licence-key', 'There is no free licence key. Make new ones under Licence Keys.');
  }
  const row = await tx.selectFrom('licence_keys').select(['id', 'state']).where('id', '=', wanted).executeTakeFirst();
  if (row === undefined) return refused('key-unknown', 'There is no such licence key.');
  if (row.state === 'used') return refused('key-in-use', 'Another panel uses this licence key.');
  if (row.state === 'revoked') return refused('key-revoked', 'This licence key was revoked.');
  const kept = await tx
    .selectFrom('registrations')
    .select('mac')
    .where('licence_key_id', '=', wanted)
    .executeTakeFirst();
  if (kept === undefined || kept.mac === mac) return { id: row.id };
  const message = `This licence key is registered for the panel with the MAC address ${kept.mac}. Choose another one.`;
  return refused('key-registered', message);
}

/** The room is free; the licence key is for the caller to see to. */
export async function markRevoked(tx: Db, panel: PanelId): Promise<void> {
  await tx
    .updateTable('panels')
    .set({ ...NOTHING_RUNS, stage: 'revoked', room_id: null, code: null, code_expires: null })
    .where('id', '=', panel)
    .execute();
}

export async function freeKeyOf(tx: Db, panel: PanelId): Promise<void> {
  await tx
    .updateTable('licence_keys')
    .set({ state: 'free', panel_id: null })
    .where('panel_id', '=', panel)
    .where('state', '=', 'used')
    .execute();
}

/** What an admin does to one panel that must exist; told to everybody when it is done. */
export async function changePanel(
  context: Context,
  panel: PanelId,
  work: (tx: Db, row: PanelRow) => Promise<Done | Refusal>,
): Promise<Done | Refusal> {
  const outcome = await whileUnique<Done>(context, async tx => {
    const row = await findPanel(tx, panel);
    return row === undefined ? panelUnknown() : work(tx, row);
  });
  if (outcome.kind === 'done') tell(context, panel);
  return outcome;
}
