/** Rooms through the console's doors: imported from a tenant, added by hand, changed, pictured, removed. */
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomRow, SaveAnswer } from '../../src/contract/wire/console.ts';
import { errorCodeIn } from './support/panel-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
  await session.save();
  await session.arrive(await session.signIn());
  await session.save({ clientSecret: null });
});
afterAll(() => session.stop());

const send = (method: string, path: string, body?: unknown) => session.admin.send(method, path, body);
const rooms = () => session.admin.ask('GET', '/rooms', v.array(RoomRow));
async function room(name: string): Promise<RoomRow> {
  const found = (await rooms()).find(row => row.name === name);
  if (found === undefined) throw new Error(`no room ${name}`);
  return found;
}
const refusedWith = async (answer: Promise<Response>) => {
  const got = await answer;
  return [got.status, await errorCodeIn(got)];
};
const ATTIC = {
  connection: 'default',
  address: 'Attic@lintel.example',
  name: 'Attic',
  zone: 'Asia/Tokyo',
  capacity: 3,
  building: null,
  floor: 'Roof',
  equipment: ['Ladder'],
};

describe('an import', () => {
  test('brings the directory’s rooms with their lists and equipment', async () => {
    const all = await rooms();
    expect(all).toHaveLength(14);
    expect(all.map(row => row.name)).toEqual(all.map(row => row.name).toSorted());
    expect(await room('Fjell')).toMatchObject({
      connection: { id: 'default', name: 'Test tenant' },
      source: 'directory',
      address: 'fjell@lintel.example',
      zone: 'Europe/Oslo',
      isZoneOwn: false,
      capacity: 20,
      building: 'Fjord House',
      floor: '1st floor',
      equipment: ['Projector', 'Room camera', 'Ceiling microphones', 'Video', 'Wheelchair accessible'],
      roomLists: ['Fjord House, 1st floor'],
      photo: null,
      isMissing: false,
      hasOwnPolicy: false,
      panel: null,
    });
    expect((await room('Nordlys')).roomLists).toEqual([]);
    const again = await session.save({ clientSecret: null });
    expect(again.imported).toEqual({ kind: 'imported', added: 0, updated: 0, missing: 0 });
  });

  test('that fails is told and changes nothing', async () => {
    session.tenant.tenant.faults.add({ kind: 'error', status: 502 });
    const failed = await session.save({ clientSecret: null });
    session.tenant.tenant.faults.clear();
    expect(failed.imported).toEqual({ kind: 'failed' });
    expect(failed.settings.importProblem).toMatchObject({ problem: 'provider-error' });
    expect((await rooms()).filter(row => !row.isMissing)).toHaveLength(14);
    expect((await session.save({ clientSecret: null })).settings.importProblem).toBeNull();
  });

  test('without a token tries nothing', async () => {
    const id = await session.add({ name: 'Branch' });
    const saved = await session.save({ name: 'Branch' }, id);
    expect(saved.imported).toEqual({ kind: 'no-token' });
    expect(v.is(SaveAnswer, saved)).toBe(true);
  });
});

describe('a room by hand', () => {
  test('is added, changed and removed', async () => {
    const added = await session.admin.ask('POST', '/rooms', RoomRow, ATTIC);
    expect(added).toMatchObject({
      source: 'hand',
      address: 'attic@lintel.example',
      zone: 'Asia/Tokyo',
      isZoneOwn: true,
    });
    const { connection: _, address: __, ...place } = ATTIC;
    const edit = { ...place, source: 'hand', name: 'Attic 2', capacity: null, equipment: [] };
    const path = `/rooms/${added.id}`;
    expect(await session.admin.ask('PUT', path, RoomRow, edit)).toMatchObject({
      id: added.id,
      name: 'Attic 2',
      capacity: null,
    });
    expect(await refusedWith(send('PUT', path, { source: 'directory', zone: null }))).toEqual([
      409,
      'room-of-directory',
    ]);
    expect((await send('DELETE', path)).status).toBe(204);
    expect(await refusedWith(send('DELETE', path))).toEqual([404, 'room-unknown']);
    expect(await refusedWith(send('PUT', path, edit))).toEqual([404, 'room-unknown']);
  });

  test('is refused with words when it cannot be', async () => {
    const answer = await send('POST', '/rooms', { ...ATTIC, address: 'AURORA@lintel.example' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Test tenant');
    expect((await send('POST', '/rooms', { ...ATTIC, connection: 'nowhere' })).status).toBe(409);
    for (const wrong of [{ address: 'no address' }, { zone: 'Mars/Olympus' }, { capacity: -1 }, { name: ' ' }])
      expect((await send('POST', '/rooms', { ...ATTIC, ...wrong })).status).toBe(400);
  });
});

test('of a directory’s room only the zone is chosen here, and the next import leaves it', async () => {
  const { id } = await room('Birch');
  const zone = (name: string | null) =>
    session.admin.ask('PUT', `/rooms/${id}`, RoomRow, { source: 'directory', zone: name });
  expect(await zone('Asia/Tokyo')).toMatchObject({ zone: 'Asia/Tokyo', isZoneOwn: true });
  await session.save({ clientSecret: null });
  expect(await room('Birch')).toMatchObject({ zone: 'Asia/Tokyo', isZoneOwn: true });
  expect(await zone(null)).toMatchObject({ zone: 'Europe/Oslo', isZoneOwn: false });
  expect(await refusedWith(send('DELETE', `/rooms/${id}`))).toEqual([409, 'room-in-directory']);
});

describe('a picture', () => {
  const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(64, 1)]);
  const put = async (mediaType: string, bytes: Buffer) =>
    send('PUT', `/rooms/${(await room('Cedar')).id}/photo`, { mediaType, data: bytes.toString('base64') });
  const get = async (headers: Record<string, string> = {}, query = '') =>
    session.admin.send('GET', `/rooms/${(await room('Cedar')).id}/photo${query}`, undefined, headers);

  test('is given back as it came, once, and gone when it is removed', async () => {
    expect((await get()).status).toBe(404);
    expect((await put('image/png', PNG)).status).toBe(204);
    const { photo } = await room('Cedar');
    const shown = await get();
    expect([...shown.headers]).toEqual(
      expect.arrayContaining([
        ['content-type', 'image/png'],
        ['etag', `"${photo}"`],
        ['cache-control', 'private, no-cache'],
        ['x-content-type-options', 'nosniff'],
      ]),
    );
    expect(Buffer.from(await shown.arrayBuffer()).equals(PNG)).toBe(true);
    expect((await get({ 'if-none-match': `"${photo}"` })).status).toBe(304);
    expect((await get({}, `?v=${photo}`)).headers.get('cache-control')).toContain('immutable');
    const other = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(9)]);
    expect((await put('image/jpeg', other)).status).toBe(204);
    expect((await room('Cedar')).photo).not.toBe(photo);
    expect((await get({ 'if-none-match': `"${photo}"` })).status).toBe(200);
    expect((await send('DELETE', `/rooms/${(await room('Cedar')).id}/photo`)).status).toBe(204);
    expect((await room('Cedar')).photo).toBeNull();
  });

  test('gets no rights when it is opened by itself', async () => {
    await put('image/png', PNG);
    expect((await get()).headers.get('content-security-policy')).toBe('sandbox');
  });

  test('must be what it says, and small', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const webp = Buffer.from('RIFF1234WEBPVP8 ');
    expect((await put('image/png', svg)).status).toBe(400);
    expect((await put('image/jpeg', PNG)).status).toBe(400);
    expect((await put('image/svg+xml', svg)).status).toBe(400);
    expect((await put('image/webp', Buffer.from('RIFF1234WAVEfmt '))).status).toBe(400);
    expect((await put('image/webp', webp)).status).toBe(204);
    expect((await put('image/png', Buffer.concat([PNG, Buffer.alloc(300 * 1024)]))).status).toBe(400);
    expect(
      (await send('PUT', '/rooms/nowhere/photo', { mediaType: 'image/png', data: PNG.toString('base64') })).status,
    ).toBe(404);
    expect((await session.running.fetch(`${session.running.url}/console/api/v1/rooms/x/photo`)).status).toBe(401);
  });
});
