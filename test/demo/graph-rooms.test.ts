/** What central asks of Graph about rooms: lists, who may write, and busy times. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGraphContract } from '../support/graph-contract.ts';
import { appToken, type GraphClient, makeGraphClient, ROOM, userClient, utc } from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
let app: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
  app = makeGraphClient(test, await appToken(test));
});
afterAll(() => test.stop());

/** Room lists are real, but not in the slice of Microsoft's description that lies beside this project. */
const UNDESCRIBED = { isWrong: true, isFaulty: true };
const lists = async (): Promise<Json[]> =>
  (await graph.get('/places/microsoft.graph.roomlist', UNDESCRIBED)).json.value;
const roomsOf = (list: string, rest = '') =>
  graph.get(`/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/rooms${rest}`, UNDESCRIBED);
const names = (reply: { json: Json }) => reply.json.value.map((room: Json) => room.displayName);

describe('room lists', () => {
  it('name their rooms, page by page, by the list’s address', async () => {
    const contract = await loadGraphContract();
    const [first, second, ...rest] = await lists();
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ displayName: 'Fjord House, 1st floor', emailAddress: 'rooms.floor1@lintel.example' });
    const upstairs = await roomsOf(first.emailAddress);
    expect(names(upstairs)).toEqual(['Aurora', 'Birch', 'Cedar', 'Dovre', 'Elder', 'Fjell']);
    const described = { method: 'GET', path: '/v1.0/places/microsoft.graph.room', status: 200 };
    expect(contract?.checkResponse({ ...described, body: upstairs.text }) ?? []).toEqual([]);
    const page = await roomsOf(second.emailAddress, '?$top=4');
    const next = await graph.get(page.json['@odata.nextLink'], UNDESCRIBED);
    expect([...names(page), ...names(next)]).toHaveLength(7);
    expect(names(next)).toContain('Mistral');
    expect((await roomsOf(second.id)).status, 'not by id').toBe(404);
    expect((await roomsOf('nobody@lintel.example')).status).toBe(404);
  });

  it('leave out the one that is new', async () => {
    const listed = await Promise.all((await lists()).map(list => roomsOf(list.emailAddress)));
    const { json } = await graph.get('/places/microsoft.graph.room');
    const everyone = json.value.map((room: Json) => room.displayName);
    expect(everyone.filter((name: string) => !listed.flatMap(names).includes(name))).toEqual(['Nordlys']);
  });

  it('come with what stands in the rooms', async () => {
    const room = async (name: string) => (await graph.get(`/places/${name}@lintel.example`)).json;
    expect(await room('fjell')).toMatchObject({
      audioDeviceName: 'Ceiling microphones',
      videoDeviceName: 'Room camera',
      displayDeviceName: 'Projector',
      isWheelChairAccessible: true,
      tags: ['Video'],
    });
    expect(await room('kestrel')).toMatchObject({ videoDeviceName: null, tags: [], isWheelChairAccessible: false });
  });
});

describe('the right to write', () => {
  const canEdit = async (client: GraphClient, room: string) =>
    (await client.get(`/users/${room}/calendar?$select=canEdit,owner`)).json;

  it('is told by the calendar', async () => {
    expect(await canEdit(graph, ROOM)).toMatchObject({ canEdit: true, owner: { address: ROOM } });
    expect(await canEdit(graph, 'mistral@lintel.example')).toMatchObject({ canEdit: false });
    expect(await canEdit(app, 'mistral@lintel.example')).toMatchObject({ canEdit: true });
    expect(Object.keys(await canEdit(graph, ROOM))).not.toContain('name');
    const odd = await graph.get(`/users/${ROOM}/calendar?$select=nonsense`, { isWrong: true });
    expect(odd.status).toBe(400);
  });

  it('and holds for every change, while reading goes on', async () => {
    const user = '/users/mistral@lintel.example';
    const event = { subject: 'x', start: utc('2027-06-01T09:00:00'), end: utc('2027-06-01T10:00:00') };
    expect((await graph.post(`${user}/events`, event)).json.error.code).toBe('ErrorAccessDenied');
    const [meeting] = (await graph.view('mistral@lintel.example', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z')).json
      .value;
    const one = `${user}/events/${encodeURIComponent(meeting.id)}`;
    expect((await graph.patch(one, { subject: 'y' })).status).toBe(403);
    expect((await graph.delete(one)).status).toBe(403);
    expect((await graph.post(`${one}/decline`, { comment: '' })).status).toBe(403);
    expect((await app.post(`${user}/events`, event)).status).toBe(201);
  });
});

describe('busy times', () => {
  const ask = (client: GraphClient, path: string, schedules: string[]) =>
    client.post(path, { schedules, startTime: utc('2026-11-20T00:00:00'), endTime: utc('2026-11-21T00:00:00') });
  const BOARD = 'board-room@lintel.example';

  it('of a mailbox without rights have no subject for an account, and are denied to an app', async () => {
    await test.control('POST', `/rooms/${BOARD}/meetings`, {
      subject: 'Take-over',
      start: '2026-11-20T12:00:00Z',
      end: '2026-11-20T13:00:00Z',
    });
    const [own, foreign] = (await ask(graph, '/me/calendar/getSchedule', ['birch@lintel.example', BOARD])).json.value;
    expect(own.scheduleItems[0].subject).toEqual(expect.any(String));
    expect(foreign.scheduleItems).toEqual([{ status: 'busy', start: expect.anything(), end: expect.anything() }]);
    const byApp = (await ask(app, '/users/birch@lintel.example/calendar/getSchedule', [BOARD])).json.value;
    expect(byApp[0].error.responseCode).toBe('ErrorAccessDenied');
    expect((await ask(app, `/users/${BOARD}/calendar/getSchedule`, [ROOM])).status).toBe(403);
  });
});
