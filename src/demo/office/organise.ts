/** What organisers do with their meetings, found from a room's copy. */
import * as v from 'valibot';
import type { Span } from '../../contract/values/time.ts';
import type { CalendarContext } from '../calendar/context.ts';
import { occurrenceId } from '../calendar/event-ids.ts';
import { timedBetween } from '../calendar/event-time.ts';
import type { CalendarItem } from '../calendar/model.ts';
import { findItem } from '../calendar/read.ts';
import { type Changed, changeEvent, type Refusal, removeEvent } from '../calendar/write.ts';
import { IsoInstant } from './book.ts';

export const NewTime = v.object({ start: IsoInstant, end: IsoInstant });

/** Calls the meeting, or the occurrence, off. What the room itself organises is deleted. */
export function cancelAsOrganizer(calendars: CalendarContext, item: CalendarItem, comment = '') {
  calendars.changes.by('control', () => removeEvent(calendars, organised(calendars, item), comment));
}

/** Moves the meeting, or the occurrence; its rooms are asked again. */
export function moveAsOrganizer(
  calendars: CalendarContext,
  item: CalendarItem,
  { start, end }: Span,
): Changed | Refusal {
  const meeting = organised(calendars, item);
  const content = { ...meeting.content, time: timedBetween(start, end, calendars.zone) };
  return calendars.changes.by('control', () => changeEvent(calendars, meeting, content));
}

/** The same meeting (or the same occurrence of it) in its organiser's calendar. */
function organised(calendars: CalendarContext, item: CalendarItem): CalendarItem {
  const copy = calendars.events.copies(item.stored.uid).find(candidate => candidate.content.isOrganizer);
  if (copy === undefined) return item;
  const id = item.originalDate === null ? copy.id : occurrenceId(copy.id, item.originalDate);
  return findItem(calendars, copy.mailbox, id) ?? item;
}
