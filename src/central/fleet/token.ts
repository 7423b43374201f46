import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import type { TokenAnswer, TokenRequest } from '../../contract/wire/panel.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import type { PanelRow } from '../store/tables.ts';
import { readLicenceState } from './entitlement.ts';

/** Calendar access for a paired panel, from the connection its room belongs to; none once the licence has lapsed. */
export async function accessTokenFor(
  context: Context,
  tokens: Pick<Tokens, 'accessToken'>,
  panel: PanelRow,
  request: TokenRequest,
): Promise<TokenAnswer> {
  const { db } = context.store;
  if ((await readLicenceState(context, db)).kind === 'lapsed') {
    return { kind: 'none', why: 'not-licensed', detail: 'the licence has lapsed' };
  }
  const room = await db
    .selectFrom('rooms')
    .leftJoin('settings', 'settings.id', 'rooms.connection_id')
    .select(['connection_id', 'access'])
    .where('rooms.id', '=', v.parse(RoomId, panel.room_id))
    .executeTakeFirst();
  if (room === undefined) return { kind: 'none', why: 'not-connected', detail: 'the room has no connection' };
  if (room.access === 'relay') return { kind: 'none', why: 'relayed', detail: 'central asks for this calendar' };
  return tokens.accessToken(room.connection_id, request);
}
