/** Norway's public holidays, as a calendar of the service account: what an admin picks for rooms to be left alone. */
import { Temporal } from 'temporal-polyfill';
import type { CalendarContext } from '../calendar/context.ts';
import type { Content } from '../calendar/model.ts';
import { createEvent } from '../calendar/write.ts';
import { addDays, plainDateTime } from '../calendar/zones.ts';
import type { Settings } from '../store/settings.ts';
import { addressOf } from './directory.ts';
import { SERVICE_ACCOUNT } from './people.ts';

const CALENDAR = 'Public holidays';
const FIRST_YEAR = 2024;
const LAST_YEAR = 2027;

type Holiday = { date: string; name: string };

/** Lov om helligdager (1995) and lov om 1 og 17 mai (1947), in order. */
export function norwegianHolidays(year: number): Holiday[] {
  const easter = easterSunday(year);
  const fixed = (monthDay: string, name: string) => ({ date: `${year}-${monthDay}`, name });
  const moving = (days: number, name: string) => ({ date: addDays(easter, days), name });
  return [
    fixed('01-01', "New Year's Day"),
    moving(-3, 'Maundy Thursday'),
    moving(-2, 'Good Friday'),
    moving(0, 'Easter Sunday'),
    moving(1, 'Easter Monday'),
    fixed('05-01', 'Labour Day'),
    fixed('05-17', 'Constitution Day'),
    moving(39, 'Ascension Day'),
    moving(49, 'Whit Sunday'),
    moving(50, 'Whit Monday'),
    fixed('12-25', 'Christmas Day'),
    fixed('12-26', 'Second Day of Christmas'),
  ].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** The Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(days / 31), day: (days % 31) + 1 }).toString();
}

/** Adds the calendar, and the years it lacks; at least the next one is always there. */
export function addHolidays(context: CalendarContext, settings: Settings) {
  const address = addressOf(SERVICE_ACCOUNT.alias);
  const owner = { name: SERVICE_ACCOUNT.name, address };
  const wanted = Math.max(LAST_YEAR, plainDateTime(context.clock.now(), context.zone).year + 1);
  const known = Number(settings.get('holidays-until') ?? FIRST_YEAR - 1);
  if (known >= wanted) return;
  context.events.atomically(() => {
    const { calendars } = context;
    const calendar =
      calendars.ofMailbox(address).find(({ name }) => name === CALENDAR) ??
      calendars.add({ id: context.newEventId(), mailbox: address, name: CALENDAR });
    for (let year = known + 1; year <= wanted; year++) {
      for (const holiday of norwegianHolidays(year)) {
        const content = holidayContent(holiday, owner, context.zone);
        context.changes.by('control', () => createEvent(context, { address: calendar.key }, content, null));
      }
    }
    settings.set('holidays-until', String(wanted));
  });
}

/** As Outlook imports holidays: all day, free, in a category. */
function holidayContent({ date, name }: Holiday, organizer: Content['organizer'], zone: string): Content {
  return {
    time: { kind: 'all-day', startDate: date, endDate: addDays(date, 1), zone, zoneName: zone },
    recurrence: null,
    subject: name,
    bodyHtml: '',
    showAs: 'free',
    sensitivity: 'normal',
    importance: 'normal',
    categories: ['Holiday'],
    locationName: 'Norway',
    isCancelled: false,
    isOrganizer: true,
    organizer,
    attendees: [],
    response: { kind: 'organizer', at: null },
    responseRequested: true,
    isReminderOn: false,
    reminderMinutes: 15,
    isOnlineMeeting: false,
  };
}
