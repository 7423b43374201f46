/** Room calendars through central: a real central, the demo tenant behind it, and panels that hold no credential. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { hours, minutes, plus, type Span, toIso } from '../../src/contract/values/time.ts';
import { NewVersion, Policies } from '../../src/contract/wire/console.ts';
import { type Door, makeSlots, newKey, type RelayOffice, startRelayOffice } from './support/relay-office.ts';

let office: RelayOffice;
let aurora: Door;
const slot = makeSlots();
const iso = ({ start, end }: Span) => ({ start: toIso(start), end: toIso(end) });
const READ_AURORA = /^GET .*aurora.*calendarView/i;

beforeAll(async () => {
  office = await startRelayOffice();
  aurora = await office.pair('aurora');
});
afterAll(() => office?.stop());

/** How many reads of the room's calendar `task` costs at the tenant. */
async function readsDuring(task: () => Promise<unknown>): Promise<number> {
  const before = await office.asked(READ_AURORA);
  await task();
  return (await office.asked(READ_AURORA)) - before;
}

test('the whole port: book, read, repeat, extend, decline, cancel, schedule', async () => {
  const { calendar } = aurora;
  const span = slot();
  const request = { key: newKey(), span, title: 'Booked at the door' };
  const booked = await calendar.book(request);
  if (booked.kind !== 'booked') throw new Error(JSON.stringify(booked));
  expect(await calendar.book(request)).toMatchObject({ kind: 'booked', meeting: { id: booked.meeting.id } });
  const listed = await calendar.list(span);
  expect(listed).toMatchObject({ kind: 'listed', meetings: [{ id: booked.meeting.id, bookingKey: request.key }] });
  const longer = plus(span.end, minutes(15));
  const changed = await calendar.changeEnd(booked.meeting.id, booked.meeting.version, longer);
  expect(changed).toMatchObject({ kind: 'changed', meeting: { when: { end: longer } } });
  expect(await calendar.changeEnd(booked.meeting.id, booked.meeting.version, span.end)).toMatchObject({
    kind: 'refused',
    why: 'changed-meanwhile',
  });
  const scheduled = await calendar.schedule([], span);
  expect(scheduled).toEqual({ kind: 'scheduled', rooms: [] });
  expect(await calendar.cancel(booked.meeting.id, null)).toEqual({ kind: 'done' });
  expect(await calendar.list(span)).toMatchObject({ kind: 'listed', meetings: [] });

  const theirs = slot();
  await office.book('aurora', { ...iso(theirs), subject: 'Budget' });
  const seen = await calendar.list(theirs);
  const [meeting] = seen.kind === 'listed' ? seen.meetings : [];
  if (meeting === undefined) throw new Error('it is not there');
  expect(await calendar.decline(meeting.id, 'Nobody came.')).toEqual({ kind: 'done' });
  const after = await calendar.list(theirs);
  expect(after.kind === 'listed' && after.meetings.every(({ occupies }) => occupies === 'none')).toBe(true);
});

test('rooms are invited by the service account, and what came of it is told', async () => {
  const { invitations } = aurora.calendar;
  if (invitations === null) throw new Error('nobody invites');
  const request = { key: newKey(), span: slot(), title: 'Booked at the door' };
  const sent = await invitations.send(request);
  if (sent.kind !== 'invited') throw new Error(JSON.stringify(sent));
  expect(await invitations.send(request)).toMatchObject({ kind: 'invited', invitation: sent.invitation });
  expect(await invitations.answerTo(sent.invitation)).toEqual({ kind: 'answered', answer: 'accepted' });
  expect(await invitations.find({ uid: sent.uid })).toMatchObject({ kind: 'invited', invitation: sent.invitation });
  expect(await invitations.find(request)).toMatchObject({ kind: 'invited', invitation: sent.invitation });
  const listed = await aurora.calendar.list(request.span);
  expect(listed).toMatchObject({ meetings: [{ uid: sent.uid, isInvitedByUs: true }] });
  expect(await invitations.changeEnd(sent.invitation, plus(request.span.end, minutes(15)))).toEqual({ kind: 'done' });
  expect(await invitations.withdraw(sent.invitation)).toEqual({ kind: 'done' });
  expect(await invitations.find({ uid: sent.uid })).toMatchObject({ kind: 'refused', why: 'gone' });
});

describe('one read serves everybody', () => {
  const day = (): Span => {
    const { start } = slot();
    return { start, end: plus(start, hours(8)) };
  };

  test('who asks at once, and who asks soon after, for the same or less', async () => {
    const window = day();
    const ask = (span = window) => aurora.calendar.list(span, undefined, 'shareable');
    expect(await readsDuring(() => Promise.all([ask(), ask(), ask(), ask(), ask()]))).toBe(1);
    const span = { start: plus(window.start, hours(1)), end: plus(window.start, hours(2)) };
    const reads = await readsDuring(async () => {
      const later = await ask();
      expect(later.kind === 'listed' && later.age).toBeGreaterThan(0);
      expect(await ask(span)).toMatchObject({ kind: 'listed' });
    });
    expect(reads).toBe(0);
    expect(await readsDuring(() => ask({ ...window, end: plus(window.end, minutes(1)) }))).toBe(1);
  });

  test('who wants to know now is told now, and the others share in it', async () => {
    const window = day();
    expect(await readsDuring(() => aurora.calendar.list(window))).toBe(1);
    expect(await readsDuring(() => aurora.calendar.list(window, undefined, 'shareable'))).toBe(0);
    expect(await readsDuring(() => aurora.calendar.list(window))).toBe(1);
  });

  test('until something is written through central, or somebody hints at a change', async () => {
    const window = day();
    const ask = () => aurora.calendar.list(window, undefined, 'shareable');
    await ask();
    const span = { start: plus(window.start, hours(1)), end: plus(window.start, hours(2)) };
    const booked = await aurora.calendar.book({ key: newKey(), span, title: 'Booked at the door' });
    if (booked.kind !== 'booked') throw new Error(booked.kind);
    expect(await ask()).toMatchObject({ meetings: [{ id: booked.meeting.id }] });
    await aurora.calendar.cancel(booked.meeting.id, null);
    expect(await ask()).toMatchObject({ meetings: [] });
  });

  test('a failure is shared while it is under way, and not kept', async () => {
    const window = day();
    const { faults } = office.session.tenant.tenant;
    faults.add({ kind: 'throttle', status: 429, retryAfter: '2', mailbox: null, method: 'GET', times: 1 });
    const ask = () => aurora.calendar.list(window, undefined, 'shareable');
    const [first, second] = await Promise.all([ask(), ask()]);
    faults.clear();
    expect(first).toMatchObject({ kind: 'failed', problem: 'throttled' });
    expect(first.kind === 'failed' && first.retryAfter).toBeGreaterThan(1000);
    expect(second).toEqual(first);
    // Graph asked to be left alone for two seconds, and is.
    expect(await readsDuring(ask)).toBe(0);
    await new Promise(resolve => setTimeout(resolve, 2100));
    expect(await ask()).toMatchObject({ kind: 'listed' });
  });
});

test('a panel that wrote hears nothing; the panel of a room that was written to by another does at once', async () => {
  const birch = await office.pair('birch');
  const streams = [await aurora.panel.stream(), await birch.panel.stream()] as const;
  for (const stream of streams) await stream.next();
  const booked = await office
    .elsewhere(aurora, 'birch')
    .book({ key: newKey(), span: slot(), title: 'Booked at the door' });
  if (booked.kind !== 'booked') throw new Error(JSON.stringify(booked));
  expect(await streams[1].nextEvent()).toEqual({ event: 'hint', data: { room: birch.room } });
  expect(await birch.calendar.cancel(booked.meeting.id, null)).toEqual({ kind: 'done' });
  // Its own room was not touched, and of its own change a panel needs no word: the next thing it hears is another.
  await office.session.admin.send('POST', `/panels/${birch.panel.id}/identify`);
  expect(await streams[1].nextEvent()).toMatchObject({ event: 'command' });
  for (const stream of streams) stream.stop();
});

test('privacy is applied in central, by the settings of that room', async () => {
  const span = slot();
  await office.book('aurora', { ...iso(span), subject: 'Canary in the mine', isPrivate: true });
  const { admin } = office.session;
  const save = async (values: object) => {
    const { version } = await admin.ask('GET', '/policies', Policies);
    const scope = { kind: 'room', room: aurora.room };
    await admin.ask('PUT', '/policies', NewVersion, { scope, values, basedOn: version });
  };
  const read = async (window: Span, isShareable = true) =>
    (await office.ask(aurora.panel, '/list', { room: aurora.room, window, isShareable })).text();
  expect(await read(span, false)).toMatch(/"private"/);
  expect(await read(span)).not.toMatch(/Canary/);
  const open = slot();
  await office.book('aurora', { ...iso(open), subject: 'Open to all' });
  expect(await read(open, false)).toMatch(/Open to all/);
  // What was read under the old settings is not handed out under the new ones.
  await save({ privacy: { ...DEFAULT_POLICY.privacy, subjects: 'hidden', organizers: 'hidden' } });
  expect(await read(open)).not.toMatch(/Open to all/);
  await save({});
  expect(await read(open)).toMatch(/Open to all/);
});

test('a provider that is slow is given up before the panel gives central up', { timeout: 15_000 }, async () => {
  const { faults } = office.session.tenant.tenant;
  faults.add({ kind: 'slow', ms: 9500, mailbox: null, method: null, times: null });
  const began = performance.now();
  const [listed, booked] = await Promise.all([
    aurora.calendar.list(slot()),
    aurora.calendar.book({ key: newKey(), span: slot(), title: 'Booked at the door' }),
  ]);
  faults.clear();
  expect(performance.now() - began).toBeLessThan(9500);
  expect(listed).toMatchObject({ kind: 'failed', problem: 'unreachable', isOutcomeUnknown: false });
  // It may have been booked all the same: the panel asks again under its key.
  expect(booked).toMatchObject({ kind: 'failed', problem: 'unreachable', isOutcomeUnknown: true });
});
