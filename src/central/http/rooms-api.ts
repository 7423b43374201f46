import { Hono, type Context as HonoContext } from 'hono';
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { NewRoom, PhotoInput, RoomEdit } from '../../contract/wire/console.ts';
import type { Refusal } from '../fleet/refusal.ts';
import { addRoom, changeRoom, type RoomDone, removeRoom } from '../fleet/room-edits.ts';
import { readPhoto, removePhoto, setPhoto } from '../fleet/room-photos.ts';
import { Day, RoomUses } from '../fleet/room-use.ts';
import { findRoomRow, listRooms } from '../fleet/rooms.ts';
import { parseBody, parseValue, refusal, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

/** `/rooms`. */
export function roomsApi({ context, connections, tokens }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();
  const uses = new RoomUses(context, connections, tokens);

  const row = async (c: HonoContext, outcome: RoomDone | Refusal) => {
    if (outcome.kind === 'refused') return refusal(c, outcome);
    const room = await findRoomRow(context, outcome.id);
    return room === null ? noRoom(c) : c.json(room);
  };
  const nothing = (c: HonoContext, outcome: { kind: 'done' } | Refusal) =>
    outcome.kind === 'refused' ? refusal(c, outcome) : c.body(null, 204);

  api.get('/', async c => c.json(await listRooms(context)));
  api.post('/', async c => {
    const input = await parseBody(c, NewRoom);
    return input.kind === 'invalid' ? input.answer : row(c, await addRoom(context, input.value, c.var.session.admin));
  });
  api.get('/use', async c => {
    const date = parseValue(c, Day, c.req.query('date') ?? '');
    return date.kind === 'invalid' ? date.answer : c.json(await uses.read(date.value));
  });

  api.put('/:id', async c => {
    const id = idIn(c);
    if (id === null) return noRoom(c);
    const edit = await parseBody(c, RoomEdit);
    return edit.kind === 'invalid'
      ? edit.answer
      : row(c, await changeRoom(context, id, edit.value, c.var.session.admin));
  });
  api.delete('/:id', async c => {
    const id = idIn(c);
    return id === null ? noRoom(c) : nothing(c, await removeRoom(context, id, c.var.session.admin));
  });

  api.get('/:id/photo', async c => {
    const id = idIn(c);
    const photo = id && (await readPhoto(context, id));
    if (!photo) return wireError(c, 404, 'photo-unknown', 'The room has no picture.');
    const etag = `"${photo.version}"`;
    c.header('ETag', etag);
    // Asked for by its version it never changes; otherwise the browser asks whether it did.
    const isVersioned = c.req.query('v') === photo.version;
    c.header('Cache-Control', isVersioned ? 'private, max-age=31536000, immutable' : 'private, no-cache');
    if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304);
    // Opened by itself it is a document of our origin: it gets no rights, and nobody guesses another type.
    c.header('Content-Security-Policy', 'sandbox');
    c.header('X-Content-Type-Options', 'nosniff');
    return c.body(photo.bytes, 200, { 'Content-Type': photo.mediaType });
  });
  api.put('/:id/photo', async c => {
    const id = idIn(c);
    if (id === null) return noRoom(c);
    const input = await parseBody(c, PhotoInput);
    return input.kind === 'invalid'
      ? input.answer
      : nothing(c, await setPhoto(context, id, input.value, c.var.session.admin));
  });
  api.delete('/:id/photo', async c => {
    const id = idIn(c);
    return id === null ? noRoom(c) : nothing(c, await removePhoto(context, id, c.var.session.admin));
  });

  return api;
}

function idIn(c: HonoContext): RoomId | null {
  const id = v.safeParse(RoomId, c.req.param('id'));
  return id.success ? id.output : null;
}

const noRoom = (c: HonoContext) => wireError(c, 404, 'room-unknown', 'There is no such room.');
