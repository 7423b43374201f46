/** Arithmetic on an event's wall-clock times. */
import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../contract/values/time.ts';
import type { EventTime } from './model.ts';
import { addDays, instantToWall, startOfDay, wallToInstant } from './zones.ts';

/** When the event occupies its calendar. An all-day event is a date: midnight to midnight in `ownerZone`. */
export function spanOf(time: EventTime, ownerZone: string): Span {
  if (time.kind === 'all-day') {
    return { start: startOfDay(time.startDate, ownerZone), end: startOfDay(time.endDate, ownerZone) };
  }
  return { start: wallToInstant(time.start, time.zone), end: wallToInstant(time.end, time.zone) };
}

/** The same event on another date: wall-clock times and length stay, whatever the clocks do in between. */
export function movedToDate(time: EventTime, date: string): EventTime {
  if (time.kind === 'all-day') {
    const days = Temporal.PlainDate.from(time.startDate).until(time.endDate).days;
    return { ...time, startDate: date, endDate: addDays(date, days) };
  }
  const start = Temporal.PlainDateTime.from(time.start);
  const length = start.until(Temporal.PlainDateTime.from(time.end));
  const moved = Temporal.PlainDate.from(date).toPlainDateTime(start.toPlainTime());
  return { ...time, start: text(moved), end: text(moved.add(length)) };
}

/** Two instants as wall-clock times of `zone`. */
export function timedBetween(start: Instant, end: Instant, zone: string, zoneName = zone): EventTime {
  return { kind: 'timed', start: instantToWall(start, zone), end: instantToWall(end, zone), zone, zoneName };
}

const text = (wall: Temporal.PlainDateTime) => wall.toString({ smallestUnit: 'second' });
