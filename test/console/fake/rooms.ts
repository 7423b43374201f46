/** Rooms of the fake central. */
import * as v from 'valibot';
import { NewRoom, PhotoInput, RoomEdit, RoomRow } from '../../../src/contract/wire/console.ts';
import type { Part } from './part.ts';

/** A window in a wall, 64 x 48 pixels, as PNG. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAABQUlEQVR42tXUS0cFUBTF8fU592jLlSRJkivJdeW6riRJkiRJkqRB7/f7HX2Ehu' +
    'tj1Ljhqj1Y/EZncv7L4WDvg9aw+05r2HmjNWy/0hq2XmgNm8+0ho0nWsP6I61h7YHWsHpPa1i5ozUs39Ialm5oDYvXtIaFKwqaw41/p5Vg/pKC' +
    'n/v49fnLHw+1EsxdUFAxQCvB7DkFFQO0EsycUVAxQCtB75SCigFaCbonFFQM0ErQOaag4hvVSjB9REHFC2glaB9SUDFAK0HrgIKKAVoJpvYpqB' +
    'iglSBnQlAxQCtB9kJQMkAqQXZDUPGNaiXITghKXkAqQU6HoGSAVIJsh6BkgFSCbIWgZIBUgpwKQckAqQQ5GdaQE2EN2QxryPGwhhwLa8jRsIYc' +
    'CWvI4bCGHApryMGwhhwIa8j+sIZshDVkX1j7BqdBItMS1PPJAAAAAElFTkSuQmCC',
  'base64',
);

export function mountRooms({ api, office, tell, no }: Part): void {
  const pictures = new Map<string, Buffer>();
  const find = (id: string) => office().rooms.find(room => room.id === id);
  const gone = no('room-unknown', 'There is no such room any more.');
  api.get('/rooms', c => c.json(office().rooms));
  api.get('/rooms/use', c => {
    const { use } = office();
    return use ? c.json(use) : c.json(no('unreachable', 'The calendar service does not answer.'), 502);
  });
  api.post('/rooms', async c => {
    const parsed = v.safeParse(NewRoom, await c.req.json());
    if (!parsed.success) return c.json(no('invalid', 'Invalid room.'), 400);
    const { connection, ...rest } = parsed.output;
    if (office().rooms.some(({ address }) => address === rest.address)) {
      return c.json(no('room-there', 'A room with this address is there already.'), 409);
    }
    const row = v.parse(RoomRow, {
      ...rest,
      id: `by-hand-${office().rooms.length}`,
      connection: { id: connection, name: 'Contoso' },
      source: 'hand',
      isZoneOwn: true,
      roomLists: [],
      photo: null,
      isMissing: false,
      hasOwnPolicy: false,
      findings: 0,
      panel: null,
    });
    office().rooms.push(row);
    tell('rooms');
    return c.json(row);
  });
  api.put('/rooms/:id', async c => {
    const room = find(c.req.param('id'));
    const parsed = v.safeParse(RoomEdit, await c.req.json());
    if (!room) return c.json(gone, 404);
    if (!parsed.success || parsed.output.source !== room.source) return c.json(no('invalid', 'Invalid room.'), 400);
    const { source, ...change } = parsed.output;
    const zone = change.zone ?? 'Europe/Oslo';
    Object.assign(room, v.parse(RoomRow, { ...room, ...change, zone, isZoneOwn: change.zone !== null, source }));
    tell('rooms');
    return c.json(room);
  });
  api.delete('/rooms/:id', c => {
    const room = find(c.req.param('id'));
    if (!room) return c.json(gone, 404);
    if (room.panel) return c.json(no('has-panel', 'A panel shows this room. Unpair it first.'), 409);
    office().rooms = office().rooms.filter(other => other !== room);
    tell('rooms');
    return c.body(null, 204);
  });
  api.get('/rooms/:id/photo', c => {
    const own = pictures.get(c.req.param('id'));
    const type = own ? 'image/jpeg' : 'image/png';
    return c.body(new Uint8Array(own ?? PICTURE), 200, { 'content-type': type });
  });
  api.put('/rooms/:id/photo', async c => {
    const room = find(c.req.param('id'));
    if (!room) return c.json(gone, 404);
    const { data } = v.parse(PhotoInput, await c.req.json());
    pictures.set(room.id, Buffer.from(data, 'base64'));
    room.photo = `own-${pictures.size}`;
    tell('rooms');
    return c.body(null, 204);
  });
  api.delete('/rooms/:id/photo', c => {
    const room = find(c.req.param('id'));
    if (!room) return c.json(gone, 404);
    room.photo = null;
    tell('rooms');
    return c.body(null, 204);
  });
}
