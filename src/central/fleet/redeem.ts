/** A licence key typed on a panel, or put beside it: whoever has it may pair without an admin. */
import * as v from 'valibot';
import { type PanelId, RoomId } from '../../contract/values/ids.ts';
import { LicenceAnswer, type LicenceRequest } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { licenceKeyHash } from '../domain/licence.ts';
import { audit } from '../store/audit.ts';
import { findPanel } from '../store/panels.ts';
import type { Db } from '../store/store.ts';
import { whyNoSeat } from './entitlement.ts';
import { pair, tellPaired, whileUnique } from './pair.ts';
import { type Refusal, refused } from './refusal.ts';
import { openRooms } from './rooms.ts';

/**
 * Without a room it answers which rooms are open; with one it pairs. A key that was registered for a room pairs with that
 * room at once, and with no other: the key is the proof here, whatever MAC the panel reports. Safe to repeat.
 */
export async function redeemLicenceKey(
  context: Context,
  panel: PanelId,
  request: LicenceRequest,
): Promise<LicenceAnswer | Refusal> {
  const outcome = await whileUnique<LicenceAnswer>(context, tx => redeemInside(context, tx, panel, request));
  tellPaired(context, panel, outcome);
  if (outcome.kind !== 'refused') return outcome;
  const answer = 'code' in outcome ? asAnswer(outcome) : outcome;
  const why = 'code' in answer ? answer.code : answer.kind === 'refused' ? answer.why : '';
  context.log.warn('licence-key-not-taken', { panel, why });
  if (why === 'key-revoked' || why === 'key-in-use') {
    // Somebody has a key that was real: worth remembering.
    await audit(context.store.db, context.clock, {
      actor: panel,
      action: 'key-refused',
      subject: panel,
      detail: { why },
    });
  }
  return answer;
}

const no = (why: Extract<LicenceAnswer, { kind: 'refused' }>['why']): LicenceAnswer => ({ kind: 'refused', why });

function asAnswer(refusal: Refusal): LicenceAnswer | Refusal {
  switch (refusal.code) {
    case 'room-taken':
    case 'room-registered':
      return no('room-taken');
    case 'no-seats':
      return no('no-seats');
    default:
      return refusal;
  }
}

async function redeemInside(
  context: Context,
  tx: Db,
  panel: PanelId,
  { key, room }: LicenceRequest,
): Promise<LicenceAnswer | Refusal> {
  const row = await findPanel(tx, panel);
  if (row?.stage === 'revoked') return refused('revoked', 'An admin revoked this panel or its licence key.');
  if (row === undefined || (row.stage !== 'waiting' && row.stage !== 'paired')) {
    return refused('not-enrolled', 'This panel must enrol first.');
  }
  const stored = await tx
    .selectFrom('licence_keys')
    .leftJoin('registrations', 'registrations.licence_key_id', 'licence_keys.id')
    .select(['id', 'state', 'panel_id', 'mac', 'room_id'])
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
  const kept = stored.room_id === null ? null : v.parse(RoomId, stored.room_id);
  if (kept !== null && room !== null && room !== kept) return no('room-taken');
  const wanted = kept ?? room;
  if (wanted === null) return chooseRoom(context, tx, row.mac);
  const outcome = await pair(context, tx, row, wanted, { free: stored.id }, panel, stored.mac ?? row.mac);
  return outcome.kind === 'paired' ? { kind: 'paired', configVersion: outcome.configVersion } : outcome;
}

/** Rooms without a panel that are not kept for somebody else. */
async function chooseRoom(context: Context, tx: Db, mac: string | null): Promise<LicenceAnswer | Refusal> {
  const noSeat = await whyNoSeat(context, tx);
  if (noSeat !== null) return noSeat;
  const kept = await tx.selectFrom('registrations').select(['room_id', 'mac']).execute();
  const others = new Set(kept.filter(row => row.mac !== mac).map(row => row.room_id));
  const rooms = (await openRooms(tx)).filter(room => !others.has(room.id));
  return { kind: 'choose-room', rooms };
}
