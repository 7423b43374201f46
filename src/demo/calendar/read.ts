/** Reading calendars: series expanded to occurrences, exceptions in their place. */
import { between, hours, milliseconds, overlaps, plus, type Span } from '../../contract/values/time.ts';
import type { CalendarContext } from './context.ts';
import { occurrenceId, parseOccurrenceId } from './event-ids.ts';
import { movedToDate, spanOf } from './event-time.ts';
import type { CalendarItem, Content, StoredEvent } from './model.ts';
import { occurrenceDates, type Recurrence } from './recurrence.ts';
import { dateIn } from './zones.ts';

/** Everything of a mailbox that touches the window (half open), series expanded, in order of start. */
export function itemsIn(context: CalendarContext, mailbox: string, window: Span): CalendarItem[] {
  const stored = context.events.overlapping(mailbox, window).map(asItem);
  const occurrences = context.events.series(mailbox).flatMap(master => occurrencesIn(context, master, window));
  return inOrder(context, [...stored, ...occurrences]);
}

function inOrder(context: CalendarContext, items: CalendarItem[]): CalendarItem[] {
  return items
    .map(item => ({ item, start: spanOf(item.content.time, context.zone).start }))
    .sort((a, b) => a.start - b.start || (a.item.id < b.item.id ? -1 : 1))
    .map(({ item }) => item);
}

/** One event, series, exception or computed occurrence; null when the mailbox has none by this id. */
export function findItem(context: CalendarContext, mailbox: string, id: string): CalendarItem | null {
  const stored = context.events.find(mailbox, id);
  if (stored !== null) return stored.isRemoved ? null : asItem(stored);
  const parsed = parseOccurrenceId(id);
  const master = parsed && context.events.find(mailbox, parsed.masterId);
  if (!parsed || master?.type !== 'seriesMaster' || master.content.recurrence === null) return null;
  const exists = occurrenceDates(master.content.recurrence, parsed.date, parsed.date).length === 1;
  return exists ? occurrence(master, parsed.date) : null;
}

/** The occurrences and exceptions of one series in a window, in order of start. */
export function instancesOf(context: CalendarContext, master: StoredEvent, window: Span): CalendarItem[] {
  const changed = context.events
    .exceptions(master.id)
    .filter(exception => !exception.isRemoved && touches(exception.content, window, context.zone))
    .map(asItem);
  return inOrder(context, [...occurrencesIn(context, master, window), ...changed]);
}

/** The occurrences that follow the series; those with an exception of their own are left out. */
function occurrencesIn(context: CalendarContext, master: StoredEvent, window: Span): CalendarItem[] {
  const { recurrence } = master.content;
  if (recurrence === null) return [];
  const own = new Set(context.events.exceptions(master.id).map(exception => exception.originalDate));
  return seriesDates(master.content, recurrence, window, context.zone)
    .filter(date => !own.has(date))
    .map(date => occurrence(master, date))
    .filter(item => touches(item.content, window, context.zone));
}

/** Dates whose occurrences may touch the window: widened by the event's length and by every zone's offset. */
function seriesDates(content: Content, recurrence: Recurrence, window: Span, zone: string): string[] {
  const { start, end } = spanOf(content.time, zone);
  const reach = milliseconds(hours(26) + between(start, end));
  const from = dateIn(plus(window.start, milliseconds(-reach)), 'UTC');
  return occurrenceDates(recurrence, from, dateIn(plus(window.end, hours(26)), 'UTC'));
}

export function occurrence(master: StoredEvent, date: string): CalendarItem {
  return {
    id: occurrenceId(master.id, date),
    type: 'occurrence',
    content: { ...master.content, time: movedToDate(master.content.time, date), recurrence: null },
    stored: master,
    masterId: master.id,
    originalDate: date,
  };
}

export function asItem(stored: StoredEvent): CalendarItem {
  const { id, type, content, masterId, originalDate } = stored;
  return { id, type, content, stored, masterId, originalDate };
}

/** Overlap, half open; an event without length counts where it starts. */
function touches(content: Content, window: Span, zone: string): boolean {
  const span = spanOf(content.time, zone);
  return overlaps(span, window) || (span.start === span.end && span.start >= window.start && span.start < window.end);
}
