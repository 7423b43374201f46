/** Rows of one meeting in many mailboxes: the organiser's, the attendees' copies, occurrences that differ. */
import type { CalendarContext } from './context.ts';
import { occurrenceId } from './event-ids.ts';
import { spanOf } from './event-time.ts';
import type { Content, ResponseKind, StoredEvent } from './model.ts';

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

/** The other mailboxes' copies of the same series or single event. */
export function copiesOf(context: CalendarContext, meeting: StoredEvent): StoredEvent[] {
  return context.events.copies(meeting.uid).filter(copy => copy.mailbox !== meeting.mailbox);
}

/** Brings one attendee's copy in line with the organiser's event, series or occurrence. */
export function putCopy(
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
  for (const exception of context.events.exceptions(master.id)) context.events.remove(exception);
}

/** Removes a copy, or one occurrence (`date`) of it. */
export function takeAway(context: CalendarContext, copy: StoredEvent, date: string | null) {
  if (date === null || copy.type !== 'seriesMaster') context.events.remove(copy);
  else putException(context, copy, date, copy.content, true);
}

/** Writes an attendee's answer into the organiser's event. `none`: asked (again), not answered. */
export function noteResponse(
  context: CalendarContext,
  meeting: StoredEvent,
  attendee: string,
  kind: ResponseKind,
): StoredEvent {
  const at = kind === 'none' ? null : context.clock.now();
  const attendees = meeting.content.attendees.map(entry =>
    entry.person.address === attendee ? { ...entry, response: { kind, at } } : entry,
  );
  return rewrite(context, meeting, { ...meeting.content, attendees });
}
