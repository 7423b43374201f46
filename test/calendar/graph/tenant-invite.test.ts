/** Invitations, schedules and series against the demo tenant, whose room mailboxes answer by their booking policy. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Invitations, Invited, RoomCalendar } from '../../../src/calendar/room-calendar.ts';
import type { Inviter } from '../../../src/contract/values/config.ts';
import { BookingKey, RoomAddress } from '../../../src/contract/values/ids.ts';
import type { Meeting } from '../../../src/contract/values/meeting.ts';
import { hours, instant, minutes, plus, type Span, toIso } from '../../../src/contract/values/time.ts';
import type { FaultInput } from '../../../src/demo/faults.ts';
import { userClient, utc } from '../../demo/support/graph-client.ts';
import { type JudgedTenant, startJudgedTenant } from './judged-tenant.ts';

const newKey = () => v.parse(BookingKey, `lintel-${randomBytes(16).toString('hex')}`);
let judged: JudgedTenant;
let slots = 0;
beforeAll(async () => {
  judged = await startJudgedTenant();
});
afterAll(() => judged?.stop());
afterEach(() => {
  judged.demo.tenant.faults.clear();
  expect(judged.problems.splice(0)).toEqual([]);
});

const room = () => judged.demo.tenant.rooms[0]?.address ?? '';
const inviter = (isSignedIn: boolean): Inviter => ({
  isSignedIn,
  address: v.parse(RoomAddress, judged.demo.tenant.username),
});
function open(as: 'application' | 'account', address = room()): { calendar: RoomCalendar; invitations: Invitations } {
  const calendar = judged.calendarOf(address, as, inviter(as === 'account'));
  if (calendar.invitations === null) throw new Error('nobody invites');
  return { calendar, invitations: calendar.invitations };
}
/** An hour in the small hours of a day in six weeks' time, another day for each caller. */
function freeSlot(): Span {
  const start = plus(instant(Math.floor(Date.now() / 86_400_000 + 42 + slots++) * 86_400_000), hours(2));
  return { start, end: plus(start, hours(1)) };
}
const request = (span: Span) => ({ key: newKey(), span, title: 'Walk-up' });
async function send(invitations: Invitations, span: Span, wanted = request(span)): Promise<Invited> {
  const sent = await invitations.send(wanted);
  if (sent.kind !== 'invited') throw new Error(JSON.stringify(sent));
  return sent;
}
async function inTheRoom(calendar: RoomCalendar, span: Span): Promise<Meeting[]> {
  const answer = await calendar.list(span);
  if (answer.kind !== 'listed') throw new Error(JSON.stringify(answer));
  return answer.meetings.filter(meeting => meeting.occupies !== 'none');
}
/** A room answers in its own time; a look every now and then, as the agent does. */
const answered = (invitations: Invitations, sent: Invited) =>
  expect.poll(async () => {
    const answer = await invitations.answerTo(sent.invitation);
    return answer.kind === 'answered' ? answer.answer : answer;
  });

describe.each(['application', 'account'] as const)('an invitation by the %s', as => {
  it('is accepted by a free room, found by its UID, moved, and taken back', async () => {
    const { calendar, invitations } = open(as);
    const span = freeSlot();
    const wanted = request(span);
    const sent = await send(invitations, span, wanted);
    expect(sent.span).toEqual(span);
    expect(await invitations.find(wanted)).toEqual(sent);
    expect(await invitations.find(request(span))).toMatchObject({ kind: 'refused', why: 'gone' });
    await answered(invitations, sent).toBe('accepted');
    const [copy] = await inTheRoom(calendar, span);
    expect(copy).toMatchObject({ uid: sent.uid, isInvitedByUs: true, isRoomOrganizer: false, bookingKey: null });
    expect(await invitations.find({ uid: copy?.uid ?? '' })).toEqual(sent);

    const earlier = plus(span.start, minutes(20));
    expect(await invitations.changeEnd(sent.invitation, earlier)).toEqual({ kind: 'done' });
    await answered(invitations, sent).toBe('accepted');
    await expect
      .poll(() => inTheRoom(calendar, span))
      .toMatchObject([{ uid: sent.uid, when: { start: span.start, end: earlier } }]);

    expect(await invitations.withdraw(sent.invitation)).toEqual({ kind: 'done' });
    expect(await invitations.withdraw(sent.invitation)).toEqual({ kind: 'done' });
    await expect.poll(() => inTheRoom(calendar, span)).toEqual([]);
    expect(await invitations.find({ uid: sent.uid })).toMatchObject({ kind: 'refused', why: 'gone' });
    expect(await invitations.find(wanted)).toMatchObject({ kind: 'refused', why: 'gone' });
  });

  it('is declined by a room that is taken', async () => {
    const { calendar, invitations } = open(as);
    const span = freeSlot();
    expect(await calendar.book(request(span))).toMatchObject({ kind: 'booked' });
    const sent = await send(invitations, span);
    await answered(invitations, sent).toBe('declined');
    expect(await invitations.withdraw(sent.invitation)).toEqual({ kind: 'done' });
  });

  it.each<[string, FaultInput]>([
    ['two lost replies', { kind: 'lost-reply', times: 2 }],
    ['nothing but lost replies', { kind: 'lost-reply', times: 3 }],
    ['a dropped line', { kind: 'drop', times: 2 }],
    ['a broken server', { kind: 'error', times: 2 }],
  ])('is sent once: %s', async (_, input) => {
    const { calendar, invitations } = open(as);
    const span = freeSlot();
    const wanted = request(span);
    // Signing in before the line goes bad.
    expect(await inTheRoom(calendar, span)).toEqual([]);
    judged.demo.tenant.faults.add({ ...input, method: 'POST' });
    const sent = await invitations.send(wanted);
    expect(sent).toMatchObject({ kind: 'invited' });
    judged.demo.tenant.faults.clear();
    expect(await open(as).invitations.send(wanted)).toEqual(sent);
    await expect.poll(() => inTheRoom(calendar, span)).toHaveLength(1);
  });
});

describe.each(['application', 'account'] as const)('the schedule, read by the %s', as => {
  it('agrees with what the rooms themselves say, in the order asked for', async () => {
    const now = instant(Date.now());
    const window = { start: now, end: plus(now, hours(30)) };
    const unknown = v.parse(RoomAddress, 'broom.cupboard@lintel.example');
    const rooms = judged.demo.tenant.rooms.map(one => v.parse(RoomAddress, one.address));
    const asked = [...rooms.slice(0, 5), unknown, ...rooms.slice(5)];
    const read = await open(as).calendar.schedule(asked, window);
    if (read.kind !== 'scheduled') throw new Error(read.detail);
    expect(read.rooms.map(one => one.room)).toEqual(asked);
    let seen = 0;
    for (const { room: address, busy } of read.rooms) {
      if (address === unknown) expect(busy).toBeNull();
      else {
        const meetings = await inTheRoom(judged.calendarOf(address), window);
        const starts = meetings.map(({ when }) => (when.kind === 'timed' ? Math.max(when.start, window.start) : 0));
        for (const at of starts.filter(start => start > 0))
          expect(busy?.some(({ span }) => span.start === at)).toBe(true);
        seen += starts.length;
      }
    }
    expect(seen).toBeGreaterThan(10);
  });
});

it('declines a whole series where that is asked for, and tells the organiser', async () => {
  const { calendar } = open('application');
  const first = freeSlot();
  slots += 3;
  const window = { start: first.start, end: plus(first.start, hours(24 * 3)) };
  const account = await userClient(judged.demo);
  const made = await account.post('/me/events', {
    subject: 'Standup',
    start: utc(toIso(first.start).slice(0, -1)),
    end: utc(toIso(first.end).slice(0, -1)),
    attendees: [{ type: 'resource', emailAddress: { address: room() } }],
    recurrence: {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate: toIso(first.start).slice(0, 10), numberOfOccurrences: 3 },
    },
  });
  expect(made.status).toBe(201);
  const starts = [0, 24, 48].map(later => plus(first.start, hours(later)));
  const ours = async () =>
    (await inTheRoom(calendar, window)).filter(({ when }) => when.kind === 'timed' && starts.includes(when.start));
  await expect.poll(ours).toHaveLength(3);
  const occurrences = await ours();
  const series = occurrences[0]?.series ?? null;
  if (series === null) throw new Error('no series');
  expect(new Set(occurrences.map(meeting => meeting.series))).toEqual(new Set([series]));
  expect(await calendar.declineSeries(series, 'Nobody comes.')).toEqual({ kind: 'done' });
  expect(await calendar.declineSeries(series, 'Nobody comes.')).toEqual({ kind: 'done' });
  expect(await ours()).toEqual([]);
  const messages: { kind: string; comment: string }[] = (await judged.demo.control('GET', '/messages')).json;
  expect(messages.filter(one => one.kind === 'declined' && one.comment === 'Nobody comes.')).toHaveLength(1);
});
