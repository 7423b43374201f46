/** Subscriptions in Graph that lead here and that nobody here knows, against the demo tenant over real TLS. */

import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openConnection } from '../../src/calendar/graph/connection.ts';
import type { GraphFetch } from '../../src/calendar/graph/ports.ts';
import { type Notifications, startNotifications } from '../../src/central/notifications/notifications.ts';
import { madeFor } from '../../src/central/notifications/plan.ts';
import { notificationStatus } from '../../src/central/notifications/status.ts';
import { keepSubscription } from '../../src/central/notifications/store.ts';
import { findSettings } from '../../src/central/store/settings.ts';
import { RoomAddress, RoomId } from '../../src/contract/values/ids.ts';
import { type Duration, hours, minutes, plus, toIso } from '../../src/contract/values/time.ts';
import { makeFetch } from '../../src/platform/http.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { appToken, type GraphClient, makeGraphClient } from '../demo/support/graph-client.ts';
import { startListener } from '../demo/support/listener.ts';
import { type Json, startTestTenant, type TestTenant } from '../demo/support/tenant.ts';
import { loadGraphContract } from '../support/graph-contract.ts';
import { describeEngines } from './support/engines.ts';
import { pairedPanel } from './support/paired-panel.ts';
import { seedRooms } from './support/running-central.ts';

const PATH = '/graph/notifications';
const LIST = 'GET /subscriptions';
const POST = 'POST /subscriptions';
/** Until one that was unknown is known to be an orphan. */
const A_WHILE = minutes(10);

describeEngines(engine => {
  let demo: TestTenant;
  let listener: Awaited<ReturnType<typeof startListener>>;
  let graph: GraphClient;
  let token: string;
  let http: ReturnType<typeof makeFetch>;
  let contract: Awaited<ReturnType<typeof loadGraphContract>>;
  let running: Notifications;
  /** What central asked since the last look, deletions by id; calls to anybody but the tenant with their host. */
  let asked: string[];
  let objections: string[];
  /** Another answer in the place of the tenant's. */
  let spoil: (name: string, text: string) => string | Promise<string>;
  const db = () => engine().store.db;

  beforeAll(async () => {
    listener = await startListener();
    demo = await startTestTenant({ clock: engine().clock });
    await demo.control('PUT', '/trust', { pem: listener.ca });
    token = await appToken(demo);
    graph = makeGraphClient(demo, token);
    http = makeFetch({ trust: { kind: 'only', ca: demo.ca.cert } });
    contract = await loadGraphContract();
  });
  afterAll(async () => {
    await http?.close();
    await demo?.stop();
    await listener?.stop();
  });

  beforeEach(async () => {
    asked = [];
    objections = [];
    spoil = (_name, text) => text;
    for (const table of ['subscriptions', 'panels', 'rooms', 'settings', 'meta', 'revisions'] as const) {
      await db().deleteFrom(table).execute();
    }
    await seedRooms('Elder', 'Kestrel')(db());
    for (const id of ['elder', 'kestrel']) {
      await db()
        .updateTable('rooms')
        .set({ address: `${id}@lintel.example` })
        .where('id', '=', id)
        .execute();
    }
    await db().updateTable('settings').set({ change_notifications: 1 }).execute();
    running = start();
  });
  afterEach(async () => {
    await running.stop();
    demo.tenant.faults.clear();
    for (const id of await inGraph()) await graph.delete(`/subscriptions/${id}`);
    expect(objections).toEqual([]);
  });

  const judged: GraphFetch = async (address, init = {}) => {
    const { origin, pathname, searchParams } = new URL(address);
    const method = init.method ?? 'GET';
    const name = `${method} ${origin === new URL(demo.tenant.graph).origin ? '' : origin}${pathname.replace('/v1.0', '')}`;
    asked.push(name);
    const query = Object.fromEntries(searchParams);
    // Of next pages the description knows nothing.
    if (query.$skiptoken === undefined) {
      objections.push(...(contract?.checkRequest({ ...init, method, path: pathname, query }) ?? []));
    }
    const answer = await http.fetch(address, init);
    const { status, headers } = answer;
    return status === 204 ? answer : new Response(await spoil(name, await answer.text()), { status, headers });
  };

  const start = (publicUrl: string | null = listener.url) =>
    startNotifications({
      context: engine().context,
      publicUrl,
      openGraph: async connection => {
        const settings = await findSettings(db(), connection);
        if (settings === undefined) return { kind: 'no-token' };
        const opened = openConnection({
          fetch: judged,
          graphBase: demo.tenant.graph,
          token: async () => ({ kind: 'token', accessToken: token }),
          clock: makeSystemClock(),
          random: () => 0,
        });
        return { kind: 'open', graph: opened, settings };
      },
    });
  async function restart(publicUrl?: string | null) {
    await running.stop();
    running = start(publicUrl);
  }
  /** Lets time pass, and tends until there is nothing to do. Answers with what was asked. */
  async function after(span: Duration): Promise<string[]> {
    engine().clock.jump(span);
    for (let before = -1, turns = 0; before !== asked.length; turns++) {
      expect(turns, 'it never ends').toBeLessThan(10);
      before = asked.length;
      await running.tend();
    }
    return asked.splice(0);
  }
  const NOTHING = minutes(0);

  const pair = (...rooms: string[]) =>
    db()
      .insertInto('panels')
      .values(rooms.map(room => pairedPanel(`panel-${room}`, room)))
      .execute();
  const rows = async () => (await db().selectFrom('subscriptions').select('id').execute()).map(row => row.id).sort();
  const inGraph = async (): Promise<string[]> =>
    (await demo.control('GET', '/subscriptions')).json.map((one: Json) => one.id).sort();
  /** Made by somebody else with the same app. */
  async function make(notificationUrl = listener.url + PATH): Promise<string> {
    const made = await graph.post('/subscriptions', {
      changeType: 'updated',
      notificationUrl,
      resource: '/users/kestrel@lintel.example/events',
      expirationDateTime: toIso(plus(engine().clock.now(), hours(70))),
    });
    expect(made.status).toBe(201);
    return made.json.id;
  }
  async function status() {
    const row = await findSettings(db(), 'default');
    if (row === undefined) throw new Error('no settings');
    return notificationStatus(engine().context, row, listener.url);
  }

  test('the answer to a POST is lost: what it made is gone before the half hour, and nothing else', async () => {
    expect(await after(NOTHING)).toEqual([LIST]);
    await pair('elder');
    demo.tenant.faults.add({ kind: 'lost-reply', method: 'POST', times: 1 });
    expect(await after(NOTHING)).toEqual([POST]);
    const [orphan, ...others] = await inGraph();
    expect([others, await rows()]).toEqual([[], []]);
    expect(await after(minutes(2))).toEqual([POST]);
    const [own] = await rows();
    expect(await inGraph()).toEqual([orphan, own].sort());
    expect(await after(minutes(7))).toEqual([]);
    expect(await after(minutes(1))).toEqual([LIST]);
    expect(await after(minutes(9))).toEqual([]);
    expect(await after(minutes(1))).toEqual([LIST, `DELETE /subscriptions/${orphan}`]);
    expect(await inGraph()).toEqual([own]);
    expect(await status()).toMatchObject({ state: 'active', rooms: 1, detail: null });
    expect(await after(hours(23))).toEqual([]);
    expect(await after(hours(1))).toEqual([LIST]);
  });

  test('an answer that is cut short is as good as lost', async () => {
    await after(NOTHING);
    await pair('elder');
    spoil = (name, text) => (name === POST ? text.slice(0, 20) : text);
    expect(await after(NOTHING)).toEqual([POST]);
    await db().deleteFrom('panels').execute();
    expect(await after(A_WHILE)).toEqual([LIST]);
    await after(A_WHILE);
    expect(await inGraph()).toEqual([]);
  });

  test('a refusal is no reason to look', async () => {
    await after(NOTHING);
    await pair('elder');
    listener.validate(() => ({ status: 403, body: '' }));
    expect(await after(NOTHING)).toEqual([POST]);
    listener.reset();
    await db().deleteFrom('panels').execute();
    expect(await after(hours(1))).toEqual([]);
  });

  test('the room has gone while its subscription was made, and it could not be taken back', async () => {
    await after(NOTHING);
    await pair('elder');
    spoil = async (name, text) => {
      if (name === POST) {
        await db().deleteFrom('panels').execute();
        await db().deleteFrom('rooms').where('id', '=', 'elder').execute();
      }
      return text;
    };
    demo.tenant.faults.add({ kind: 'error', method: 'DELETE', times: 1 });
    await after(NOTHING);
    expect(await inGraph()).toHaveLength(1);
    await after(A_WHILE);
    await after(A_WHILE);
    expect(await inGraph()).toEqual([]);
  });

  test('after a start those of an older database go; nobody else is touched, nor what another connection has', async () => {
    const own = await findSettings(db(), 'default');
    if (own === undefined) throw new Error('no settings');
    await db()
      .insertInto('settings')
      .values({ ...own, id: 'second' })
      .execute();
    await db().updateTable('rooms').set({ connection_id: 'second' }).where('id', '=', 'kestrel').execute();
    await pair('elder', 'kestrel');
    const orphans = [await make(), await make()];
    const elsewhere = listener.url.replace('localhost', '127.0.0.1') + PATH;
    const others = [
      await make(elsewhere),
      await make(`${listener.url}/other`),
      await make(`${listener.url + PATH}/deeper`),
      await make(`${listener.url + PATH}?of=another`),
    ];
    await after(NOTHING);
    expect(await rows()).toHaveLength(2);
    expect(await inGraph()).toHaveLength(8);
    await restart();
    await after(NOTHING);
    expect(await inGraph(), 'once is not enough').toHaveLength(8);
    const removals = (await after(A_WHILE)).filter(name => name.startsWith('DELETE'));
    expect(new Set(removals)).toEqual(new Set(orphans.map(id => `DELETE /subscriptions/${id}`)));
    expect(await inGraph()).toEqual([...others, ...(await rows())].sort());
    await after(hours(24));
    await after(A_WHILE);
    expect(await inGraph()).toEqual([...others, ...(await rows())].sort());
  });

  test('one that is just being made is left alone, whoever of the fleet makes it', async () => {
    const made = await make();
    await after(NOTHING);
    const row = await findSettings(db(), 'default');
    if (row === undefined) throw new Error('no settings');
    const wanted = { room: v.parse(RoomId, 'kestrel'), address: v.parse(RoomAddress, 'kestrel@lintel.example') };
    const now = engine().clock.now();
    const kept = await keepSubscription(engine().store, {
      id: made,
      room_id: wanted.room,
      connection_id: 'default',
      made_for: madeFor(row, listener.url, wanted),
      client_state_hash: 'x',
      created: now,
      expires: plus(now, hours(70)),
      heard: null,
    });
    expect(kept).toBe(true);
    await pair('kestrel');
    const later = await make();
    expect(await after(A_WHILE), 'the first is known by now, the second new').toEqual([LIST]);
    expect(await after(A_WHILE)).toEqual([LIST, `DELETE /subscriptions/${later}`]);
    expect(await inGraph()).toEqual([made]);
  });

  test('many are listed in pages, and removed one after the other, a hundred at a time', async () => {
    for (let n = 0; n < 15; n++) {
      await Promise.all(Array.from({ length: 8 }, () => make()));
    }
    await after(NOTHING);
    const removals = async () => (await after(A_WHILE)).filter(name => name.startsWith('DELETE')).length;
    expect([await removals(), await removals(), await removals()]).toEqual([100, 20, 0]);
    expect(await inGraph()).toEqual([]);
  });

  test('a next page on another host is not asked for, and nothing is done by half a list', async () => {
    await make();
    await after(NOTHING);
    spoil = (name, text) =>
      name === LIST
        ? JSON.stringify({ ...JSON.parse(text), '@odata.nextLink': `${listener.url}/v1.0/subscriptions?$skiptoken=x` })
        : text;
    expect(await after(A_WHILE)).toEqual([LIST]);
    expect(await inGraph()).toHaveLength(1);
  });

  test('where listing fails all else goes on, nobody is alarmed, and an hour later it is tried again', async () => {
    const orphan = await make();
    await after(NOTHING);
    demo.tenant.faults.add({ kind: 'captive-portal', method: 'GET' });
    await pair('elder');
    expect(await after(A_WHILE)).toEqual([LIST, POST]);
    expect(await status()).toMatchObject({ state: 'active', rooms: 1, detail: null });
    demo.tenant.faults.clear();
    expect(await after(minutes(59))).toEqual([]);
    demo.tenant.faults.add({ kind: 'error', method: 'DELETE', times: 1 });
    const both = [LIST, `DELETE /subscriptions/${orphan}`];
    expect(await after(minutes(1))).toEqual(both);
    expect(await after(hours(1))).toEqual(both);
    expect(await inGraph()).toEqual(await rows());
    expect((await status()).state).toBe('active');
  });

  test('a wait that Graph asks for while listing is kept by the whole connection', async () => {
    demo.tenant.faults.add({ kind: 'throttle', method: 'GET', retryAfter: '600' });
    await pair('elder');
    expect(await after(NOTHING)).toEqual([LIST]);
    expect(await after(minutes(9))).toEqual([]);
    expect((await status()).state).toBe('starting');
    expect(await after(minutes(1))).toEqual([POST]);
  });

  test('nobody looks where notifications are off, or central has no public address', async () => {
    const orphan = await make();
    await pair('elder');
    const own = async () => {
      expect(await after(NOTHING)).toEqual([LIST, POST]);
      return (await rows())[0];
    };
    const first = await own();
    await restart(null);
    expect([...(await after(NOTHING)), ...(await after(A_WHILE))]).toEqual([`DELETE /subscriptions/${first}`]);
    await restart();
    const second = await own();
    await db().updateTable('settings').set({ change_notifications: 0 }).execute();
    expect([...(await after(NOTHING)), ...(await after(A_WHILE))]).toEqual([`DELETE /subscriptions/${second}`]);
    expect(await inGraph()).toEqual([orphan]);
  });
});
