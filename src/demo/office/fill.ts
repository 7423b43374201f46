/** Fills the office's calendars: the series once, the one-off meetings for each day on which the tenant is started. */
import { minutes, plus } from '../../contract/values/time.ts';
import type { CalendarContext } from '../calendar/context.ts';
import { spanOf, timedBetween } from '../calendar/event-time.ts';
import type { CalendarItem } from '../calendar/model.ts';
import { findItem, itemsIn } from '../calendar/read.ts';
import { changeEvent, removeEvent } from '../calendar/write.ts';
import { addDays, plainDateTime, startOfDay, wallToInstant } from '../calendar/zones.ts';
import type { RoomMailbox } from '../store/mailboxes.ts';
import type { Settings } from '../store/settings.ts';
import { bookAsSomebody } from './book.ts';
import { type Planned, planDay } from './day.ts';
import { planDemoRoom, standUpTime } from './demo-room.ts';
import { addressOf } from './directory.ts';
import { ROOMS } from './rooms.ts';
import { type PlannedSeries, planSeries } from './series.ts';

/** How far back the series began, so that yesterday has them too. */
const SERIES_AGE_DAYS = 28;

/** Adds what is missing for today; nothing that is there is touched. */
export function fillOffice(context: CalendarContext, settings: Settings) {
  const now = plainDateTime(context.clock.now(), context.zone);
  const today = now.toPlainDate().toString();
  if ((settings.get('sample-day') ?? '') >= today) return;
  const demoRoom = ROOMS[0]?.alias ?? '';
  const minute = now.hour * 60 + now.minute;
  context.events.atomically(() => {
    if (settings.get('sample-series') === null) {
      for (const series of planSeries(demoRoom, standUpTime(minute))) addSeries(context, series, today);
      settings.set('sample-series', today);
    }
    for (const meeting of [...planDemoRoom(demoRoom, today, minute), ...planDay(today)])
      addMeeting(context, meeting, today);
    settings.set('sample-day', today);
  });
}

function addMeeting(context: CalendarContext, planned: Planned, date: string) {
  const room = roomOf(context, planned.room);
  const { isPrivate = false, isTentative = false, isAllDay = false, isForced = false, subject } = planned;
  const start = isAllDay ? startOfDay(date, context.zone) : wallToInstant(`${date}T${planned.from}:00`, context.zone);
  const end = isAllDay ? startOfDay(addDays(date, 1), context.zone) : plus(start, minutes(planned.minutes));
  const organizer = addressOf(planned.organizer);
  const booked = bookAsSomebody(context, room, {
    organizer,
    subject,
    start,
    end,
    isPrivate,
    isTentative,
    isAllDay,
    isForced,
    recurrence: null,
  });
  if (planned.isCancelled !== true || booked.id === null) return;
  const organised = organisedBy(context, organizer, findItem(context, room.address, booked.id));
  if (organised !== null) removeEvent(context, organised);
}

function addSeries(context: CalendarContext, planned: PlannedSeries, today: string) {
  const room = roomOf(context, planned.room);
  const startDate = addDays(today, -SERIES_AGE_DAYS);
  const start = wallToInstant(`${startDate}T${planned.from}:00`, context.zone);
  const organizer = addressOf(planned.organizer);
  bookAsSomebody(context, room, {
    organizer,
    subject: planned.subject,
    start,
    end: plus(start, minutes(planned.minutes)),
    isPrivate: false,
    isTentative: false,
    isAllDay: false,
    isForced: false,
    recurrence: { pattern: planned.pattern, range: { type: 'noEnd', startDate, recurrenceTimeZone: context.zone } },
  });
  if (planned.movedToday !== undefined) moveOccurrence(context, organizer, planned.subject, today, planned.movedToday);
}

function moveOccurrence(context: CalendarContext, organizer: string, subject: string, date: string, by: number) {
  const day = { start: startOfDay(date, context.zone), end: startOfDay(addDays(date, 1), context.zone) };
  const item = itemsIn(context, organizer, day).find(
    other => other.type === 'occurrence' && other.content.subject === subject,
  );
  if (item === undefined) return;
  const { start, end } = spanOf(item.content.time, context.zone);
  const time = timedBetween(plus(start, minutes(by)), plus(end, minutes(by)), context.zone);
  changeEvent(context, item, { ...item.content, time });
}

function organisedBy(context: CalendarContext, organizer: string, item: CalendarItem | null): CalendarItem | null {
  const copy = item && context.events.copies(item.stored.uid).find(other => other.mailbox === organizer);
  return copy ? findItem(context, organizer, copy.id) : null;
}

function roomOf(context: CalendarContext, alias: string): RoomMailbox {
  const mailbox = context.mailboxes.find(addressOf(alias));
  if (mailbox?.kind !== 'room') throw new Error(`the sample office has no room ${alias}`);
  return mailbox;
}
