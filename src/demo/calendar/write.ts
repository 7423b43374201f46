/** Changing calendars, by the rules of organisers and attendees. Every operation is one transaction. */
import type { Mailbox } from '../store/mailboxes.ts';
import type { CalendarContext } from './context.ts';
import { dropExceptions, noteResponse, putException, rewrite, store, takeAway } from './copies.ts';
import { spanOf } from './event-time.ts';
import { cancelCopies, deliver } from './invitations.ts';
import type { CalendarItem, Content, ResponseKind, StoredEvent } from './model.ts';
import { asItem, occurrence } from './read.ts';
import { occurrenceDates } from './recurrence.ts';
import { addDays } from './zones.ts';

export type Refusal = {
  kind: 'refused';
  why: 'not-organizer' | 'is-organizer' | 'no-response-wanted' | 'crosses-boundary';
};
export type Changed = { kind: 'changed'; item: CalendarItem };
export type Done = { kind: 'done' };

/**
 * Adds an event to a mailbox, organised by its owner, and invites the attendees. A room mailbox does not ask its
 * booking policy here: who writes straight into a room's calendar can book it twice.
 */
export function createEvent(
  context: CalendarContext,
  mailbox: Pick<Mailbox, 'address'>,
  content: Content,
  transactionId: string | null,
): CalendarItem {
  return context.events.atomically(() => {
    const known = transactionId === null ? null : context.events.byTransaction(mailbox.address, transactionId);
    if (known !== null) return asItem(known);
    const at = context.clock.now();
    const event: StoredEvent = {
      id: context.newEventId(),
      mailbox: mailbox.address,
      uid: context.newUid(),
      type: content.recurrence === null ? 'singleInstance' : 'seriesMaster',
      masterId: null,
      originalDate: null,
      isRemoved: false,
      content,
      transactionId,
      createdAt: at,
      modifiedAt: at,
      revision: 1,
    };
    store(context, event);
    return asItem(deliver(context, event));
  });
}

/** Changes one event, series or occurrence. An organiser's change reaches the attendees; an attendee's stays local. */
export function changeEvent(context: CalendarContext, item: CalendarItem, content: Content): Changed | Refusal {
  return context.events.atomically(() => {
    if (item.masterId !== null && item.originalDate !== null) {
      if (crossesNeighbour(context, item, content)) return { kind: 'refused', why: 'crosses-boundary' };
    }
    const changed = write(context, item, content);
    const told = changed.content.isOrganizer ? deliver(context, changed) : changed;
    return { kind: 'changed', item: asItem(told) };
  });
}

function write(context: CalendarContext, item: CalendarItem, content: Content): StoredEvent {
  const { stored } = item;
  if (item.type === 'occurrence' && item.originalDate !== null) {
    return putException(context, stored, item.originalDate, content, false);
  }
  if (stored.type === 'exception') return rewrite(context, stored, content);
  const isMoved =
    JSON.stringify([content.time, content.recurrence]) !==
    JSON.stringify([stored.content.time, stored.content.recurrence]);
  if (stored.type === 'seriesMaster' && isMoved) dropExceptions(context, stored);
  const type = content.recurrence === null ? 'singleInstance' : 'seriesMaster';
  return rewrite(context, { ...stored, type }, content);
}

/** Exchange does not let an occurrence reach or pass the ones before and after it. */
function crossesNeighbour(context: CalendarContext, item: CalendarItem, content: Content): boolean {
  const master = item.masterId === null ? null : context.events.find(item.stored.mailbox, item.masterId);
  const date = item.originalDate;
  if (!master?.content.recurrence || date === null) return false;
  const own = spanOf(content.time, context.zone);
  const around = occurrenceDates(master.content.recurrence, addDays(date, -40), addDays(date, 40));
  return around
    .filter(other => other !== date)
    .map(other => ({ other, span: spanOf(occurrence(master, other).content.time, context.zone) }))
    .some(({ other, span }) => (other < date ? own.start < span.end : own.end > span.start));
}

/** Takes an item off a calendar; when its owner organises it, the attendees are told. */
export function removeEvent(context: CalendarContext, item: CalendarItem, comment = ''): Done {
  return context.events.atomically(() => {
    const holder = holderOf(context, item);
    if (item.content.isOrganizer) cancelCopies(context, holder, item.originalDate, comment);
    takeAway(context, holder, item.originalDate);
    return { kind: 'done' };
  });
}

/** Graph's cancel: like remove, but the organiser's alone. */
export function cancelEvent(context: CalendarContext, item: CalendarItem, comment: string): Done | Refusal {
  if (!item.content.isOrganizer) return { kind: 'refused', why: 'not-organizer' };
  return removeEvent(context, item, comment);
}

/** Accept, accept tentatively or decline somebody else's meeting. Declined, it leaves the calendar unless kept there. */
export function respond(
  context: CalendarContext,
  item: CalendarItem,
  answer: Extract<ResponseKind, 'accepted' | 'tentativelyAccepted' | 'declined'>,
  comment: string,
  isSent: boolean,
): Done | Refusal {
  if (item.content.isOrganizer) return { kind: 'refused', why: 'is-organizer' };
  if (isSent && !item.content.responseRequested) return { kind: 'refused', why: 'no-response-wanted' };
  return context.events.atomically(() => {
    const at = context.clock.now();
    const holder = holderOf(context, item);
    if (answer === 'declined' && !keepsDeclined(context, holder)) takeAway(context, holder, item.originalDate);
    else write(context, item, { ...item.content, showAs: SHOWN_AS[answer], response: { kind: answer, at } });
    if (isSent) tellOrganizer(context, item, answer, comment);
    return { kind: 'done' };
  });
}

const SHOWN_AS = { accepted: 'busy', tentativelyAccepted: 'tentative', declined: 'free' } as const;

function keepsDeclined(context: CalendarContext, { mailbox }: StoredEvent): boolean {
  const owner = context.mailboxes.find(mailbox);
  return owner?.kind === 'room' && owner.place.processing.keepsDeclined;
}

function tellOrganizer(
  context: CalendarContext,
  item: CalendarItem,
  answer: 'accepted' | 'tentativelyAccepted' | 'declined',
  comment: string,
) {
  const { mailbox, uid } = item.stored;
  const organizer = item.content.organizer?.address;
  if (organizer === undefined) return;
  const { subject } = item.content;
  context.messages.send({
    at: context.clock.now(),
    sender: mailbox,
    recipient: organizer,
    kind: answer,
    subject,
    comment,
  });
  const organised = context.events.copies(uid).find(copy => copy.content.isOrganizer);
  if (organised === undefined) return;
  if (item.originalDate === null || organised.type !== 'seriesMaster') {
    noteResponse(context, organised, mailbox, answer);
    return;
  }
  const known = context.events.exceptions(organised.id).find(exception => exception.originalDate === item.originalDate);
  const base = known?.content ?? occurrence(organised, item.originalDate).content;
  noteResponse(
    context,
    putException(context, organised, item.originalDate, base, known?.isRemoved ?? false),
    mailbox,
    answer,
  );
}

/** The row to act on: an occurrence or exception is taken away from its series. */
function holderOf(context: CalendarContext, item: CalendarItem): StoredEvent {
  if (item.masterId === null) return item.stored;
  return context.events.find(item.stored.mailbox, item.masterId) ?? item.stored;
}
