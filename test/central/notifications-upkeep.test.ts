/** Graph's subscriptions follow the rooms with panels, for days, through failures and restarts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf } from '../../src/central/random.ts';
import { hours, minutes, seconds } from '../../src/contract/values/time.ts';
import { describeEngines } from './support/engines.ts';
import { NotificationsWorld, PUBLIC } from './support/notifications-world.ts';

describeEngines(engine => {
  let world: NotificationsWorld;
  const db = () => engine().store.db;

  beforeEach(async () => {
    world = await open('Alta', 'Bodo', 'Drammen');
  });
  afterEach(() => world.close());

  const LIST = 'GET /subscriptions';
  /** Has looked for orphans, which then happens daily. */
  async function open(...rooms: string[]): Promise<NotificationsWorld> {
    const opened = await NotificationsWorld.open(engine(), ...rooms);
    const { stub } = opened;
    stub.pages.set('/v1.0/subscriptions', {
      get value() {
        return [...stub.subscriptions.values()];
      },
    });
    await opened.look();
    expect(stub.asked.splice(0)).toEqual([LIST]);
    return opened;
  }

  test('a room with a panel gets one, by itself and soon; one without gets none', async () => {
    await world.pair('alta');
    engine().context.hub.topicsChanged('rooms');
    await world.clock.advance(seconds(5));
    await expect.poll(() => world.stub.subscriptions.size).toBe(1);
    await world.settle();
    const [row] = await world.rows();
    const [made] = world.stub.has('alta');
    expect(made).toMatchObject({
      changeType: 'created,updated,deleted',
      notificationUrl: `${PUBLIC}/graph/notifications`,
      lifecycleNotificationUrl: `${PUBLIC}/graph/notifications`,
      resource: '/users/alta@example.com/events',
    });
    expect(made?.clientState).toMatch(/^[0-9a-f]{32}$/);
    // Only its hash is kept.
    expect(row).toMatchObject({ room_id: 'alta', client_state_hash: hashOf(made?.clientState ?? '') });
    expect(JSON.stringify(row) + engine().log.join('')).not.toContain(made?.clientState);
    expect(world.hints).toEqual(['alta']);
    expect(await world.status()).toEqual({ state: 'active', rooms: 1, wanted: 1, heard: null, detail: null });
  });

  test('it is renewed well before it runs out, week after week, with few requests', async () => {
    await world.pair('alta', 'bodo', 'drammen');
    await world.settle();
    const ids = (await world.rows()).map(row => row.id);
    let worst = Number.POSITIVE_INFINITY;
    for (let hour = 0; hour < 14 * 24; hour++) {
      world.clock.jump(hours(1));
      await world.settle();
      for (const row of await world.rows())
        worst = Math.min(worst, (row.expires - world.clock.now()) / (4200 * 60_000));
    }
    expect((await world.rows()).map(row => row.id)).toEqual(ids);
    expect(worst).toBeGreaterThan(0.45);
    // 14 days at 28 to 35 hours each.
    const renewals = world.stub.asked.filter(name => name.startsWith('PATCH')).length;
    expect(renewals).toBeGreaterThanOrEqual(3 * 9);
    expect(renewals).toBeLessThanOrEqual(3 * 12);
    const looks = world.stub.asked.filter(name => name === LIST).length;
    expect(looks).toBe(14);
    expect(world.stub.asked.length).toBe(renewals + looks + 3);
  });

  test('what Graph grants is obeyed, shorter than asked, too', async () => {
    world.stub.longestLife = 60 * 60_000;
    await world.pair('alta');
    await world.settle();
    expect((await world.rows())[0]?.expires).toBe(world.clock.now() + 60 * 60_000);
    world.clock.jump(minutes(32));
    await world.settle();
    expect(world.stub.asked).toEqual(['POST /subscriptions', 'PATCH /subscriptions/subscription-1']);
    expect((await world.rows())[0]?.expires).toBe(world.clock.now() + 60 * 60_000);
  });

  test('one that Graph has forgotten is made anew, and the room is read', async () => {
    await world.pair('alta');
    await world.settle();
    await world.clock.advance(seconds(1));
    world.stub.subscriptions.clear();
    world.hints = [];
    world.clock.jump(hours(36));
    await world.settle();
    expect((await world.rows()).map(row => row.id)).toEqual(['subscription-2']);
    expect(world.stub.has('alta')).toHaveLength(1);
    expect(world.hints).toEqual(['alta']);
  });

  test('a restart keeps them', async () => {
    await world.pair('alta', 'bodo');
    await world.settle();
    await world.restart();
    await world.settle();
    expect(world.stub.asked).toEqual(['POST /subscriptions', 'POST /subscriptions', LIST]);
    expect(await world.rows()).toHaveLength(2);
  });

  test('they end with the panel, with the switch, and without a public address', async () => {
    await world.pair('alta', 'bodo', 'drammen');
    await world.settle();
    await db().deleteFrom('panels').where('room_id', '=', 'alta').execute();
    await world.settle();
    expect((await world.rows()).map(row => row.room_id)).toEqual(['bodo', 'drammen']);
    expect(world.stub.subscriptions.size).toBe(2);
    await world.wants(false);
    await world.settle();
    expect([world.stub.subscriptions.size, (await world.rows()).length]).toEqual([0, 0]);
    expect((await world.status()).state).toBe('off');
    await world.wants(true);
    await world.settle();
    expect(world.stub.subscriptions.size).toBe(2);
    await world.restart(null);
    await world.settle();
    expect(world.stub.subscriptions.size).toBe(0);
    expect(await world.status(null)).toMatchObject({ state: 'no-public-address', rooms: 0, wanted: 2 });
  });

  test('a room that is deleted takes its own along, at Graph too, also while Graph is away', async () => {
    await world.pair('alta', 'bodo', 'drammen');
    await world.settle();
    const remove = async (room: string) => {
      await db().deleteFrom('panels').where('room_id', '=', room).execute();
      await db().deleteFrom('rooms').where('id', '=', room).execute();
    };
    await remove('alta');
    await world.settle();
    expect(world.stub.has('alta')).toEqual([]);
    world.stub.fault = () => ({ status: 502, code: 'BadGateway' });
    await remove('bodo');
    await world.settle();
    expect(world.stub.has('bodo')).toHaveLength(1);
    world.stub.fault = () => null;
    world.clock.jump(minutes(2));
    await world.settle();
    expect([...world.stub.subscriptions.values()].map(one => one.resource)).toEqual([
      '/users/drammen@example.com/events',
    ]);
    expect((await world.rows()).map(row => row.room_id)).toEqual(['drammen']);
  });

  test('for another address of central, app or mailbox they are made anew', async () => {
    await world.pair('alta');
    await world.settle();
    await world.restart('https://other.example');
    await world.settle();
    expect(world.stub.has('alta').map(one => one.notificationUrl)).toEqual([
      'https://other.example/graph/notifications',
    ]);
    await db().updateTable('rooms').set({ address: 'alta.new@example.com' }).where('id', '=', 'alta').execute();
    await world.settle();
    expect([...world.stub.subscriptions.values()].map(one => one.resource)).toEqual([
      '/users/alta.new@example.com/events',
    ]);
    await db().updateTable('settings').set({ client_id: 'another' }).execute();
    await world.settle();
    expect(world.stub.subscriptions.size).toBe(1);
    expect((await world.rows()).map(row => row.id)).toEqual([[...world.stub.subscriptions.keys()][0]]);
  });

  test('a failure is told, tried again after a growing while, and forgotten when it is over', async () => {
    world.stub.fault = () => ({ status: 400, code: 'ValidationError' });
    await world.pair('alta');
    await world.settle();
    const told = await world.status();
    expect(told).toMatchObject({ state: 'failing', rooms: 0, wanted: 1 });
    expect(told.detail).toContain('ValidationError: Graph could not reach https://central.example/graph/notifications');
    for (let minute = 0; minute < 120; minute++) {
      world.clock.jump(minutes(1));
      await world.settle();
    }
    expect(world.stub.asked.length).toBeGreaterThan(5);
    expect(world.stub.asked.length).toBeLessThan(10);
    world.stub.fault = () => null;
    for (let minute = 0; minute < 80; minute++) {
      world.clock.jump(minutes(1));
      await world.settle();
    }
    expect(await world.status()).toMatchObject({ state: 'active', rooms: 1, detail: null });
  });

  test('one mailbox that is shut out holds up no other', async () => {
    let isShut = true;
    world.stub.fault = () => (isShut ? { status: 403, code: 'ErrorAccessDenied' } : null);
    await world.pair('alta');
    await world.settle();
    expect((await world.status()).detail).toContain('application permission');
    isShut = false;
    await world.pair('bodo', 'drammen');
    await world.settle();
    expect((await world.rows()).map(row => row.room_id)).toEqual(['bodo', 'drammen']);
    expect(await world.status()).toMatchObject({ state: 'failing', rooms: 2, wanted: 3 });
    world.clock.jump(minutes(2));
    await world.settle();
    expect(await world.status()).toMatchObject({ state: 'active', rooms: 3, detail: null });
  });

  test('other settings are tried at once', async () => {
    world.stub.fault = () => ({ status: 401, code: 'InvalidAuthenticationToken' });
    await world.pair('alta', 'bodo', 'drammen');
    await world.settle();
    expect(await world.status()).toMatchObject({ state: 'failing', rooms: 0 });
    world.stub.fault = () => null;
    await world.settle();
    expect(world.stub.subscriptions.size).toBe(0);
    await db().updateTable('settings').set({ sealed_client_secret: 'another' }).execute();
    await world.settle();
    expect(await world.status()).toMatchObject({ state: 'active', rooms: 3 });
  });

  test('Retry-After is obeyed by the whole connection', async () => {
    world.stub.fault = () => ({ status: 429, code: 'TooManyRequests', retryAfter: '600' });
    await world.pair('alta', 'bodo', 'drammen');
    await world.settle();
    const asked = world.stub.asked.length;
    world.stub.fault = () => null;
    world.clock.jump(minutes(9));
    await world.settle();
    expect(world.stub.asked.length).toBe(asked);
    world.clock.jump(minutes(2));
    await world.settle();
    expect(world.stub.subscriptions.size).toBe(3);
  });

  test('hundreds of rooms are spread over minutes, four calls at a time at most; a dead Graph is asked a few times', async () => {
    const rooms = Array.from({ length: 300 }, (_, n) => `R${n}`);
    await world.close();
    world = await open(...rooms);
    await world.pair(...rooms.map(room => room.toLowerCase()));
    world.stub.fault = () => ({ status: 502, code: 'BadGateway' });
    await world.settle();
    expect(world.stub.asked.length).toBeLessThanOrEqual(12);
    world.stub.fault = () => null;
    world.clock.jump(minutes(2));
    const before = world.stub.asked.length;
    await world.look();
    expect(world.stub.asked.length - before).toBe(100);
    expect(await world.status()).toMatchObject({ state: 'starting', rooms: 100, wanted: 300 });
    await world.settle();
    expect(await world.status()).toMatchObject({ state: 'active', rooms: 300, detail: null });
    expect(world.stub.mostAtATime).toBeLessThanOrEqual(4);
    expect(world.stub.asked.length - before).toBe(300);
    // Made together, they are not renewed together.
    world.clock.jump(hours(29));
    const renewed = [];
    for (let hour = 0; hour < 7; hour++) {
      world.stub.asked.length = 0;
      await world.settle();
      renewed.push(world.stub.asked.filter(name => name !== LIST).length);
      world.clock.jump(hours(1));
    }
    expect(Math.max(...renewed)).toBeLessThan(75);
    expect(renewed.reduce((a, b) => a + b)).toBe(300);
  });
});
