/** What Graph tells, and what anybody else might: one door, one answer, at most one hint a room and second. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours, milliseconds, minutes, seconds } from '../../src/contract/values/time.ts';
import { describeEngines } from './support/engines.ts';
import { NotificationsWorld } from './support/notifications-world.ts';

describeEngines(engine => {
  let world: NotificationsWorld;

  beforeEach(async () => {
    world = await NotificationsWorld.open(engine(), 'Alta', 'Bodo');
    await world.pair('alta', 'bodo');
    await world.settle();
    await world.clock.advance(seconds(2));
    world.hints = [];
    world.stub.asked.length = 0;
    engine().log.length = 0;
  });
  afterEach(() => world.close());

  /** Posts, and lets what follows the answer happen. */
  async function deliver(...notices: object[]): Promise<void> {
    expect((await world.post({ value: notices })).status).toBe(202);
    await world.clock.advance(milliseconds(60));
    await world.sorted();
  }

  test('a change is a hint for its room; several come in one request', async () => {
    await deliver(world.notice('alta'));
    expect(world.hints).toEqual(['alta']);
    await deliver(world.notice('bodo', { changeType: 'deleted' }), world.notice('alta'));
    await world.clock.advance(seconds(1));
    expect(world.hints.sort()).toEqual(['alta', 'alta', 'bodo']);
    expect((await world.status()).heard).toBeGreaterThan(world.clock.now() - 5000);
    expect(world.stub.asked).toEqual([]);
  });

  test("a wrong secret, an unknown subscription, another one's secret: the same answer, no hint, one line a minute", async () => {
    const right = world.notice('alta');
    const wrongs = [
      { ...right, clientState: `${right.clientState.slice(0, -1)}x` },
      { ...right, clientState: '' },
      { ...right, clientState: right.clientState + right.clientState },
      { ...right, clientState: null },
      { ...right, clientState: world.notice('bodo').clientState },
      { ...right, clientState: 'x'.repeat(5000) },
      { ...right, clientState: ['x'] },
      { ...right, subscriptionId: 'nobody' },
      { ...right, subscriptionId: { $ne: '' } },
      { ...right, subscriptionId: undefined },
      'words',
      null,
      7,
    ];
    const good = await world.post({ value: [right] });
    for (const wrong of wrongs) {
      const answer = await world.post({ value: [wrong] });
      expect([answer.status, await answer.text(), [...answer.headers]]).toEqual([202, '', [...good.headers]]);
    }
    await world.clock.advance(milliseconds(60));
    await world.sorted();
    await world.clock.advance(minutes(1));
    expect(world.hints).toEqual(['alta']);
    const lines = engine().log.filter(line => line.includes('notifications-ignored'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`"count":${wrongs.length}`);
  });

  test('what is no notification at all is answered alike, and nobody sends it again', async () => {
    for (const body of ['', '{', '[]', '{"value":1}', 'null', '{"value":[]}', '\u0000', '{"value":[{"a":1}']) {
      const answer = await world.post(body);
      expect([answer.status, await answer.text()]).toEqual([202, '']);
    }
    expect((await world.post('x'.repeat(256 * 1024))).status).toBe(202);
    expect((await world.post('x'.repeat(256 * 1024 + 1))).status).toBe(413);
    await world.clock.advance(minutes(1));
    expect(world.hints).toEqual([]);
  });

  test('a storm, duplicated and out of order, is one hint a room and second, and the last one is not lost', async () => {
    const storm = Array.from({ length: 500 }, (_, n) => world.notice(n % 3 === 0 ? 'bodo' : 'alta'));
    for (let tenth = 0; tenth < 20; tenth++) {
      const part = storm.slice(0, 50).reverse();
      await world.post({ value: part });
      await world.clock.advance(milliseconds(100));
      await world.sorted();
    }
    await world.clock.advance(seconds(3));
    const of = (room: string) => world.hints.filter(hint => hint === room).length;
    // 0 s, 1 s, 2 s, and what came after the last of them.
    expect(of('alta')).toBe(3);
    expect(of('bodo')).toBe(3);
  });

  test('reauthorizationRequired renews at once, and only once however often it is said', async () => {
    const event = world.notice('alta', { lifecycleEvent: 'reauthorizationRequired' });
    for (let n = 0; n < 50; n++) await world.post({ value: [event] });
    await deliver(event);
    world.clock.jump(minutes(1));
    await world.settle();
    expect(world.stub.asked).toEqual([`PATCH /subscriptions/${event.subscriptionId}`]);
    const [row] = await world.rows();
    expect(row?.expires).toBe(world.clock.now() + hours(70));
    await world.settle();
    expect(world.stub.asked).toHaveLength(1);
    expect(world.hints).toEqual([]);
  });

  test('subscriptionRemoved makes a new one and reads; missed reads', async () => {
    const event = world.notice('alta', { lifecycleEvent: 'subscriptionRemoved' });
    world.stub.subscriptions.delete(event.subscriptionId);
    await deliver(event);
    expect(world.hints).toEqual(['alta']);
    await world.settle();
    expect(world.stub.asked).toEqual(['POST /subscriptions']);
    expect(world.stub.has('alta')).toHaveLength(1);
    await world.clock.advance(seconds(1));
    expect(world.hints).toEqual(['alta', 'alta']);
    await deliver(world.notice('bodo', { lifecycleEvent: 'missed' }));
    expect(world.hints).toEqual(['alta', 'alta', 'bodo']);
  });

  test('a forged removal removes nothing', async () => {
    const event = world.notice('alta', { lifecycleEvent: 'subscriptionRemoved', clientState: 'guess' });
    await deliver(event);
    await world.settle();
    expect(world.stub.asked).toEqual([]);
    expect(await world.rows()).toHaveLength(2);
  });
});
