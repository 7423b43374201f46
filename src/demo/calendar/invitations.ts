/** What happens to attendees' copies when an organiser invites, changes or cancels. */
import type { Mailbox } from '../store/mailboxes.ts';
import type { CalendarContext } from './context.ts';
import { occurrenceId } from './event-ids.ts';
import { movedToDate, spanOf } from './event-time.ts';
import type { Content, ResponseKind, StoredEvent } from './model.ts';
import { hasConflict, roomContent } from './room-policy.ts';

/** Stores a row under the instants its times mean. */
export function store(context: CalendarContext, event: StoredEvent) {
  context.events.put(event, spanOf(event.content.time, context.zone));
}

/** The row changed: new content, new change key. */
export function rewrite(context: CalendarContext, event: StoredEvent, content: Content): StoredEvent {
  const next = { ...event, content, modifiedAt: context.clock.now(), revision: event.revision + 1 };
  store(context, next);
  return next;
}

/** Brings every attendee's copy in line with the organiser's event or series; rooms answer at once. */
export function deliver(context: CalendarContext, meeting: StoredEvent): StoredEvent {
  const copies = copiesOf(context, meeting);
  const invited = new Set(meeting.content.attendees.map(attendee => attendee.person.address));
  for (const copy of copies.filter(c => !invited.has(c.mailbox))) cancelCopy(context, copy, '', meeting.originalDate);
  let organised = meeting;
  for (const attendee of meeting.content.attendees) {
    const mailbox = context.mailboxes.find(attendee.person.address);
    if (mailbox === null || mailbox.address === meeting.mailbox) continue;
    const known = copies.find(copy => copy.mailbox === mailbox.address);
    const answer = deliverTo(context, mailbox, organised, known ?? null);
    if (answer !== null) organised = noteResponse(context, organised, mailbox.address, answer);
  }
  return organised;
}

/** The copies of the same series, single event, or (for an exception) of the same occurrence. */
function copiesOf(context: CalendarContext, meeting: StoredEvent): StoredEvent[] {
  return context.events.copies(meeting.uid).filter(copy => copy.mailbox !== meeting.mailbox);
}

/** The answer a room gives; null from people, who have not looked yet. */
function deliverTo(
  context: CalendarContext,
  mailbox: Mailbox,
  meeting: StoredEvent,
  known: StoredEvent | null,
): ResponseKind | null {
  const at = context.clock.now();
  if (mailbox.kind === 'user') {
    putCopy(context, mailbox.address, meeting, known, {
      ...meeting.content,
      showAs: meeting.content.showAs === 'free' ? 'free' : 'tentative',
      isOrganizer: false,
      response: { kind: 'notResponded', at: null },
    });
    return null;
  }
  const isTaken = hasConflict(context, mailbox, meeting);
  const sender = mailbox.address;
  const recipient = meeting.mailbox;
  const kind = isTaken ? 'declined' : 'accepted';
  context.messages.send({ at, sender, recipient, kind, subject: meeting.content.subject, comment: '' });
  if (isTaken) {
    if (known !== null) takeAway(context, known, meeting.originalDate);
    return kind;
  }
  putCopy(context, mailbox.address, meeting, known, roomContent(mailbox, meeting.content, { kind: 'accepted', at }));
  return kind;
}

function putCopy(
  context: CalendarContext,
  mailbox: string,
  meeting: StoredEvent,
  known: StoredEvent | null,
  content: Content,
) {
  const at = context.clock.now();
  if (meeting.type === 'exception' && meeting.originalDate !== null) {
    if (known?.type === 'seriesMaster') putException(context, known, meeting.originalDate, content, false);
    return;
  }
  if (known !== null) {
    if (known.type === 'seriesMaster') dropExceptions(context, known);
    store(context, { ...known, type: meeting.type, content, modifiedAt: at, revision: known.revision + 1 });
    return;
  }
  const { uid, type } = meeting;
  const fresh = { masterId: null, originalDate: null, isRemoved: false, transactionId: null };
  const id = context.newEventId();
  store(context, { id, mailbox, uid, type, ...fresh, content, createdAt: at, modifiedAt: at, revision: 1 });
}

/** Writes (or rewrites) the one occurrence of a series that differs. */
export function putException(
  context: CalendarContext,
  master: StoredEvent,
  date: string,
  content: Content,
  isRemoved: boolean,
): StoredEvent {
  const id = occurrenceId(master.id, date);
  const known = context.events.find(master.mailbox, id);
  const at = context.clock.now();
  const exception: StoredEvent = {
    id,
    mailbox: master.mailbox,
    uid: master.uid,
    type: 'exception',
    masterId: master.id,
    originalDate: date,
    isRemoved,
    content: { ...content, recurrence: null },
    transactionId: null,
    createdAt: known?.createdAt ?? master.createdAt,
    modifiedAt: at,
    // Above the series' own, whose revision the occurrence had so far: the change key must move.
    revision: Math.max(known?.revision ?? 0, master.revision) + 1,
  };
  store(context, exception);
  return exception;
}

export function dropExceptions(context: CalendarContext, master: StoredEvent) {
  for (const exception of context.events.exceptions(master.id)) context.events.remove(exception.id);
}

/** Removes a copy, or one occurrence (`date`) of it. */
export function takeAway(context: CalendarContext, copy: StoredEvent, date: string | null) {
  if (date === null || copy.type !== 'seriesMaster') context.events.remove(copy.id);
  else putException(context, copy, date, copy.content, true);
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

/** Writes an attendee's answer into the organiser's event. */
export function noteResponse(
  context: CalendarContext,
  meeting: StoredEvent,
  attendee: string,
  kind: ResponseKind,
): StoredEvent {
  const at = context.clock.now();
  const attendees = meeting.content.attendees.map(entry =>
    entry.person.address === attendee ? { ...entry, response: { kind, at } } : entry,
  );
  const next = { ...meeting, content: { ...meeting.content, attendees } };
  store(context, next);
  return next;
}
