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
    .select('connection_id')
    .where('id', '=', v.parse(RoomId, panel.room_id))
    .executeTakeFirst();
  if (room === undefined) return { kind: 'none', why: 'not-connected', detail: 'the room has no connection' };
  return tokens.accessToken(room.connection_id, request);
}
