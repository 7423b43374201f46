/** The panel's half of the relay: what it sends, what it believes, and what it sends again. */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type Called, makeRelayCalendar } from '../../src/calendar/relay/relay-calendar.ts';
import { RoomId } from '../../src/contract/values/ids.ts';
import { minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { at, bookingKey, eventId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOW = at('2026-11-20T10:00:00Z');
const SPAN = { start: NOW, end: plus(NOW, minutes(30)) };
const ROOM = v.parse(RoomId, 'aurora');
const REQUEST = { key: bookingKey(1), span: SPAN, title: 'Booked at the door' };
const ok = (json: unknown): Called => ({ kind: 'ok', json, serverTime: NOW });
const LOST: Called = { kind: 'failed', problem: 'unreachable', retryAfter: null, isSent: true, detail: 'lost' };
const NEVER_LEFT: Called = { ...LOST, isSent: false, detail: 'refused' };
const BOOKED = { kind: 'booked', meeting: meeting('e1', SPAN.start, SPAN.end, { bookingKey: REQUEST.key }) };

/** A central that says these things one after the other, the last one for ever. */
function relayed(...answers: Called[]) {
  const clock = new VirtualClock(NOW);
  const asked: { path: string; body: unknown }[] = [];
  const calendar = makeRelayCalendar({
    room: ROOM,
    canInvite: true,
    clock,
    call: async (path, body) => {
      asked.push({ path, body });
      return answers[Math.min(asked.length, answers.length) - 1] ?? LOST;
    },
  });
  return { calendar, asked, clock };
}

async function settled<T>(clock: VirtualClock, outcome: Promise<T>): Promise<T> {
  await clock.advance(seconds(60));
  expect(clock.armed).toBe(0);
  return outcome;
}

test("a list carries the provider's clock, however wrong central's is, and the age of the read", async () => {
  const json = { kind: 'listed', meetings: [BOOKED.meeting], serverTime: plus(NOW, minutes(-12)), age: 4000 };
  const { calendar, asked } = relayed(ok(json));
  expect(await calendar.list(SPAN, undefined, 'shareable')).toEqual({
    kind: 'listed',
    meetings: [BOOKED.meeting],
    serverTime: plus(NOW, minutes(-12)),
    age: 4000,
  });
  await calendar.list(SPAN);
  expect(asked).toEqual([
    { path: '/list', body: { room: 'aurora', window: SPAN, isShareable: true } },
    { path: '/list', body: { room: 'aurora', window: SPAN, isShareable: false } },
  ]);
});

test("where the provider does not say what time it is, central's clock has to do", async () => {
  const { calendar } = relayed(ok({ kind: 'listed', meetings: [], serverTime: null, age: 0 }));
  expect(await calendar.list(SPAN)).toMatchObject({ serverTime: NOW });
});

test('an answer that is none is misunderstood, and of a write nobody knows what became', async () => {
  for (const json of [null, {}, { kind: 'listed' }, { kind: 'booked', meeting: {} }, '<html>']) {
    const { calendar } = relayed(ok(json));
    const misunderstood = { kind: 'failed', problem: 'misunderstood' };
    expect(await calendar.list(SPAN)).toMatchObject({ ...misunderstood, isOutcomeUnknown: false });
    expect(await calendar.book(REQUEST)).toMatchObject({ ...misunderstood, isOutcomeUnknown: true });
    expect(await calendar.cancel(eventId('e1'), null)).toMatchObject({ ...misunderstood, isOutcomeUnknown: true });
  }
});

test('a booking whose answer was lost is sent again under its key, twice at most', async () => {
  const once = relayed(LOST, ok(BOOKED));
  expect(await settled(once.clock, once.calendar.book(REQUEST))).toEqual(BOOKED);
  expect(once.asked.map(({ body }) => body)).toEqual([
    { room: 'aurora', ...REQUEST },
    { room: 'aurora', ...REQUEST },
  ]);
  const never = relayed(LOST);
  expect(await settled(never.clock, never.calendar.book(REQUEST))).toMatchObject({ isOutcomeUnknown: true });
  expect(never.asked).toHaveLength(3);
  const invited = relayed(LOST);
  await settled(invited.clock, Promise.resolve(invited.calendar.invitations?.send(REQUEST)));
  expect(invited.asked).toHaveLength(3);
});

test('a repeat that never left says nothing of what was sent before it', async () => {
  const { calendar, clock, asked } = relayed(LOST, NEVER_LEFT);
  expect(await settled(clock, calendar.book(REQUEST))).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
  expect(asked).toHaveLength(2);
  const first = relayed(NEVER_LEFT);
  expect(await settled(first.clock, first.calendar.book(REQUEST))).toMatchObject({ isOutcomeUnknown: false });
  expect(first.asked).toHaveLength(1);
});

test('who is told to wait is told, and nothing is sent again meanwhile', async () => {
  const busy: Called = { ...LOST, problem: 'throttled', retryAfter: seconds(7) };
  const { calendar, clock, asked } = relayed(busy);
  expect(await settled(clock, calendar.book(REQUEST))).toMatchObject({ problem: 'throttled', retryAfter: seconds(7) });
  expect(asked).toHaveLength(1);
});

test('nothing but a booking is ever sent twice', async () => {
  const { calendar, clock, asked } = relayed(LOST);
  const event = eventId('e1');
  const { invitations } = calendar;
  const outcomes = [
    calendar.changeEnd(event, 'W/"1"', NOW),
    calendar.cancel(event, null),
    calendar.decline(event, ''),
    calendar.declineSeries(event, ''),
    invitations?.changeEnd(event, NOW),
    invitations?.withdraw(event),
  ];
  for (const outcome of outcomes) {
    expect(await settled(clock, Promise.resolve(outcome))).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
  }
  const reads = [
    calendar.list(SPAN),
    calendar.schedule([], SPAN),
    invitations?.find({ uid: 'uid' }),
    invitations?.answerTo(event),
  ];
  for (const outcome of reads) {
    expect(await settled(clock, Promise.resolve(outcome))).toMatchObject({ kind: 'failed', isOutcomeUnknown: false });
  }
  expect(asked).toHaveLength(outcomes.length + reads.length);
});

test('a booking given up during the pause is not sent again', async () => {
  const { calendar, clock, asked } = relayed(LOST);
  const giveUp = new AbortController();
  const outcome = calendar.book(REQUEST, giveUp.signal);
  await clock.advance(seconds(0.1));
  giveUp.abort();
  expect(await settled(clock, outcome)).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
  expect(asked).toHaveLength(1);
});
