/** Arithmetic on an event's wall-clock times. */
import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../contract/values/time.ts';
import type { EventTime } from './model.ts';
import { addDays, keptWall, startOfDay, wallToInstant } from './zones.ts';

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
    return { ...time, startDate: date, endDate: daysLater(date, time.startDate, time.endDate) };
  }
  const [startDate, endDate] = [time.start.slice(0, 10), time.end.slice(0, 10)];
  const end = daysLater(date, startDate, endDate) + time.end.slice(10);
  return { ...time, start: date + time.start.slice(10), end };
}

/** As much later than `date` as `to` is than `from`. */
function daysLater(date: string, from: string, to: string): string {
  return from === to ? date : addDays(date, Temporal.PlainDate.from(from).until(to).days);
}

/** Two instants as wall-clock times of `zone`. */
export function timedBetween(start: Instant, end: Instant, zone: string, zoneName = zone): EventTime {
  return { kind: 'timed', start: keptWall(start, zone), end: keptWall(end, zone), zone, zoneName };
}
