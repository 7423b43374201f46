/** What a room mailbox does with an invitation (Set-CalendarProcessing, AutomateProcessing AutoAccept). */
import { hours, latest, overlaps, plus, type Span } from '../../contract/values/time.ts';
import type { RoomMailbox } from '../store/mailboxes.ts';
import type { CalendarContext } from './context.ts';
import { spanOf } from './event-time.ts';
import type { Content, StoredEvent } from './model.ts';
import { instancesOf, itemsIn } from './read.ts';

/** BookingWindowInDays' default: how far ahead a series is looked at. */
const HORIZON = hours(180 * 24);

/** Whether the room has no time for this meeting. One clash declines a whole series (ConflictPercentageAllowed 0). */
export function hasConflict(context: CalendarContext, room: RoomMailbox, meeting: StoredEvent): boolean {
  if (room.place.processing.allowsConflicts) return false;
  const wanted = spansOf(context, meeting);
  const first = wanted[0];
  const last = wanted.at(-1);
  if (first === undefined || last === undefined) return false;
  const taken = itemsIn(context, room.address, { start: first.start, end: last.end })
    .filter(item => item.stored.uid !== meeting.uid && occupies(item.content))
    .map(item => spanOf(item.content.time, context.zone));
  return wanted.some(want => taken.some(span => overlaps(span, want)));
}

function spansOf(context: CalendarContext, meeting: StoredEvent): Span[] {
  const own = spanOf(meeting.content.time, context.zone);
  if (meeting.type !== 'seriesMaster') return [own];
  const from = latest(own.start, context.clock.now());
  return instancesOf(context, meeting, { start: from, end: plus(from, HORIZON) }).map(item =>
    spanOf(item.content.time, context.zone),
  );
}

export function occupies(content: Content): boolean {
  return !content.isCancelled && content.showAs !== 'free' && content.response.kind !== 'declined';
}

/** The organiser's meeting as it stands in the room's calendar once answered. */
export function roomContent(room: RoomMailbox, meeting: Content, answer: Content['response']): Content {
  const { replacesSubject, removesPrivate } = room.place.processing;
  const organizer = meeting.organizer?.name ?? '';
  return {
    ...meeting,
    // Exchange writes the name with a space behind it: AddOrganizerToSubject puts it in front of an emptied subject.
    subject: replacesSubject ? `${organizer} ` : meeting.subject,
    // DeleteComments.
    bodyHtml: '',
    sensitivity: removesPrivate ? 'normal' : meeting.sensitivity,
    showAs: shownAs(meeting.showAs, answer.kind),
    isOrganizer: false,
    response: answer,
    isReminderOn: false,
    locationName: room.name,
  };
}

/** TentativePendingApproval: what waits for a person's yes is not busy yet. */
function shownAs(showAs: Content['showAs'], answer: Content['response']['kind']): Content['showAs'] {
  if (showAs === 'free') return 'free';
  return showAs === 'tentative' || answer === 'tentativelyAccepted' ? 'tentative' : 'busy';
}
