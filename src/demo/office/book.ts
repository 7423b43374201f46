/** Booking a room as somebody else, the way people do: they invite it, and its booking policy answers. */
import * as v from 'valibot';
import { type Instant, instant } from '../../contract/values/time.ts';
import type { CalendarContext } from '../calendar/context.ts';
import { timedBetween } from '../calendar/event-time.ts';
import type { Content, EventTime } from '../calendar/model.ts';
import { Recurrence } from '../calendar/recurrence.ts';
import { createEvent } from '../calendar/write.ts';
import { addDays, dateIn } from '../calendar/zones.ts';
import type { RoomMailbox } from '../store/mailboxes.ts';

export const IsoInstant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text): Instant => instant(Date.parse(text))),
);

export const MeetingInput = v.object({
  /** A person's address; the first person of the office when absent. */
  organizer: v.optional(v.string()),
  subject: v.optional(v.string(), ''),
  start: IsoInstant,
  end: IsoInstant,
  isPrivate: v.optional(v.boolean(), false),
  isTentative: v.optional(v.boolean(), false),
  isAllDay: v.optional(v.boolean(), false),
  recurrence: v.optional(v.nullable(Recurrence), null),
  /** Writes straight into the room's calendar, past its booking policy: so two meetings can collide. */
  isForced: v.optional(v.boolean(), false),
});
export type MeetingInput = v.InferOutput<typeof MeetingInput>;

/** `id` is the event in the room's calendar; null when the room declined. */
export type Booked = { answer: 'accepted' | 'declined'; id: string | null };

/** `zone`: in which the organiser's calendar keeps it; a series stays at the same time on the wall there. */
export function bookAsSomebody(
  calendars: CalendarContext,
  room: RoomMailbox,
  input: MeetingInput,
  zone = calendars.zone,
): Booked {
  const people = calendars.mailboxes.all().filter(mailbox => mailbox.kind === 'user');
  const organizer = people.find(person => person.address === input.organizer?.toLowerCase()) ?? people[0];
  if (organizer === undefined) throw new Error('the office has no people');
  const owner = input.isForced ? room : organizer;
  const content: Content = {
    time: timeOf(input, zone),
    recurrence: input.recurrence,
    subject: input.subject,
    bodyHtml: '',
    showAs: input.isTentative ? 'tentative' : 'busy',
    sensitivity: input.isPrivate ? 'private' : 'normal',
    importance: 'normal',
    categories: [],
    locationName: room.name,
    isCancelled: false,
    isOrganizer: true,
    // What is written into a room's calendar is organised by the room, whoever wrote it.
    organizer: { name: owner.name, address: owner.address },
    attendees: input.isForced
      ? []
      : [
          {
            person: { name: room.name, address: room.address },
            type: 'resource',
            response: { kind: 'none', at: null },
          },
        ],
    response: { kind: 'organizer', at: null },
    responseRequested: true,
    isReminderOn: false,
    reminderMinutes: 15,
    isOnlineMeeting: false,
  };
  const item = calendars.changes.by('control', () => createEvent(calendars, owner, content, null));
  if (input.isForced) return { answer: 'accepted', id: item.id };
  const copy = calendars.events.copies(item.stored.uid).find(other => other.mailbox === room.address);
  return copy === undefined ? { answer: 'declined', id: null } : { answer: 'accepted', id: copy.id };
}

function timeOf({ start, end, isAllDay }: MeetingInput, zone: string): EventTime {
  if (!isAllDay) return timedBetween(start, end, zone);
  const startDate = dateIn(start, zone);
  const endDate = dateIn(end, zone);
  return {
    kind: 'all-day',
    startDate,
    endDate: endDate > startDate ? endDate : addDays(startDate, 1),
    zone,
    zoneName: zone,
  };
}
