/**
 * Graph's patternedRecurrence, expanded to dates. Only dates are computed here: the time of day is put on afterwards in
 * the series' own zone, so that a meeting stays at 9:00 on the wall when the clocks change.
 */
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';

const Day = v.picklist(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']);
const Index = v.picklist(['first', 'second', 'third', 'fourth', 'last']);
const interval = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999)), 1);
const dayOfMonth = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31));
const month = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12));
const daysOfWeek = v.pipe(v.array(Day), v.minLength(1));
const date = v.pipe(v.string(), v.isoDate());

export const Recurrence = v.object({
  pattern: v.variant('type', [
    v.object({ type: v.literal('daily'), interval }),
    v.object({ type: v.literal('weekly'), interval, daysOfWeek, firstDayOfWeek: v.optional(Day, 'sunday') }),
    v.object({ type: v.literal('absoluteMonthly'), interval, dayOfMonth }),
    v.object({ type: v.literal('relativeMonthly'), interval, daysOfWeek, index: v.optional(Index, 'first') }),
    v.object({ type: v.literal('absoluteYearly'), interval, dayOfMonth, month }),
    v.object({ type: v.literal('relativeYearly'), interval, daysOfWeek, index: v.optional(Index, 'first'), month }),
  ]),
  range: v.intersect([
    v.object({ startDate: date, recurrenceTimeZone: v.nullish(v.string()) }),
    v.variant('type', [
      v.object({ type: v.literal('noEnd') }),
      v.object({ type: v.literal('endDate'), endDate: date }),
      v.object({ type: v.literal('numbered'), numberOfOccurrences: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
    ]),
  ]),
});
export type Recurrence = v.InferOutput<typeof Recurrence>;

/** The dates of a series from `from` to `to` (both included), in order. */
export function occurrenceDates(recurrence: Recurrence, from: string, to: string): string[] {
  if (from > to || to < recurrence.range.startDate) return [];
  const rule = new RRuleTemporal({
    ...ruleOf(recurrence),
    ...endOf(recurrence),
    dtstart: midnight(recurrence.range.startDate),
    tzid: 'UTC',
  });
  return rule.between(midnight(from), midnight(to), true).map(occurrence => occurrence.toString().slice(0, 10));
}

const midnight = (day: string) => Temporal.ZonedDateTime.from(`${day}T00:00:00[UTC]`);

const BY_DAY = {
  sunday: 'SU',
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
};
const POSITION = { first: 1, second: 2, third: 3, fourth: 4, last: -1 };

function ruleOf({ pattern }: Recurrence) {
  const { interval: every } = pattern;
  switch (pattern.type) {
    case 'daily':
      return { freq: 'DAILY' as const, interval: every };
    case 'weekly':
      return {
        freq: 'WEEKLY' as const,
        interval: every,
        byDay: pattern.daysOfWeek.map(day => BY_DAY[day]),
        wkst: BY_DAY[pattern.firstDayOfWeek],
      };
    case 'absoluteMonthly':
      return { freq: 'MONTHLY' as const, interval: every, ...dayOrLast(pattern.dayOfMonth) };
    case 'relativeMonthly':
      return { freq: 'MONTHLY' as const, interval: every, ...weekdayAt(pattern) };
    case 'absoluteYearly':
      return { freq: 'YEARLY' as const, interval: every, byMonth: [pattern.month], ...dayOrLast(pattern.dayOfMonth) };
    case 'relativeYearly':
      return { freq: 'YEARLY' as const, interval: every, byMonth: [pattern.month], ...weekdayAt(pattern) };
  }
}

/** Exchange moves the 31st to the last day of a shorter month; RFC 5545 would leave the month out. */
function dayOrLast(day: number) {
  if (day <= 28) return { byMonthDay: [day] };
  return { byMonthDay: [28, 29, 30, 31].filter(d => d <= day), bySetPos: [-1] };
}

function weekdayAt(pattern: { daysOfWeek: (keyof typeof BY_DAY)[]; index: keyof typeof POSITION }) {
  return { byDay: pattern.daysOfWeek.map(day => BY_DAY[day]), bySetPos: [POSITION[pattern.index]] };
}

function endOf({ range }: Recurrence) {
  if (range.type === 'endDate') return { until: midnight(range.endDate) };
  if (range.type === 'numbered') return { count: range.numberOfOccurrences };
  return {};
}
