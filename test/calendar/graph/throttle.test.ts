/** Told to wait, nothing leaves for that mailbox until the wait is over; and never more than four at a time. */
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeGates } from '../../../src/calendar/graph/gate.ts';
import { BookingKey, EventId, RoomAddress } from '../../../src/contract/values/ids.ts';
import { hours, milliseconds, minutes, seconds } from '../../../src/contract/values/time.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { at, calendarAt, DAY, graphError, INVITER, page, type Say, type Stub, sampleEvent, startStub } from './stub.ts';

let graph: Stub;
beforeAll(async () => {
  graph = await startStub(await loadGraphContract());
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const NOW = at('2026-11-20T10:00:00Z');
const EVENT = v.parse(EventId, 'AAMkAGVmMDEz/+A=');
const KEY = v.parse(BookingKey, 'lintel-00112233445566778899aabbccddeeff');
const REQUEST = { key: KEY, span: { start: NOW, end: at('2026-11-20T11:00:00Z') }, title: 'Walk-up' };
const throttled = (retryAfter: string, status = 429): Say =>
  graphError(status, 'ApplicationThrottled', { 'retry-after': retryAfter, date: 'Fri, 20 Nov 2026 10:00:00 GMT' });
/** Answers with `first` once, and then with empty pages. */
const once = (first: Say) => (_: unknown, index: number) => (index === 0 ? first : page());

function open(options = {}) {
  const clock = new VirtualClock(NOW);
  return { clock, calendar: calendarAt(graph.base, { clock, inviter: INVITER, ...options }) };
}

describe('the wait is obeyed in full', () => {
  it.each<[string, Say, number]>([
    ['whole seconds', throttled('7'), 7000],
    ['fractional seconds', throttled('2.128'), 2128],
    ['a date', throttled('Fri, 20 Nov 2026 10:10:00 GMT'), 600_000],
    ['six hours', throttled('21600'), 21_600_000],
    ['two days', throttled('172800'), 172_800_000],
    ['503', throttled('30', 503), 30_000],
    ['504', throttled('30', 504), 30_000],
    ['500', throttled('30', 500), 30_000],
  ])('%s', async (_, say, wait) => {
    const { clock, calendar } = open();
    graph.play(once(say));
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'failed', retryAfter: wait });
    expect(await calendar.list(DAY)).toMatchObject({ problem: 'throttled', retryAfter: wait });
    await clock.advance(milliseconds(wait - 1));
    expect(await calendar.list(DAY)).toMatchObject({ problem: 'throttled', retryAfter: 1 });
    expect(graph.asked).toHaveLength(1);
    await clock.advance(milliseconds(1));
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'listed' });
    expect(graph.asked).toHaveLength(2);
    expect(clock.armed).toBe(0);
  });

  it('by every question and every write, which then certainly was not made', async () => {
    const { clock, calendar } = open();
    graph.play(once(throttled('600')));
    await calendar.list(DAY);
    await clock.advance(minutes(4));
    for (const answer of await Promise.all([
      calendar.list(DAY),
      calendar.book(REQUEST),
      calendar.changeEnd(EVENT, 'W/"1"', NOW),
      calendar.cancel(EVENT, null),
      calendar.decline(EVENT, 'Nobody came.'),
      calendar.declineSeries(EVENT, 'Nobody comes.'),
    ]))
      expect(answer).toMatchObject({
        kind: 'failed',
        problem: 'throttled',
        retryAfter: minutes(6),
        isOutcomeUnknown: false,
        detail: expect.stringContaining('told to wait, 360 s left; not asked'),
      });
    expect(graph.asked).toHaveLength(1);
  });

  it("by the inviter's mailbox too, and neither holds up the other", async () => {
    const { calendar } = open();
    const { invitations } = calendar;
    graph.play(once(throttled('600')));
    expect(await invitations?.withdraw(EVENT)).toMatchObject({ problem: 'throttled', isOutcomeUnknown: false });
    for (const answer of await Promise.all([
      invitations?.send(REQUEST),
      invitations?.find({ uid: 'x' }),
      invitations?.answerTo(EVENT),
      invitations?.changeEnd(EVENT, NOW),
      invitations?.withdraw(EVENT),
      calendar.schedule([v.parse(RoomAddress, 'oak@contoso.example')], DAY),
    ]))
      expect(answer).toMatchObject({ problem: 'throttled', isOutcomeUnknown: false });
    expect(graph.asked).toHaveLength(1);
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'listed' });
  });

  it('by a write that was lost before: nobody knows what became of it, and it is not sent again', async () => {
    const { clock, calendar } = open();
    graph.play(['drop', throttled('5')]);
    const booking = calendar.book(REQUEST);
    while (graph.asked.length < 2) {
      await clock.advance(milliseconds(100));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(await booking).toMatchObject({ problem: 'throttled', isOutcomeUnknown: true, retryAfter: 5000 });
    expect(await calendar.book(REQUEST)).toMatchObject({ problem: 'throttled', isOutcomeUnknown: false });
    expect(graph.asked).toHaveLength(2);
  });

  it('by those that were queueing', async () => {
    const { calendar } = open();
    const [four, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    graph.play(async (_, index) => {
      if (index === 3) four.resolve();
      await (index === 0 ? four : rest).promise;
      return index === 0 ? throttled('60') : page();
    });
    const kinds: string[] = [];
    const asked = Array.from({ length: 9 }, async () => kinds.push((await calendar.list(DAY)).kind));
    await expect.poll(() => kinds.length).toBe(6);
    expect(kinds).toEqual(Array(6).fill('failed'));
    rest.resolve();
    await Promise.all(asked);
    expect(kinds.slice(6)).toEqual(Array(3).fill('listed'));
    expect(graph.asked).toHaveLength(4);
  });

  it('the longer of two', async () => {
    const { clock, calendar } = open();
    const both = Promise.withResolvers<void>();
    graph.play(async (_, index) => {
      if (index === 1) both.resolve();
      await both.promise;
      return index === 0 ? throttled('600') : index === 1 ? throttled('5') : page();
    });
    await Promise.all([calendar.list(DAY), calendar.list(DAY)]);
    await clock.advance(seconds(6));
    expect(await calendar.list(DAY)).toMatchObject({ problem: 'throttled', retryAfter: 594_000 });
  });

  it('before a token is even asked for', async () => {
    let tokens = 0;
    const token = async () => ({ kind: 'token' as const, accessToken: `t${++tokens}` });
    const { calendar } = open({ token });
    graph.play(once(throttled('600')));
    await calendar.list(DAY);
    await calendar.list(DAY);
    expect(tokens).toBe(1);
  });

  it('by every calendar that shares its gates, and by no other', async () => {
    const clock = new VirtualClock(NOW);
    const gates = makeGates(clock);
    const calendars = [{ gates }, { gates }, {}].map(options => calendarAt(graph.base, { clock, ...options }));
    graph.play(once(throttled('600')));
    await calendars[0]?.list(DAY);
    expect(await calendars[1]?.list(DAY)).toMatchObject({ problem: 'throttled' });
    expect(await calendars[2]?.list(DAY)).toMatchObject({ kind: 'listed' });
  });

  it('and no longer, when the clock is set back meanwhile', async () => {
    const { clock, calendar } = open();
    graph.play(once(throttled('60')));
    await calendar.list(DAY);
    clock.jump(milliseconds(-hours(5)));
    expect(await calendar.list(DAY)).toMatchObject({ problem: 'throttled', retryAfter: 60_000 });
    await clock.advance(minutes(1));
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'listed' });
  });

  it.each([
    ['a throttle that names no time', graphError(429, 'x')],
    ['a time that has passed', throttled('Fri, 20 Nov 2026 09:00:00 GMT')],
    ["a portal's wait", { status: 511, body: '<html>', headers: { 'retry-after': '600' } }],
    ['no right to the room', graphError(403, 'x', { 'retry-after': '600' })],
  ])('holds nothing up: %s', async (_, say) => {
    const { calendar } = open();
    graph.play(once(say));
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'failed' });
    expect(await calendar.list(DAY)).toMatchObject({ kind: 'listed' });
  });
});

it('at most four at a time go to one mailbox, and another does not wait for it', async () => {
  const underWay = new Map<string, number>();
  const most = new Map<string, number>();
  const all = Promise.withResolvers<void>();
  graph.play(async ({ path }) => {
    const mailbox = path.startsWith('/v1.0/me/') ? 'inviter' : 'room';
    underWay.set(mailbox, (underWay.get(mailbox) ?? 0) + 1);
    most.set(mailbox, Math.max(most.get(mailbox) ?? 0, underWay.get(mailbox) ?? 0));
    await all.promise;
    await new Promise(resolve => setTimeout(resolve, 5));
    underWay.set(mailbox, (underWay.get(mailbox) ?? 0) - 1);
    return mailbox === 'room' ? page() : { status: 200, body: sampleEvent({ attendees: [] }) };
  });
  const { calendar } = open();
  const lists = Array.from({ length: 11 }, () => calendar.list(DAY));
  const answers = Array.from({ length: 11 }, () => calendar.invitations?.answerTo(EVENT));
  while (graph.asked.length < 8) await new Promise(resolve => setTimeout(resolve, 5));
  all.resolve();
  expect((await Promise.all(lists)).every(answer => answer.kind === 'listed')).toBe(true);
  expect((await Promise.all(answers)).some(answer => answer?.kind === 'failed')).toBe(false);
  expect(Object.fromEntries(most)).toEqual({ room: 4, inviter: 4 });
});
