/** Today's use of the rooms: right days, few questions, and no word of what the meetings are about. */
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SteadyClock } from '../../src/contract/values/clock.ts';
import { milliseconds, plus } from '../../src/contract/values/time.ts';
import { RoomCheck, RoomRow, SaveAnswer, UseOfRooms } from '../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { appToken, makeGraphClient, utc } from '../demo/support/graph-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

const system = makeSystemClock();
let ahead = 0;
/** Real time, and now and then some minutes later. */
const clock: SteadyClock = { ...system, now: () => plus(system.now(), milliseconds(ahead)) };

let session: TenantSession;
beforeAll(async () => {
  session = await startTenantSession();
  await session.restart(clock);
  await session.save();
  await session.arrive(await session.signIn());
  await session.save({ clientSecret: null });
});
afterAll(() => session.stop());

const use = (date: string) => session.admin.ask('GET', `/rooms/use?date=${date}`, UseOfRooms);
const rooms = () => session.admin.ask('GET', '/rooms', v.array(RoomRow));
async function of(answer: UseOfRooms, name: string) {
  const id = (await rooms()).find(room => room.name === name)?.id;
  const found = answer.rooms.find(room => room.room === id);
  if (found === undefined) throw new Error(`no use of ${name}`);
  return found;
}
const spans = (busy: UseOfRooms['rooms'][number]['busy']) =>
  busy?.map(({ span, isTentative }) => [
    new Date(span.start).toISOString().slice(5, 16),
    new Date(span.end).toISOString().slice(5, 16),
    isTentative,
  ]) ?? null;
const book = (room: string, start: string, end: string, more: object = {}) =>
  session.tenant.control('POST', `/rooms/${room}@lintel.example/meetings`, { subject: 'Zebra', start, end, ...more });
const addByHand = (name: string, zone = 'Europe/Oslo') =>
  session.admin.ask('POST', '/rooms', RoomRow, {
    connection: 'default',
    address: `${name}@lintel.example`,
    name,
    zone,
    capacity: null,
    building: null,
    floor: null,
    equipment: [],
  });
/** getSchedule calls while `work` runs. */
async function asked(work: () => Promise<unknown>): Promise<number> {
  const calls = async () =>
    (await session.tenant.control('GET', '/log?count=1000')).json.filter((entry: { path: string }) =>
      entry.path.endsWith('/getSchedule'),
    ).length;
  const before = await calls();
  await work();
  return (await calls()) - before;
}

describe('a day', () => {
  test('is the room’s own, cut at midnight, tentative and private told apart from nothing else', async () => {
    await book('elder', '2027-03-09T22:00:00Z', '2027-03-09T23:30:00Z');
    await book('elder', '2027-03-10T09:00:00Z', '2027-03-10T10:00:00Z', { isPrivate: true, subject: 'Zebra secret' });
    await book('elder', '2027-03-10T11:00:00Z', '2027-03-10T12:00:00Z', { isTentative: true });
    await book('elder', '2027-03-10T23:00:00Z', '2027-03-10T23:30:00Z');
    const graph = makeGraphClient(session.tenant, await appToken(session.tenant));
    const free = { subject: 'x', showAs: 'free', start: utc('2027-03-10T14:00:00'), end: utc('2027-03-10T15:00:00') };
    expect((await graph.post('/users/elder@lintel.example/events', free)).status).toBe(201);
    const answer = await session.admin.send('GET', '/rooms/use?date=2027-03-10');
    const text = await answer.text();
    expect(text).not.toMatch(/Zebra|Solberg|subject|organizer/i);
    const elder = await of(v.parse(UseOfRooms, JSON.parse(text)), 'Elder');
    expect(spans([{ span: elder.day, isTentative: false }])).toEqual([['03-09T23:00', '03-10T23:00', false]]);
    expect(spans(elder.busy)).toEqual([
      ['03-09T23:00', '03-09T23:30', false],
      ['03-10T09:00', '03-10T10:00', false],
      ['03-10T11:00', '03-10T12:00', true],
    ]);
    expect((await use('2027-03-10')).rooms).toHaveLength(14);
  });

  test('has 23 or 25 hours when the clocks change, and is another elsewhere', async () => {
    const birch = (await rooms()).find(room => room.name === 'Birch')?.id;
    await session.admin.send('PUT', `/rooms/${birch}`, { source: 'directory', zone: 'Asia/Tokyo' });
    const hours = async (date: string, name: string) => {
      const { day } = await of(await use(date), name);
      return [new Date(day.start).toISOString().slice(11, 16), (day.end - day.start) / 3_600_000];
    };
    expect(await hours('2027-03-28', 'Elder')).toEqual(['23:00', 23]);
    expect(await hours('2027-10-31', 'Elder')).toEqual(['22:00', 25]);
    expect(await hours('2027-10-31', 'Birch')).toEqual(['15:00', 24]);
    await book('birch', '2027-04-01T15:30:00Z', '2027-04-01T16:00:00Z');
    expect(spans((await of(await use('2027-04-02'), 'Birch')).busy)).toEqual([['04-01T15:30', '04-01T16:00', false]]);
    await session.admin.send('PUT', `/rooms/${birch}`, { source: 'directory', zone: null });
  });

  test('must be one', async () => {
    for (const date of ['', 'today', '2027-02-30', '2027-02-28x'])
      expect((await session.admin.send('GET', `/rooms/use?date=${date}`)).status).toBe(400);
  });
});

describe('the provider', () => {
  test('is asked once a minute, however many look', async () => {
    expect(await asked(() => Promise.all(Array.from({ length: 30 }, () => use('2027-05-03'))))).toBe(1);
    const { read } = await use('2027-05-03');
    await book('elder', '2027-05-03T09:00:00Z', '2027-05-03T10:00:00Z');
    ahead += 58_000;
    expect(await asked(() => use('2027-05-03'))).toBe(0);
    expect((await use('2027-05-03')).read).toBe(read);
    ahead += 3000;
    expect(await asked(() => use('2027-05-03'))).toBe(1);
    expect((await of(await use('2027-05-03'), 'Elder')).busy).toHaveLength(1);
    expect(await asked(() => use('2027-05-04'))).toBe(1);
  });

  test('is asked for twenty rooms at a time; one it does not know is null, its neighbours are not', async () => {
    for (let index = 0; index < 27; index++) await addByHand(`ghost-${index}`);
    const answer = await use('2027-05-03');
    expect((await of(answer, 'Elder')).busy).toHaveLength(1);
    expect((await of(answer, 'ghost-7')).busy).toBeNull();
    expect(await asked(() => use('2027-05-05'))).toBe(3);
  });

  test('that is away leaves every room unread, and is asked again after ten seconds', async () => {
    session.tenant.tenant.faults.add({ kind: 'error', status: 502 });
    expect((await use('2027-05-06')).rooms.every(room => room.busy === null)).toBe(true);
    session.tenant.tenant.faults.clear();
    expect((await of(await use('2027-05-06'), 'Elder')).busy).toBeNull();
    ahead += 11_000;
    expect((await of(await use('2027-05-06'), 'Elder')).busy).toEqual([]);
  });

  test('is asked by an application through a room that it may read', async () => {
    await session.admin.send('DELETE', '/server-settings/default/token');
    await session.save({ signIn: 'app-secret' });
    const answer = await session.admin.ask('POST', '/server-settings/default/token', SaveAnswer);
    expect(answer.imported.kind).toBe('imported');
    await addByHand('board-room');
    const path = '/server-settings/default/room-checks';
    const looked = async () => (await session.admin.ask('GET', path, v.array(RoomCheck))).length;
    await expect.poll(looked, { timeout: 15_000 }).toBe(41);
    const used = await use('2027-05-03');
    expect((await of(used, 'Elder')).busy).toHaveLength(1);
    expect((await of(used, 'board-room')).busy).toBeNull();
  });
});
