/** Days and dates in the room's zone. The only place of the core that knows about zones. */
import { Temporal } from 'temporal-polyfill';
import type { When } from '../contract/values/meeting.ts';
import type { WorkingHours } from '../contract/values/policy.ts';
import {
  type Duration,
  hours,
  type Instant,
  minutes,
  type PlainDate,
  plus,
  type Span,
  type ZoneName,
} from '../contract/values/time.ts';

/** From midnight to midnight around `at`; 23 or 25 hours long when the clocks change. */
export function dayAround(at: Instant, zone: ZoneName): Span {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  return { start: startOf(date, zone), end: startOf(date.add({ days: 1 }), zone) };
}

/** What a panel reads: its whole today, what reaches in from yesterday, and the first half of tomorrow. */
export function windowAround(at: Instant, zone: ZoneName): Span {
  const day = dayAround(at, zone);
  return { start: day.start, end: plus(day.end, hours(12)) };
}

/** All-day events are dates: they run from midnight to midnight where the room stands. */
export function spanOf(when: When, zone: ZoneName): Span {
  if (when.kind === 'timed') return { start: when.start, end: when.end };
  return {
    start: startOf(Temporal.PlainDate.from(when.startDate), zone),
    end: startOf(Temporal.PlainDate.from(when.endDate), zone),
  };
}

/**
 * The working hours of the day around `at`, by the clock on the wall; null on a day without. A time the clocks skip counts
 * as the one they skip to, one that comes twice as its first.
 */
export function workingSpan(at: Instant, { days, start, end }: WorkingHours, zone: ZoneName): Span | null {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  if (!days.includes(date.dayOfWeek)) return null;
  const wall = (time: string) =>
    time === '24:00'
      ? startOf(date.add({ days: 1 }), zone)
      : (date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds as Instant);
  return { start: wall(start), end: wall(end) };
}

/** The date in the zone. */
export const dateAt = (at: Instant, zone: ZoneName): PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString() as PlainDate;

/** Rounds down to the minute: bookings begin and end on whole minutes (every zone's offset is a whole minute today). */
export const floorToMinute = (at: Instant): Instant => (at - (at % minutes(1))) as Instant;

/** `length` varied by up to a tenth either way, so that a fleet does not poll in step. */
export const jittered = (length: Duration, dice: number): Duration =>
  Math.round(length * (0.9 + 0.2 * dice)) as Duration;

function startOf(date: Temporal.PlainDate, zone: ZoneName): Instant {
  return date.toZonedDateTime(zone).epochMilliseconds as Instant;
}
