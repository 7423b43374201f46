import * as v from 'valibot';
import { type PanelId, RoomId } from '../../contract/values/ids.ts';
import type { Replacement } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import { findPanel } from '../store/panels.ts';
import {
  type Done,
  dropRegistration,
  freeKeyOf,
  markRevoked,
  pair,
  panelUnknown,
  tell,
  whileUnique,
  whyNotApprovable,
} from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

/**
 * A broken panel's place goes to one that waits: room, licence key and name at once, and the old one is revoked. Settings
 * belong to the room, so they stay. A code given was tried at the desk (code-desk.ts) before.
 */
export async function replace(
  context: Context,
  old: PanelId,
  { by, code }: v.InferOutput<typeof Replacement>,
  admin: string,
): Promise<Done | Refusal> {
  const outcome = await whileUnique<Done>(context, async tx => {
    const [before, next] = [await findPanel(tx, old), await findPanel(tx, by)];
    if (before === undefined || next === undefined) return panelUnknown();
    const room = before.room_id === null ? null : v.parse(RoomId, before.room_id);
    if (room === null) return refused('not-paired', 'This panel has no room that another one could take over.');
    const why = whyNotApprovable(next, code, context);
    if (why !== null) return why;
    const key = await tx.selectFrom('licence_keys').select('id').where('panel_id', '=', old).executeTakeFirst();
    if (key === undefined) return refused('no-free-licence-key', 'The panel to replace has no licence key.');

    await markRevoked(tx, old);
    await tx.updateTable('panels').set({ name: null }).where('id', '=', old).execute();
    await freeKeyOf(tx, old);
    const paired = await pair(context, tx, next, room, { free: key.id }, admin);
    if (paired.kind === 'refused') return paired;
    await tx.updateTable('panels').set({ name: before.name }).where('id', '=', by).execute();
    await dropRegistration(context, tx, next.mac, admin);
    const entry = { actor: admin, action: 'panel-replaced', subject: old, detail: { by, room } };
    await audit(tx, context.clock, entry);
    await audit(tx, context.clock, { ...entry, action: 'panel-revoked', detail: { was: before.stage, room } });
    return { kind: 'done' };
  });
  if (outcome.kind === 'done') tell(context, old, by);
  return outcome;
}
