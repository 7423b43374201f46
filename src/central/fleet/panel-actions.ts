/** What an admin does to a panel that is there already. */
import * as v from 'valibot';
import { type PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import type { PanelRow } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { changePanel, checkRoom, type Done, freeKeyOf, markRevoked, NOTHING_RUNS } from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

const DONE: Done = { kind: 'done' };

/** Its room and licence key are free again, and it gets nothing more. Its stream tells it and ends (http/panel-stream.ts). */
export function revoke(context: Context, panel: PanelId, admin: string): Promise<Done | Refusal> {
  return changePanel(context, panel, async (tx, row) => {
    if (row.stage === 'revoked') return DONE;
    await markRevoked(tx, panel);
    await freeKeyOf(tx, panel);
    const detail = { was: row.stage, room: row.room_id };
    await audit(tx, context.clock, { actor: admin, action: 'panel-revoked', subject: panel, detail });
    context.log.info('panel-revoked', { panel, admin });
    return DONE;
  });
}

/** To a room that is free; licence key and name go along. */
export async function move(context: Context, panel: PanelId, room: RoomId, admin: string): Promise<Done | Refusal> {
  let bumped: PanelId[] = [];
  const outcome = await changePanel(context, panel, async (tx, row) => {
    bumped = [];
    const no = whyNotPaired(row);
    if (no !== null) return no;
    if (row.room_id === room) return DONE;
    const open = await checkRoom(tx, room, row.mac);
    if ('kind' in open) return open;
    const from = await tx.selectFrom('rooms').select('name').where('id', '=', row.room_id).executeTakeFirst();
    const { last_read, read_problem, problems } = NOTHING_RUNS;
    await tx
      .updateTable('panels')
      .set({ last_read, read_problem, problems, room_id: room })
      .where('id', '=', panel)
      .execute();
    // What was kept for it is used up.
    await tx.deleteFrom('registrations').where('room_id', '=', room).execute();
    const changes = [{ scope: null, field: 'room', before: from?.name ?? null, after: open.name }];
    bumped = await bumpConfigs(context, tx, [room], { what: 'panel', actor: admin, changes });
    const detail = { from: row.room_id, to: room };
    await audit(tx, context.clock, { actor: admin, action: 'panel-moved', subject: panel, detail });
    return DONE;
  });
  tellConfigs(context, bumped);
  return outcome;
}

/** Null takes the name away. A paired panel gets a new configuration: its name stands on it. */
export async function rename(
  context: Context,
  panel: PanelId,
  name: string | null,
  admin: string,
): Promise<Done | Refusal> {
  let bumped: PanelId[] = [];
  const outcome = await changePanel(context, panel, async (tx, row) => {
    bumped = [];
    if (row.name === name) return DONE;
    await tx.updateTable('panels').set({ name }).where('id', '=', panel).execute();
    await audit(tx, context.clock, { actor: admin, action: 'panel-renamed', subject: panel, detail: { name } });
    if (row.stage !== 'paired' || row.room_id === null) return DONE;
    const changes = [{ scope: null, field: 'panelName', before: row.name, after: name }];
    bumped = await bumpConfigs(context, tx, [v.parse(RoomId, row.room_id)], { what: 'panel', actor: admin, changes });
    return DONE;
  });
  tellConfigs(context, bumped);
  return outcome;
}

export function whyNotPaired(row: PanelRow): Refusal | null {
  if (row.stage === 'conflict') {
    return refused('identity-conflict', 'Two running panels use this identity. Unpair it to start anew.');
  }
  return row.stage === 'paired' ? null : refused('not-paired', 'This panel has no room.');
}
