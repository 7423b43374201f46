/** Pictures of rooms, for the console. What is stored was looked at: it is the kind of picture it says it is. */
import type * as v from 'valibot';
import type { RoomId } from '../../contract/values/ids.ts';
import type { PhotoInput as Input } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../random.ts';
import { audit } from '../store/audit.ts';
import { type Refusal, refused } from './refusal.ts';
import { unknown } from './room-edits.ts';

export type Photo = { version: string; mediaType: MediaType; bytes: Buffer<ArrayBuffer> };
type PhotoInput = v.InferOutput<typeof Input>;
type MediaType = PhotoInput['mediaType'];

const LARGEST = 300 * 1024;

/** Null: the room has none, or there is no such room. */
export async function readPhoto({ store }: Context, id: RoomId): Promise<Photo | null> {
  const row = await store.db.selectFrom('room_photos').selectAll().where('room_id', '=', id).executeTakeFirst();
  const mediaType = MEDIA_TYPES.find(type => type === row?.media_type);
  if (row === undefined || mediaType === undefined) return null;
  return { version: row.version, mediaType, bytes: Buffer.from(row.body, 'base64') };
}

export async function setPhoto(
  context: Context,
  id: RoomId,
  { mediaType, data }: PhotoInput,
  admin: string,
): Promise<{ kind: 'done' } | Refusal> {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > LARGEST) return refused('invalid', 'The picture is larger than 300 KiB.');
  if (!isA(mediaType, bytes)) {
    return refused('invalid', `The file is not a picture of the type ${mediaType}. Save it anew as JPEG, PNG or WebP.`);
  }
  const body = bytes.toString('base64');
  const columns = { version: hashOf(mediaType + body).slice(0, 16), media_type: mediaType, body };
  return change(context, id, async tx => {
    await tx
      .insertInto('room_photos')
      .values({ room_id: id, ...columns })
      .onConflict(c => c.column('room_id').doUpdateSet(columns))
      .execute();
    const detail = { mediaType, bytes: bytes.length };
    await audit(tx, context.clock, { actor: admin, action: 'room-photo-set', subject: id, detail });
  });
}

/** Fine when there is none. */
export function removePhoto(context: Context, id: RoomId, admin: string): Promise<{ kind: 'done' } | Refusal> {
  return change(context, id, async tx => {
    const gone = await tx.deleteFrom('room_photos').where('room_id', '=', id).returning('room_id').execute();
    if (gone.length > 0) await audit(tx, context.clock, { actor: admin, action: 'room-photo-removed', subject: id });
  });
}

type Work = (tx: Parameters<Parameters<Context['store']['transact']>[0]>[0]) => Promise<void>;

/** Panels show no picture, so they need not be told. */
async function change(context: Context, id: RoomId, work: Work): Promise<{ kind: 'done' } | Refusal> {
  const outcome = await context.store.transact(async tx => {
    const room = await tx.selectFrom('rooms').select('id').where('id', '=', id).executeTakeFirst();
    if (room === undefined) return unknown();
    await work(tx);
    return { kind: 'done' as const };
  });
  if (outcome.kind === 'done') context.hub.topicsChanged('rooms');
  return outcome;
}

const MEDIA_TYPES: readonly MediaType[] = ['image/jpeg', 'image/png', 'image/webp'];
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** By the first bytes, as the MIME Sniffing standard tells images apart. */
function isA(mediaType: MediaType, bytes: Buffer): boolean {
  switch (mediaType) {
    case 'image/jpeg':
      return bytes.subarray(0, 3).toString('hex') === 'ffd8ff';
    case 'image/png':
      return bytes.subarray(0, 8).equals(PNG);
    case 'image/webp':
      return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  }
}
