/** Change notifications: who may subscribe, what is told, and what happens when nobody takes it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instant, minutes, seconds, toIso } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { appToken, type GraphClient, makeGraphClient, ROOM, userClient, utc } from './support/graph-client.ts';
import { startListener } from './support/listener.ts';
import { type Json, START, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let clock: VirtualClock;
let listener: Awaited<ReturnType<typeof startListener>>;
let graph: GraphClient;
let user: GraphClient;
beforeAll(async () => {
  listener = await startListener();
  clock = new VirtualClock(START);
  test = await startTestTenant({ clock });
  graph = makeGraphClient(test, await appToken(test));
  user = await userClient(test);
  await test.control('PUT', '/trust', { pem: listener.ca });
});
afterAll(async () => {
  await test.stop();
  await listener.stop();
});
beforeEach(async () => {
  for (const { id } of (await graph.get('/subscriptions')).json.value) await graph.delete(`/subscriptions/${id}`);
  test.tenant.faults.clear();
  await clock.advance(seconds(1));
  listener.reset();
});

const OTHER = 'kestrel@lintel.example';
const inMinutes = (n: number) => toIso(instant(clock.now() + minutes(n)));
const wish = (more: object = {}) => ({
  changeType: 'created,updated,deleted',
  notificationUrl: `${listener.url}/notify`,
  lifecycleNotificationUrl: `${listener.url}/lifecycle`,
  resource: `users/${ROOM}/events`,
  expirationDateTime: inMinutes(4200),
  clientState: 'a secret',
  ...more,
});
const subscribe = async (more: object = {}): Promise<Json> => {
  const made = await graph.post('/subscriptions', wish(more));
  expect(made.status).toBe(201);
  return made.json;
};
let hour = 0;
/** Each at another time. */
async function book(room = ROOM): Promise<Json> {
  hour += 1;
  const date = `2027-06-${String(1 + Math.floor(hour / 20)).padStart(2, '0')}`;
  const time = `${date}T${String(hour % 20).padStart(2, '0')}`;
  const times = { start: utc(`${time}:00:00`), end: utc(`${time}:30:00`) };
  return (await graph.post(`/users/${room}/events`, { subject: 'x', ...times })).json;
}
/** Lets time pass, and the network answer. */
async function pass(span: Parameters<VirtualClock['advance']>[0]) {
  await clock.advance(span);
  await new Promise(resolve => setTimeout(resolve, 30));
}
const told = () => listener.heard.flatMap(({ value }) => value.map(entry => [entry.changeType, entry.resourceData.id]));

describe('subscribing', () => {
  it('needs both addresses to give the token back', async () => {
    const made = await subscribe();
    expect(listener.validated).toEqual(['/notify', '/lifecycle']);
    expect(made).toMatchObject({ ...wish(), applicationId: test.tenant.clientId });
    expect((await graph.get(`/subscriptions/${made.id}`)).json).toMatchObject({ id: made.id });
    expect((await graph.get('/subscriptions')).json.value).toHaveLength(1);
  });

  it.each([
    ['an error', { status: 403, body: '' }, "HTTP status code is '403'"],
    ['another text', { status: 200, body: 'hello' }, 'must exactly match validationToken'],
    ['the token as it stood in the address', 'encoded', 'must exactly match validationToken'],
    ['the token as a web page', 'html', 'must exactly match validationToken'],
  ])('fails where the listener answers %s', async (_name, reply, words) => {
    listener.validate(token =>
      typeof reply === 'object'
        ? reply
        : reply === 'html'
          ? { status: 200, type: 'text/html', body: token }
          : { status: 200, body: encodeURIComponent(token) },
    );
    const refused = await graph.post('/subscriptions', wish());
    expect([refused.status, refused.json.error.code]).toEqual([400, 'ValidationError']);
    expect(refused.json.error.message).toContain(words);
    expect((await graph.get('/subscriptions')).json.value).toEqual([]);
  });

  it('fails after ten seconds of silence, and where nobody listens or is trusted', async () => {
    listener.validate(() => 'silence');
    const waiting = graph.post('/subscriptions', wish());
    await expect.poll(() => clock.armed).toBeGreaterThan(0);
    await clock.advance(seconds(10));
    expect((await waiting).json.error.message).toBe('Subscription validation request timed out.');
    const nobody = await graph.post('/subscriptions', wish({ notificationUrl: 'https://localhost:9/x' }));
    expect([nobody.status, nobody.json.error.code]).toEqual([400, 'ValidationError']);
    listener.reset();
    await test.control('PUT', '/trust', { pem: test.ca.cert });
    expect((await graph.post('/subscriptions', wish())).json.error.code).toBe('ValidationError');
    expect((await test.control('PUT', '/trust', { pem: 'x' })).status).toBe(400);
    await test.control('PUT', '/trust', { pem: listener.ca });
    await subscribe();
  });

  it.each([
    ['http', { notificationUrl: 'http://localhost/x' }],
    ['too long a life', { expirationDateTime: toIso(instant(START + minutes(10_081 + 60))) }],
    ['a life that is over', { expirationDateTime: toIso(instant(START - minutes(1))) }],
    ['no such change', { changeType: 'created,moved' }],
    ['too long a state', { clientState: 'x'.repeat(129) }],
    ['content', { includeResourceData: true }],
    ['another resource', { resource: `users/${ROOM}/messages` }],
    ['an unknown property', { colour: 'red' }],
    ['no resource', { resource: undefined }],
  ])('refuses %s', async (_name, more) => {
    const refused = await graph.post('/subscriptions', wish(more), { isWrong: true });
    expect([refused.status, listener.validated]).toEqual([400, []]);
  });

  it('takes every way to name a mailbox, and only one that the caller may read', async () => {
    for (const resource of [
      `/users/${ROOM}/events`,
      `users('${ROOM}')/events`,
      `users/${encodeURIComponent(ROOM)}/events`,
    ]) {
      await subscribe({ resource });
    }
    const status = async (client: GraphClient, resource: string) =>
      (await client.post('/subscriptions', wish({ resource }))).status;
    expect(await status(graph, 'users/nobody@lintel.example/events')).toBe(404);
    expect(await status(graph, 'users/board-room@lintel.example/events')).toBe(403);
    expect(await status(user, 'me/events')).toBe(201);
    expect(await status(user, `users/${ROOM}/events`), 'delegated: its own mailbox only').toBe(403);
  });

  it('are listed in pages and without their secret, to an account only its own', async () => {
    const own = await user.post('/subscriptions', wish({ resource: 'me/events' }));
    await Promise.all(Array.from({ length: 100 }, () => subscribe()));
    const first = (await graph.get('/subscriptions')).json;
    const rest = (await graph.get(first['@odata.nextLink'])).json;
    expect([first.value.length, rest.value.length, rest['@odata.nextLink']]).toEqual([100, 1, undefined]);
    const all = [...first.value, ...rest.value];
    expect(new Set(all.map(one => one.id)).size).toBe(101);
    expect(new Set(all.map(one => one.clientState))).toEqual(new Set([null]));
    expect((await user.get('/subscriptions')).json.value.map((one: Json) => one.id)).toEqual([own.json.id]);
    for (const { id } of all) await graph.delete(`/subscriptions/${id}`);
  });

  it('lasts at least 45 minutes, until it ends or is renewed', async () => {
    const made = await subscribe({ expirationDateTime: inMinutes(5) });
    expect(made.expirationDateTime).toBe(inMinutes(45));
    await clock.advance(minutes(40));
    const renewed = await graph.patch(`/subscriptions/${made.id}`, { expirationDateTime: inMinutes(100) });
    expect([renewed.status, renewed.json.expirationDateTime]).toEqual([200, inMinutes(100)]);
    await clock.advance(minutes(99));
    expect((await graph.get(`/subscriptions/${made.id}`)).status).toBe(200);
    await clock.advance(minutes(1));
    const fresh = makeGraphClient(test, await appToken(test));
    expect((await fresh.get(`/subscriptions/${made.id}`)).status).toBe(404);
    expect((await fresh.patch(`/subscriptions/${made.id}`, { expirationDateTime: inMinutes(60) })).status).toBe(404);
    graph = fresh;
    await book();
    await pass(seconds(1));
    expect(listener.tries()).toBe(0);
  });
});

describe('notifications', () => {
  it('tell what was made, changed and removed, within 200 ms', async () => {
    const subscription = await subscribe();
    const made = await book();
    await book(OTHER);
    await pass(seconds(0.2));
    await graph.patch(`/users/${ROOM}/events/${made.id}`, { subject: 'y' });
    await pass(seconds(0.2));
    await graph.delete(`/users/${ROOM}/events/${made.id}`);
    await pass(seconds(0.2));
    await expect.poll(told).toEqual([
      ['created', made.id],
      ['updated', made.id],
      ['deleted', made.id],
    ]);
    expect(listener.heard[0]?.value[0]).toEqual({
      subscriptionId: subscription.id,
      subscriptionExpirationDateTime: subscription.expirationDateTime,
      clientState: 'a secret',
      tenantId: test.tenant.tenantId,
      changeType: 'created',
      resource: expect.stringMatching(/^Users\/[0-9a-f-]{36}\/Events\//),
      resourceData: { '@odata.type': '#Microsoft.Graph.Event', '@odata.id': expect.any(String), id: made.id },
    });
  });

  it('tell of the copy a room gets, of the kinds asked for, several at once', async () => {
    await subscribe({ changeType: 'created' });
    await subscribe({ changeType: 'deleted' });
    const other = await subscribe({ resource: `users/${OTHER}/events` });
    const booked = await test.control('POST', `/rooms/${ROOM}/meetings`, {
      start: '2027-07-01T09:00:00Z',
      end: '2027-07-01T10:00:00Z',
    });
    const theirs = await book(OTHER);
    await pass(seconds(0.2));
    await expect.poll(told).toEqual([
      ['created', booked.json.id],
      ['created', theirs.id],
    ]);
    expect(listener.heard, 'one request').toHaveLength(1);
    expect(listener.heard[0]?.value[1].subscriptionId).toBe(other.id);
  });

  it('come again with growing pauses when they are not taken, for four hours', async () => {
    await subscribe();
    listener.take(() => ({ status: 503 }));
    const made = await book();
    await pass(seconds(0.2));
    await expect.poll(listener.tries).toBe(1);
    await pass(seconds(9));
    expect(listener.tries()).toBe(1);
    await pass(seconds(1));
    await expect.poll(listener.tries).toBe(2);
    listener.take(() => ({ status: 200 }));
    await pass(seconds(20));
    await expect.poll(told).toEqual([['created', made.id]]);

    listener.take(() => ({ status: 500 }));
    await book();
    await pass(seconds(0.2));
    const pauses = [10, 20, 40, 80, 160, 320, ...Array<number>(22).fill(600)];
    for (const [index, pause] of pauses.entries()) {
      await expect.poll(() => clock.armed).toBe(1);
      const before = listener.tries();
      await clock.advance(seconds(pause - 1));
      expect(listener.tries(), `early, try ${index + 2}`).toBe(before);
      await clock.advance(seconds(1));
      await expect.poll(listener.tries).toBe(before + 1);
    }
    await expect.poll(() => clock.armed).toBe(0);
  });

  it('are lost where the fault says so', async () => {
    await subscribe();
    test.tenant.faults.add({ kind: 'notifications-lost', mailbox: ROOM, times: 1 });
    await book();
    const second = await book();
    await pass(seconds(0.2));
    await expect.poll(told).toEqual([['created', second.id]]);
  });

  it('go on after the tenant started anew', async () => {
    await subscribe();
    await test.restart();
    const made = await book();
    await pass(seconds(0.2));
    await expect.poll(told).toEqual([['created', made.id]]);
  });
});

describe('lifecycle notifications', () => {
  const send = (id: string, event: string) => test.control('POST', `/subscriptions/${id}/lifecycle`, { event });
  const heardOf = () => listener.heard.map(({ path, value }) => [path, value[0].lifecycleEvent]);

  it('say that some were missed', async () => {
    const made = await subscribe();
    await send(made.id, 'missed');
    await pass(seconds(0.2));
    await expect.poll(heardOf).toEqual([['/lifecycle', 'missed']]);
    expect(listener.heard[0]?.value[0]).toMatchObject({ subscriptionId: made.id, clientState: 'a secret' });
  });

  it('say that the subscription is gone', async () => {
    const made = await subscribe();
    await send(made.id, 'subscriptionRemoved');
    await pass(seconds(0.2));
    await expect.poll(heardOf).toEqual([['/lifecycle', 'subscriptionRemoved']]);
    expect((await graph.get(`/subscriptions/${made.id}`)).status).toBe(404);
    expect((await send(made.id, 'missed')).status).toBe(404);
  });

  it.each([
    ['authorised again', (id: string) => graph.post(`/subscriptions/${id}/reauthorize`, undefined)],
    ['renewed', (id: string) => graph.patch(`/subscriptions/${id}`, { expirationDateTime: inMinutes(60) })],
  ])('hold everything else back until it is %s', async (_how, react) => {
    const made = await subscribe();
    await send(made.id, 'reauthorizationRequired');
    await book();
    await pass(seconds(0.2));
    await expect.poll(heardOf).toEqual([['/lifecycle', 'reauthorizationRequired']]);
    listener.reset();
    expect((await react(made.id)).status).toBeLessThan(300);
    const later = await book();
    await pass(seconds(0.2));
    await expect.poll(told).toEqual([['created', later.id]]);
  });
});
