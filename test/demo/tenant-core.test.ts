/** The tenant's rules in one process: quick, the same for the same seed, and with an account of what happened. */
import { afterEach, describe, expect, it } from 'vitest';
import { instant, minutes, toIso } from '../../src/contract/values/time.ts';
import { findItem } from '../../src/demo/calendar/read.ts';
import { bookAsSomebody } from '../../src/demo/office/book.ts';
import { cancelAsOrganizer, moveAsOrganizer } from '../../src/demo/office/organise.ts';
import type { Change } from '../../src/demo/store/changes.ts';
import { AURORA, CEDAR, makeTestCore, PERSON } from './support/core.ts';
import { utc } from './support/graph-client.ts';
import type { Json } from './support/tenant.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const core of open.splice(0)) core.close();
});
function start(seed?: number) {
  const core = makeTestCore(seed);
  open.push(core);
  const log: Change[] = [];
  core.changes.watch(changes => log.push(...changes));
  return { ...core, log, told: () => log.splice(0).map(({ by, kind, mailbox }) => `${by} ${kind} ${mailbox}`) };
}

const EVENTS = `/users/${AURORA}/events`;
const nine = {
  subject: 'Walk-up',
  start: utc('2026-11-20T11:00:00'),
  end: utc('2026-11-20T11:30:00'),
  transactionId: 'one',
};
const at = (time: string) => instant(Date.parse(`2026-11-20T${time}:00Z`));
/** What a person asks of a room. */
const meeting = (from: string, to: string) => ({
  organizer: PERSON,
  subject: 'Theirs',
  start: at(from),
  end: at(to),
  isPrivate: false,
  isTentative: false,
  isAllDay: false,
  recurrence: null,
  isForced: false,
});
const roomOf = (core: ReturnType<typeof start>, address: string) => {
  const room = core.calendars.mailboxes.find(address);
  if (room?.kind !== 'room') throw new Error('no such room');
  return room;
};

describe('a tenant in one process', () => {
  it('is there in less than ten milliseconds', () => {
    start();
    const began = performance.now();
    for (let i = 0; i < 20; i++) makeTestCore(i).close();
    expect((performance.now() - began) / 20).toBeLessThan(10);
  });

  it('gives the same answers for the same seed, and others for another', async () => {
    const life = async (seed: number) => {
      const core = start(seed);
      const made = await core.call('POST', EVENTS, nine);
      await core.clock.advance(minutes(1));
      bookAsSomebody(core.calendars, roomOf(core, AURORA), meeting('12:00', '13:00'));
      const view = await core.call('GET', `${EVENTS}?$top=50`);
      return JSON.stringify([made.json, [...made.headers], view.json, core.log]);
    };
    const first = await life(7);
    expect(await life(7)).toBe(first);
    expect(await life(8)).not.toBe(first);
  });

  it('dates its answers by the clock it was given', async () => {
    const core = start();
    await core.clock.advance(minutes(3));
    expect((await core.call('GET', EVENTS)).headers.get('date')).toBe('Fri, 20 Nov 2026 10:10:00 GMT');
  });
});

describe('the hour that the clocks show twice', () => {
  /** 02:00 to 03:00 in Oslo, once before and once after 01:00Z. */
  const night = (time: string) => instant(Date.parse(`2026-10-25T${time}:00Z`));
  const shown = async ({ call }: ReturnType<typeof start>) => {
    const window = 'startDateTime=2026-10-24T00:00:00Z&endDateTime=2026-10-27T00:00:00Z';
    const { json } = await call('GET', `/users/${AURORA}/calendarView?${window}`);
    return json.value.map((event: Json) => [event.start, event.end].map(({ dateTime }) => dateTime.slice(8, 16)));
  };
  const book = (core: ReturnType<typeof start>, from: string, to: string) =>
    bookAsSomebody(core.calendars, roomOf(core, AURORA), {
      ...meeting('12:00', '13:00'),
      start: night(from),
      end: night(to),
    });

  it('is kept apart, whoever books in it', async () => {
    const core = start();
    book(core, '00:30', '01:10');
    book(core, '01:20', '01:40');
    expect(await shown(core)).toEqual([
      ['25T00:30', '25T01:10'],
      ['25T01:20', '25T01:40'],
    ]);
  });

  it('is kept apart where a program moves an end, and changes nothing else', async () => {
    const core = start();
    const { id } = book(core, '00:30', '00:50');
    await core.call('PATCH', `${EVENTS}/${id}`, { end: utc('2026-10-25T01:05:00') });
    expect(await shown(core)).toEqual([['25T00:30', '25T01:05']]);
    await core.call('PATCH', `${EVENTS}/${id}`, { subject: 'Other' });
    expect(await shown(core)).toEqual([['25T00:30', '25T01:05']]);
    const oslo = { dateTime: '2026-10-25T02:45:00', timeZone: 'Europe/Oslo' };
    expect((await core.call('POST', EVENTS, { ...nine, start: oslo, end: utc('2026-10-25T01:15:00') })).status).toBe(
      201,
    );
    expect((await shown(core)).at(-1), 'without an offset it is the first time').toEqual(['25T00:45', '25T01:15']);
  });

  it('leaves the other days of a series at their time on the wall', async () => {
    const core = start();
    const range = { type: 'numbered', startDate: '2026-10-25', numberOfOccurrences: 2 };
    const recurrence = { pattern: { type: 'daily', interval: 1 }, range };
    const oslo = (time: string) => ({ dateTime: `2026-10-25T${time}:00+01:00`, timeZone: 'Europe/Oslo' });
    await core.call('POST', EVENTS, { ...nine, start: oslo('02:30'), end: oslo('02:50'), recurrence });
    expect(await shown(core)).toEqual([
      ['25T01:30', '25T01:50'],
      ['26T01:30', '26T01:50'],
    ]);
  });
});

describe('the account of changes', () => {
  it('tells who changed what, with the times before and after', async () => {
    const core = start();
    const { json: made } = await core.call('POST', EVENTS, nine);
    await core.clock.advance(minutes(2));
    await core.call('PATCH', `${EVENTS}/${made.id}`, { end: utc('2026-11-20T11:45:00') });
    await core.call('DELETE', `${EVENTS}/${made.id}`);
    const shown = core.log.map(({ at: when, kind, by, id, before, after }) => ({
      ...{ at: toIso(when), kind, by, isIt: id === made.id, key: (after ?? before)?.event.transactionId },
      ends: [before, after].map(side => side && toIso(side.span.end).slice(11, 16)),
    }));
    const same = { by: 'graph', isIt: true, key: 'one' };
    expect(shown).toEqual([
      { ...same, at: '2026-11-20T10:07:00.000Z', kind: 'created', ends: [null, '11:30'] },
      { ...same, at: '2026-11-20T10:09:00.000Z', kind: 'changed', ends: ['11:30', '11:45'] },
      { ...same, at: '2026-11-20T10:09:00.000Z', kind: 'removed', ends: ['11:45', null] },
    ]);
  });

  it('keeps people, programs and rooms apart', async () => {
    const core = start();
    const booked = bookAsSomebody(core.calendars, roomOf(core, CEDAR), meeting('12:00', '13:00'));
    expect(core.told()).toEqual([`control created ${PERSON}`, `room created ${CEDAR}`, `room changed ${PERSON}`]);
    const item = findItem(core.calendars, CEDAR, booked.id ?? '');
    if (item === null) throw new Error('not booked');
    moveAsOrganizer(core.calendars, item, { start: at('14:00'), end: at('15:00') });
    expect(core.told()).toEqual([`control changed ${PERSON}`, `room changed ${CEDAR}`, `room changed ${PERSON}`]);
    await core.call('POST', `/users/${CEDAR}/events/${item.id}/decline`, { comment: '', sendResponse: true });
    expect(core.told()).toEqual([`graph removed ${CEDAR}`, `graph changed ${PERSON}`]);
    cancelAsOrganizer(core.calendars, item);
    expect(core.told(), 'the room has nothing left to lose').toEqual([`control removed ${PERSON}`]);
  });

  it('says nothing of what was undone, and each commit at once', () => {
    const core = start();
    const { changes, calendars } = core;
    const batches: number[] = [];
    changes.watch(batch => batches.push(batch.length));
    const book = () => bookAsSomebody(calendars, roomOf(core, AURORA), meeting('12:00', '13:00'));
    expect(() =>
      calendars.events.atomically(() => {
        book();
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(batches).toEqual([]);
    expect(calendars.events.ofMailbox(AURORA)).toEqual([]);
    calendars.events.atomically(() => void book());
    expect(batches).toEqual([3]);
  });

  it('tells of an occurrence that was moved, and of one that was taken out', async () => {
    const core = start();
    const range = { type: 'numbered', startDate: '2026-11-20', numberOfOccurrences: 3 };
    const recurrence = { pattern: { type: 'daily', interval: 1 }, range };
    const { json: series } = await core.call('POST', EVENTS, { ...nine, recurrence });
    const window = 'startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';
    const { json } = await core.call('GET', `/users/${AURORA}/calendarView?${window}`);
    const [first, second] = json.value;
    core.told();
    await core.call('PATCH', `${EVENTS}/${first.id}`, { end: utc('2026-11-20T11:45:00') });
    await core.call('DELETE', `${EVENTS}/${second.id}`);
    expect(core.log.map(({ id, kind }) => [id, kind])).toEqual([
      [first.id, 'changed'],
      [second.id, 'removed'],
    ]);
    core.told();
    await core.call('DELETE', `${EVENTS}/${series.id}`);
    expect(core.log.map(({ id, kind }) => [id, kind])).toEqual([
      [first.id, 'removed'],
      [series.id, 'removed'],
    ]);
  });
});
