/** The provider against the demo tenant: real TLS with a private CA, a real token, and Graph's own rules of a room. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomCalendar } from '../../../src/calendar/room-calendar.ts';
import { BookingKey, EventId } from '../../../src/contract/values/ids.ts';
import type { Meeting } from '../../../src/contract/values/meeting.ts';
import {
  between,
  hours,
  type Instant,
  instant,
  minutes,
  plus,
  type Span,
  toIso,
} from '../../../src/contract/values/time.ts';
import type { FaultInput } from '../../../src/demo/faults.ts';
import type { TestTenant } from '../../demo/support/tenant.ts';
import { type JudgedTenant, startJudgedTenant } from './judged-tenant.ts';

const newKey = () => v.parse(BookingKey, `lintel-${randomBytes(16).toString('hex')}`);
let judged: JudgedTenant;
let demo: TestTenant;
let problems: string[];
let slots = 0;

beforeAll(async () => {
  judged = await startJudgedTenant();
  ({ demo, problems } = judged);
});
afterAll(() => judged?.stop());
afterEach(() => {
  demo.tenant.faults.clear();
  expect(problems.splice(0)).toEqual([]);
});

const calendarOf = (address: string): RoomCalendar => judged.calendarOf(address);
const room = () => demo.tenant.rooms[0]?.address ?? '';
const stored = async (address: string, { start, end }: Span) =>
  (await demo.control('GET', `/rooms/${address}/events?from=${toIso(start)}&to=${toIso(end)}`)).json;

/** An hour at night in a month's time, another one for each caller. */
function freeSlot(): Span {
  const midnight = Math.floor(Date.now() / 86_400_000 + 30 + slots++) * 86_400_000;
  const start = plus(instant(midnight), hours(1));
  return { start, end: plus(start, hours(1)) };
}
const fault = (input: FaultInput) => demo.tenant.faults.add(input);
const listed = async (calendar: RoomCalendar, span: Span): Promise<Meeting[]> => {
  const answer = await calendar.list(span);
  if (answer.kind !== 'listed') throw new Error(JSON.stringify(answer));
  return answer.meetings;
};
async function booked(calendar: RoomCalendar, span: Span): Promise<Meeting> {
  const answer = await calendar.book({ key: newKey(), span, title: 'Walk-up' });
  if (answer.kind !== 'booked') throw new Error(JSON.stringify(answer));
  return answer.meeting;
}

describe('list', () => {
  const day = (): Span => {
    const now = instant(Date.now());
    return { start: plus(now, hours(-24)), end: plus(now, hours(24)) };
  };

  it('gives what the office has, in every room, and nothing private', async () => {
    let [seen, hidden, named] = [0, 0, 0];
    const span = day();
    for (const { address } of demo.tenant.rooms) {
      const events: { id: string; subject: string; sensitivity: string }[] = await stored(address, span);
      const meetings = await listed(calendarOf(address), span);
      expect(meetings.map(meeting => meeting.id).sort()).toEqual(events.map(event => event.id).sort());
      const starts = meetings.map(({ when }) => (when.kind === 'timed' ? when.start : null)).filter(at => at !== null);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      for (const event of events.filter(one => one.sensitivity !== 'normal')) {
        const meeting = meetings.find(other => other.id === event.id);
        expect(meeting).toMatchObject({ title: { kind: 'private' }, organizer: null });
        if (event.subject !== '') expect(JSON.stringify(meeting)).not.toContain(event.subject);
        hidden++;
      }
      named += meetings.filter(({ title, organizer }) => title.kind === 'none' && organizer !== null).length;
      seen += meetings.length;
    }
    expect(seen).toBeGreaterThan(20);
    expect(hidden).toBeGreaterThan(0);
    // Room mailboxes that put the organiser's name in the subject's place.
    expect(named).toBeGreaterThan(0);
  });

  it('pages', async () => {
    const span = { start: plus(day().start, hours(-24 * 7)), end: plus(day().end, hours(24 * 60)) };
    const events: unknown[] = await stored(room(), span);
    expect((await listed(calendarOf(room()), span)).length).toBe(events.length);
  });

  it("tells the tenant's time", async () => {
    fault({ kind: 'clock-skew', ms: 300_000 });
    const answer = await calendarOf(room()).list(day());
    const ahead = answer.kind === 'listed' ? (answer.serverTime ?? 0) - Date.now() : 0;
    expect(Math.round(ahead / 10_000)).toBe(30);
  });

  it('does not know a room that is not there', async () => {
    expect(await calendarOf('broom.cupboard@nowhere.example').list(day())).toMatchObject({ problem: 'room-not-found' });
  });

  it.each<[string, FaultInput, object]>([
    ['a throttle', { kind: 'throttle', retryAfter: '2.128' }, { problem: 'throttled', retryAfter: 2128 }],
    [
      'a busy server',
      { kind: 'throttle', status: 503, retryAfter: '600' },
      { problem: 'throttled', retryAfter: 600_000 },
    ],
    ['a broken server', { kind: 'error', status: 502 }, { problem: 'provider-error' }],
    ['a server that broke once', { kind: 'error', times: 1 }, { kind: 'listed' }],
    ['a dead line', { kind: 'drop' }, { problem: 'unreachable' }],
    ['a line that died once', { kind: 'drop', times: 1 }, { kind: 'listed' }],
    ['a lost answer', { kind: 'lost-reply', times: 1 }, { kind: 'listed' }],
    ['a slow server', { kind: 'slow', ms: 3000, times: 1 }, { problem: 'unreachable' }],
    ['a token refused once', { kind: 'unauthorized', times: 1 }, { kind: 'listed' }],
    ['a token refused', { kind: 'unauthorized' }, { problem: 'sign-in-needed' }],
    ['a portal', { kind: 'captive-portal' }, { problem: 'captive-portal' }],
  ])('%s', async (_, input, expected) => {
    const calendar = calendarOf(room());
    fault({ ...input, mailbox: room() });
    expect(await calendar.list(day())).toMatchObject(expected);
  });

  it('takes words it does not know for a busy room, and keeps its titles to itself', async () => {
    const calendar = calendarOf(room());
    const before = (await listed(calendar, day())).filter(meeting => meeting.occupies !== 'none');
    fault({ kind: 'unknown-enum' });
    const after = await listed(calendar, day());
    for (const meeting of before) {
      expect(after.find(other => other.id === meeting.id)).toMatchObject({
        occupies: 'busy',
        title: { kind: 'private' },
      });
    }
    // Microsoft's description does not know them either.
    problems.length = 0;
  });

  it('finds the same all-day dates in both ways Graph writes them', async () => {
    const start = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
    const next = new Date(Date.parse(start) + 86_400_000).toISOString().slice(0, 10);
    const meeting = {
      subject: 'Fair',
      isAllDay: true,
      isForced: true,
      start: `${start}T12:00:00Z`,
      end: `${start}T13:00:00Z`,
    };
    const made = await demo.control('POST', `/rooms/${room()}/meetings`, meeting);
    expect(made.status).toBe(201);
    const span = { start: instant(Date.parse(`${start}T00:00:00Z`)), end: instant(Date.parse(`${next}T00:00:00Z`)) };
    const when = async () => (await listed(calendarOf(room()), span)).find(one => one.id === made.json.id)?.when;
    const floating = await when();
    fault({ kind: 'all-day-zoned' });
    expect(floating).toEqual({ kind: 'all-day', startDate: start, endDate: next });
    expect(await when()).toEqual(floating);
  });
});

describe('book', () => {
  it.each<[string, FaultInput | null]>([
    ['a quiet day', null],
    ['a lost reply', { kind: 'lost-reply', times: 1 }],
    ['two lost replies', { kind: 'lost-reply', times: 2 }],
    ['nothing but lost replies', { kind: 'lost-reply', times: 3 }],
    ['a dropped line', { kind: 'drop', times: 2 }],
    ['a broken server', { kind: 'error', times: 2 }],
    ['a refused token', { kind: 'unauthorized', times: 1 }],
  ])('stores one event: %s', async (_, input) => {
    const calendar = calendarOf(room());
    const span = freeSlot();
    const request = { key: newKey(), span, title: 'Walk-up' };
    if (input !== null) fault({ ...input, method: 'POST', mailbox: room() });
    const first = await calendar.book(request);
    expect(first).toMatchObject({
      kind: 'booked',
      meeting: { bookingKey: request.key, isRoomOrganizer: true, occupies: 'busy', when: { kind: 'timed', ...span } },
    });
    const again = await calendarOf(room()).book(request);
    expect(again).toMatchObject({ kind: 'booked', meeting: { id: first.kind === 'booked' ? first.meeting.id : '' } });
    expect(await stored(room(), span)).toMatchObject([{ transactionId: request.key }]);
    expect(await listed(calendar, span)).toHaveLength(1);
  });

  it('tells both panels alike who was first when two book one slot', async () => {
    const span = freeSlot();
    const [one, two] = [calendarOf(room()), calendarOf(room())];
    await booked(one, span);
    await new Promise(resolve => setTimeout(resolve, 15));
    await booked(two, span);
    const [seenByOne, seenByTwo] = [await listed(one, span), await listed(two, span)];
    expect(seenByOne).toEqual(seenByTwo);
    const created: (Instant | null)[] = seenByOne.map(meeting => meeting.createdAt);
    expect(created.every(at => at !== null)).toBe(true);
    expect(new Set(created).size).toBe(2);
  });
});

describe('changeEnd', () => {
  it('extends and shortens, and knows an old version', async () => {
    const calendar = calendarOf(room());
    const span = freeSlot();
    const meeting = await booked(calendar, span);
    const later = plus(span.end, minutes(15));
    const longer = await calendar.changeEnd(meeting.id, meeting.version, later);
    expect(longer).toMatchObject({
      kind: 'changed',
      meeting: { id: meeting.id, when: { start: span.start, end: later } },
    });
    const version = longer.kind === 'changed' ? longer.meeting.version : '';
    expect(version).not.toBe(meeting.version);
    expect(await calendar.changeEnd(meeting.id, meeting.version, span.end)).toMatchObject({ why: 'changed-meanwhile' });
    fault({ kind: 'lost-reply', method: 'PATCH', times: 1 });
    const shorter = plus(span.start, minutes(20));
    expect(await calendar.changeEnd(meeting.id, version, shorter)).toMatchObject({ kind: 'changed' });
    const [{ when } = { when: null }] = await listed(calendar, span);
    expect(when).toMatchObject({ end: shorter });
    expect(between(span.start, shorter)).toBe(minutes(20));
  });

  it('knows an event that is gone', async () => {
    const calendar = calendarOf(room());
    const span = freeSlot();
    const meeting = await booked(calendar, span);
    await calendar.cancel(meeting.id, null);
    expect(await calendar.changeEnd(meeting.id, meeting.version, span.end)).toMatchObject({ why: 'gone' });
  });
});

describe('cancel', () => {
  it('takes away what the room booked, once', async () => {
    const calendar = calendarOf(room());
    const span = freeSlot();
    const meeting = await booked(calendar, span);
    expect(await calendar.cancel(meeting.id, 'W/"old"')).toMatchObject({ why: 'changed-meanwhile' });
    fault({ kind: 'lost-reply', method: 'DELETE', times: 1 });
    expect(await calendar.cancel(meeting.id, meeting.version)).toMatchObject({ isOutcomeUnknown: true });
    expect(await calendar.cancel(meeting.id, meeting.version)).toEqual({ kind: 'done' });
    expect(await stored(room(), span)).toEqual([]);
  });
});

describe('decline', () => {
  it('gives back one occurrence and tells the organiser why', async () => {
    const calendar = calendarOf(room());
    const span = freeSlot();
    const made = await demo.control('POST', `/rooms/${room()}/meetings`, {
      subject: 'Standup',
      start: toIso(span.start),
      end: toIso(span.end),
    });
    expect(made.status).toBe(201);
    const id = v.parse(EventId, made.json.id);
    const [meeting] = await listed(calendar, span);
    expect(meeting).toMatchObject({ id, isRoomOrganizer: false, bookingKey: null });
    expect(meeting?.organizer).toBeTruthy();
    expect(await calendar.decline(id, 'Nobody came.')).toEqual({ kind: 'done' });
    expect(await calendar.decline(id, 'Nobody came.')).toEqual({ kind: 'done' });
    expect((await listed(calendar, span)).filter(one => one.occupies !== 'none')).toEqual([]);
    const messages: { kind: string; comment: string }[] = (await demo.control('GET', '/messages')).json;
    expect(messages.filter(one => one.kind === 'declined' && one.comment === 'Nobody came.')).toHaveLength(1);
  });

  it('is refused for what the room itself organises', async () => {
    const calendar = calendarOf(room());
    const meeting = await booked(calendar, freeSlot());
    expect(await calendar.decline(meeting.id, 'x')).toMatchObject({ kind: 'refused', why: 'not-allowed' });
  });
});
