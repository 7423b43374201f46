/** Public holidays of a connection, as they are stored. */
import * as v from 'valibot';
import { HolidayCalendar, Holidays } from '../../contract/wire/console.ts';
import type { SettingsRow } from '../store/tables.ts';

/** `of`: which calendar they were read from, so that another one's are never taken for them. */
export const StoredHolidays = v.pipe(v.string(), v.parseJson(), v.object({ ...Holidays.entries, of: v.string() }));
const StoredCalendar = v.pipe(v.string(), v.parseJson(), HolidayCalendar);

type Columns = Pick<SettingsRow, 'holiday_calendar' | 'holidays'>;

/** What is known of the calendar that is picked now: nothing before its first read, and without one. */
export function holidaysOf(row: Columns | undefined): Holidays {
  const calendar = holidayCalendarOf(row);
  const stored = row?.holidays ? v.parse(StoredHolidays, row.holidays) : null;
  if (calendar === null || stored?.of !== keyOf(calendar)) return { read: null, dates: [], problem: null };
  const { read, dates, problem } = stored;
  return { read, dates, problem };
}

export const holidayCalendarOf = (row: Pick<Columns, 'holiday_calendar'> | undefined): HolidayCalendar | null =>
  row?.holiday_calendar ? v.parse(StoredCalendar, row.holiday_calendar) : null;

/** Its name is only for people. */
export const keyOf = ({ mailbox, id }: HolidayCalendar): string => JSON.stringify([mailbox, id]);
