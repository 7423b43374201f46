/**
 * Every zone, both nights of the year when its clocks change, the days around them, 2024 to 2037: what the glass would say,
 * against a wall clock asked of Intl alone. Zones that change nothing are looked at on a few nights.
 */
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { toMeetings } from '../../src/calendar/graph/to-meeting.ts';
import type { RoomView } from '../../src/contract/bridge/view.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import { type Instant, instant, minutes, PlainDate } from '../../src/contract/values/time.ts';
import { workingSpan } from '../../src/core/day.ts';
import { newRoom } from '../../src/core/room.ts';
import { INITIAL_STATE, type State } from '../../src/core/state.ts';
import { viewOf } from '../../src/core/view.ts';
import { config, meeting, zone as zoneName } from '../support/samples.ts';
import { clockChanges, DAY, dayOnTheWall, HOUR, MINUTE, type Wall, wallClock, ZONES } from './oracle.ts';

/** With nothing to change: new year's and midsummer's nights of some years. */
const PLAIN_NIGHTS = [2024, 2031, 2037].flatMap(year => [Date.UTC(year, 0, 1), Date.UTC(year, 5, 21)]);
const SOON = DEFAULT_POLICY.startingSoon;
const GRACE = minutes(10);
const CHECK_IN = { kind: 'required', opensBefore: minutes(5), grace: GRACE } as const;

function roomIn(zone: string, now: Instant, meetings: Meeting[]): State {
  const base = config({ checkIn: CHECK_IN });
  const own = v.parse(PanelConfig, { ...base, room: { ...base.room, zone } });
  const room = newRoom(own, now);
  const window = { start: instant(now - 4 * DAY), end: instant(now + 4 * DAY) };
  return {
    ...INITIAL_STATE,
    isStarted: true,
    central: {
      ...{ kind: 'known', url: 'https://central.example', ca: '', words: [] },
      link: { kind: 'offline', why: 'unreachable', retryAt: now, attempt: 1, since: now },
      standing: { kind: 'paired', target: 1 },
    },
    room: { ...room, calendar: { ...room.calendar, lastRead: now, window, meetings } },
  };
}

const nextDate = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) + DAY).toISOString().slice(0, 10);
const plainDate = (date: string) => v.parse(PlainDate, date);

/** An all-day meeting on `date` as Graph writes it: a floating midnight that it calls UTC. */
function allDay(date: string, zone: string) {
  const at = (day: string) => ({ dateTime: `${day}T00:00:00.0000000`, timeZone: 'UTC' });
  const event = {
    id: 'all-day',
    subject: 'Away day',
    start: at(date),
    end: at(nextDate(date)),
    isAllDay: true,
    showAs: 'busy',
  };
  const mapped = toMeetings([event], { zone: zoneName(zone), privacy: DEFAULT_POLICY.privacy, inviter: null });
  if (mapped.kind !== 'mapped' || mapped.placed[0] === undefined) throw new Error('not read');
  return mapped.placed[0];
}

type Days = (at: number) => { start: number; end: number };

/** Days looked up on the wall once. */
function daysOf(wall: (at: number) => Wall): Days {
  const known: { start: number; end: number }[] = [];
  return at => {
    const found = known.find(day => day.start <= at && at < day.end) ?? dayOnTheWall(wall, at);
    if (!known.includes(found)) known.push(found);
    return found;
  };
}

function checkNight(zone: string, wall: (at: number) => Wall, change: number): number {
  const { date } = wall(change);
  const dayOf = daysOf(wall);
  const day = dayOf(change);
  const placed = allDay(date, zone);
  expect(placed.span, 'the span of an all-day event').toEqual({ start: day.start, end: day.end });
  expect(placed.meeting.when).toEqual({
    kind: 'all-day',
    startDate: plainDate(date),
    endDate: plainDate(nextDate(date)),
  });
  // And a person's meeting over the very change.
  const timed = meeting('timed', instant(change - 20 * MINUTE), instant(change + 40 * MINUTE));
  const hours = workingSpan(
    instant(change),
    { days: [1, 2, 3, 4, 5, 6, 7], start: '07:00', end: '24:00' },
    zoneName(zone),
  );
  if (hours === null) throw new Error('no working day');
  expect(wall(hours.start).time, 'working hours begin').toBe('07:00');
  expect(hours.end, 'working hours end with the day').toBe(day.end);

  const moments = [
    ...[day.start - 3 * HOUR, day.start - SOON - MINUTE, day.start - SOON, day.start - MINUTE, day.start],
    ...[change - 31 * MINUTE, change - 30 * MINUTE, change - 21 * MINUTE, change - 20 * MINUTE, change - 11 * MINUTE],
    ...[change - 10 * MINUTE, change - MINUTE, change, change + 39 * MINUTE, change + 40 * MINUTE],
    ...[day.end - MINUTE, day.end, day.end + 5 * HOUR],
  ];
  for (const now of moments) {
    const context = `${zone}, change at ${new Date(change).toISOString()}, looked at ${new Date(now).toISOString()}`;
    const today = dayOf(now);
    checkAllDay(glass(zone, instant(now), placed.meeting), wall, now, date, today, context);
    checkTimed(glass(zone, instant(now), timed), now, change, today, context);
  }
  return moments.length * 2;
}

function glass(zone: string, now: Instant, shown: Meeting) {
  const { screen } = viewOf(roomIn(zone, now, [shown]), now);
  if (screen.kind !== 'room') throw new Error('no room');
  return screen.view;
}

/** Free, starting soon, in meeting: by the date on the wall alone. */
function checkAllDay(
  view: RoomView,
  wall: (at: number) => Wall,
  now: number,
  date: string,
  today: { start: number; end: number },
  context: string,
) {
  const isOn = wall(now).date === date;
  const isSoon = !isOn && wall(now + SOON).date === date;
  expect(view.status.kind, context).toBe(isOn ? 'in-meeting' : isSoon ? 'starting-soon' : 'free');
  expect(view.day.span, `${context}: today`).toEqual(today);
  // It begins with a day and ends with it: nothing else changes today.
  if (view.status.kind === 'free') expect(view.status.until, context).toBeNull();
  if (view.status.kind === 'in-meeting') expect(view.status.freeAt, context).toBeNull();
  expect(view.day.meetings.length, `${context}: on the timeline`).toBe(isOn ? 1 : 0);
}

/** Free, starting soon, awaiting check-in, in meeting; and until when, if that is today. */
function checkTimed(view: RoomView, now: number, change: number, today: { end: number }, context: string) {
  const [start, end] = [change - 20 * MINUTE, change + 40 * MINUTE];
  const expected =
    now >= end || now < start - SOON
      ? { kind: 'free', until: now < start && start < today.end ? start : null }
      : now < start
        ? { kind: 'starting-soon' }
        : now < start + GRACE
          ? { kind: 'awaiting-check-in', deadline: start + GRACE }
          : { kind: 'in-meeting', freeAt: end < today.end ? end : null };
  expect(view.status, context).toMatchObject(expected);
}

describe('every zone', () => {
  const half = Math.ceil(ZONES.length / 2);
  it.each([
    ['first', ZONES.slice(0, half)],
    ['second', ZONES.slice(half)],
  ])('shows what its wall clock shows, %s half', { timeout: 120_000 }, (_, zones) => {
    let looks = 0;
    let nights = 0;
    for (const zone of zones) {
      const wall = wallClock(zone);
      const changes = clockChanges(wall);
      for (const change of changes.length > 0 ? changes : PLAIN_NIGHTS) {
        looks += checkNight(zone, wall, change);
        nights++;
      }
    }
    console.log(`${zones.length} zones, ${nights} nights, ${looks} looks at the glass`);
    expect(looks).toBeGreaterThan(10_000);
  });

  it('knows the changes that Temporal knows', () => {
    // The oracle's own check: a change it overlooks would not be tested.
    for (const zone of [
      'Europe/Oslo',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Africa/Casablanca',
    ]) {
      const known: number[] = [];
      let at = Temporal.Instant.from('2024-01-01T00:00:00Z').toZonedDateTimeISO(zone).getTimeZoneTransition('next');
      while (at && at.epochMilliseconds < Date.UTC(2038, 0, 1)) {
        known.push(at.epochMilliseconds);
        at = at.getTimeZoneTransition('next');
      }
      expect(clockChanges(wallClock(zone)), zone).toEqual(known);
    }
  });
});
