/** What happens to attendees' copies when an organiser invites, changes or cancels. */
import type { CalendarContext } from './context.ts';
import { copiesOf, putCopy, putException, rewrite, takeAway } from './copies.ts';
import { movedToDate } from './event-time.ts';
import type { Content, StoredEvent } from './model.ts';
import { inviteRoom, unanswered } from './room-answer.ts';

/**
 * Brings every attendee's copy in line with the organiser's event or series, and gives back the organiser's with the
 * answers that came at once: a room's may, people have not looked yet.
 */
export function deliver(context: CalendarContext, meeting: StoredEvent): StoredEvent {
  const copies = copiesOf(context, meeting);
  const invited = new Set(meeting.content.attendees.map(attendee => attendee.person.address));
  for (const copy of copies.filter(c => !invited.has(c.mailbox))) cancelCopy(context, copy, '', meeting.originalDate);
  let organised = meeting;
  for (const attendee of meeting.content.attendees) {
    const mailbox = context.mailboxes.find(attendee.person.address);
    if (mailbox === null || mailbox.address === meeting.mailbox) continue;
    const known = copies.find(copy => copy.mailbox === mailbox.address) ?? null;
    if (mailbox.kind === 'room') organised = inviteRoom(context, mailbox, organised, known);
    else putCopy(context, mailbox.address, organised, known, unanswered(organised.content));
  }
  return organised;
}

/** Tells every attendee that the meeting, or one occurrence of it, is off. */
export function cancelCopies(context: CalendarContext, meeting: StoredEvent, date: string | null, comment: string) {
  for (const copy of copiesOf(context, meeting)) cancelCopy(context, copy, comment, date);
}

function cancelCopy(context: CalendarContext, copy: StoredEvent, comment: string, date: string | null = null) {
  const owner = context.mailboxes.find(copy.mailbox);
  const sender = copy.content.organizer?.address ?? '';
  const { subject } = copy.content;
  context.messages.send({
    at: context.clock.now(),
    sender,
    recipient: copy.mailbox,
    kind: 'cancelled',
    subject,
    comment,
  });
  if (owner?.kind === 'room' && owner.place.processing.removesCancelled) return takeAway(context, copy, date);
  if (date === null || copy.type !== 'seriesMaster') {
    rewrite(context, copy, cancelled(copy.content));
    for (const exception of context.events.exceptions(copy.id))
      rewrite(context, exception, cancelled(exception.content));
    return;
  }
  const known = context.events.exceptions(copy.id).find(exception => exception.originalDate === date);
  const base = known?.content ?? occurrenceContent(copy, date);
  putException(context, copy, date, cancelled(base), known?.isRemoved ?? false);
}

const cancelled = (content: Content): Content => ({
  ...content,
  subject: `Canceled: ${content.subject}`,
  isCancelled: true,
  showAs: 'free',
});

function occurrenceContent(master: StoredEvent, date: string): Content {
  return { ...master.content, time: movedToDate(master.content.time, date) };
}
