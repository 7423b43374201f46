import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import {
  type Instant,
  instant,
  milliseconds,
  type PlainDate,
  PlainDate as PlainDateSchema,
  plus,
  type ZoneName,
} from '../../contract/values/time.ts';
import { ianaName, isCustom, isUtc } from './zones.ts';

export const RawTime = v.object({ dateTime: v.string(), timeZone: v.nullish(v.string()) });
type RawTime = v.InferOutput<typeof RawTime>;

/**
 * Graph's dateTimeTimeZone: seven fractional digits, no offset, and a zone beside it. We ask for UTC in every request
 * and check here that we got it; `new Date(dateTime)` would read it in the machine's own zone.
 */
export const GraphTime = v.pipe(
  RawTime,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const time = readTime(dataset.value, null);
    if (time === null) addIssue({ message: 'not a time' });
    return time ?? NEVER;
  }),
);
/** `date` and `isMidnight` are as written, in the zone it was written in. */
export type GraphTime = { at: Instant; date: PlainDate; isMidnight: boolean };

const DATE_TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/** `customZone`: in which a custom zone's times are read; null where none is known, and such times are unreadable. */
function readTime({ dateTime, timeZone }: RawTime, customZone: ZoneName | null): GraphTime | null {
  const match = DATE_TIME.exec(dateTime.trim());
  if (match === null) return null;
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', offset = ''] = match;
  const date = v.safeParse(PlainDateSchema, day);
  // Year 1 is Microsoft's way of saying never.
  if (!date.success || day < '1900' || !isRealDay(day)) return null;
  const clockTime = `${hour}:${minute}:${second}`;
  const zone = timeZone?.trim() ?? '';
  const at =
    offset === '' && !isUtc(zone)
      ? inZone(`${day}T${clockTime}`, isCustom(zone) ? customZone : ianaName(zone))
      : Date.parse(`${day}T${clockTime}${offset || 'Z'}`);
  if (!Number.isSafeInteger(at)) return null;
  const rest = milliseconds(Number(fraction.padEnd(3, '0').slice(0, 3)));
  return { at: plus(instant(at), rest), date: date.output, isMidnight: /^[0:]+$/.test(clockTime) && rest === 0 };
}

/** Date.parse takes 30 February for 2 March. */
const isRealDay = (day: string) => {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
};

/** NaN for a zone that nobody knows. */
function inZone(local: string, zone: string | null): number {
  if (zone === null) return Number.NaN;
  try {
    return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return Number.NaN;
  }
}

/** Times and days as one room means them: all-day events are dates in its zone. */
export interface RoomDays {
  /** Null when it is no time. Of a custom zone the rules are not told; most who meet in a room live by the room's own. */
  read(time: RawTime): GraphTime | null;
  /** When the day begins: midnight, or the first instant after it where a clock change swallows midnight. */
  startOf(date: PlainDate): Instant;
  /**
   * The dates of an all-day event. Graph writes midnight, meant as a date, in whatever zone was asked for; seen too are
   * the true instants of the organiser's midnight. A day that is touched counts whole. `endDate` is exclusive.
   */
  of(start: GraphTime, end: GraphTime): { startDate: PlainDate; endDate: PlainDate };
}

export function makeRoomDays(zone: ZoneName): RoomDays {
  const starts = new Map<PlainDate, Instant>();
  const startOf = (date: PlainDate) => {
    const known = starts.get(date);
    if (known !== undefined) return known;
    const start = instant(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds);
    starts.set(date, start);
    return start;
  };
  const dateAt = (at: Instant) =>
    toDate(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate());
  const after = (date: PlainDate) => toDate(Temporal.PlainDate.from(date).add({ days: 1 }));

  return {
    read: time => readTime(time, zone),
    startOf,
    of(start, end) {
      if (start.isMidnight && end.isMidnight)
        return { startDate: start.date, endDate: later(end.date, after(start.date)) };
      const startDate = dateAt(start.at);
      const lastDate = dateAt(end.at);
      const endDate = startOf(lastDate) === end.at ? lastDate : after(lastDate);
      return { startDate, endDate: later(endDate, after(startDate)) };
    },
  };
}

/** What never ends is given the last day that four digits can write; the one after it is the same. */
const toDate = (date: Temporal.PlainDate) =>
  v.parse(PlainDateSchema, date.year > 9999 ? '9999-12-31' : date.toString());

/** At least one day, even when start and end are the same midnight. */
const later = (a: PlainDate, b: PlainDate) => (a > b ? a : b);
