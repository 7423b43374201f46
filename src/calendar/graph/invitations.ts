/** Booking mode `invite`: events in the inviter's calendar that ask the room, whose booking policy then answers. */
import * as v from 'valibot';
import { BookingKey, type EventId, type RoomAddress } from '../../contract/values/ids.ts';
import type { Answered, BookRequest, Failed, Invitations, Invited, Refused } from '../room-calendar.ts';
import { failed, read } from './answer.ts';
import { createEvent } from './book.ts';
import { cancel, changeEnd, no } from './change.ts';
import { EventPage, SELECTED } from './event-schema.ts';
import { eventPath, type Mailbox, readWindow } from './list.ts';
import { makeOwnerReader } from './room-owner.ts';
import { type Placed, toMeetings } from './to-meeting.ts';

const odd = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullish(schema, null), null);
const Invitation = v.object({
  transactionId: odd(BookingKey),
  type: odd(v.string()),
  attendees: v.array(
    v.object({
      emailAddress: odd(v.object({ address: odd(v.string()) })),
      status: odd(v.object({ response: odd(v.string()) })),
    }),
  ),
});
const NO_UID = 'an event without a UID';

type Room = { mailbox: Mailbox; address: RoomAddress; name: string };

/** `mailbox` is the inviter's own, `room` who is invited; its `name` is what the invitation calls it. */
export function makeInvitations(mailbox: Mailbox, room: Room): Invitations {
  const { address, name } = room;
  const readOwner = makeOwnerReader(room.mailbox);
  return {
    async send(request, signal) {
      const more = {
        location: { displayName: name, locationEmailAddress: address, locationType: 'conferenceRoom' },
        attendees: [{ type: 'resource', emailAddress: { address } }],
      };
      const made = await createEvent(mailbox, { name: 'invite', request, more }, signal);
      if (made.kind !== 'created') return made;
      // It stands all the same: asked again under its key, it is found again.
      return invited(made.placed) ?? { ...failed('misunderstood', `invite: ${NO_UID}`), isOutcomeUnknown: true };
    },

    find: (sought, signal) =>
      'uid' in sought ? findByUid(mailbox, sought.uid, signal) : findByKey(mailbox, sought, signal),
    answerTo: (invitation, signal) => answerTo(mailbox, { address, readOwner }, invitation, signal),

    async changeEnd(invitation, end, signal) {
      const changed = await changeEnd(mailbox, invitation, null, end, signal);
      return changed.kind === 'changed' ? { kind: 'done' } : changed;
    },

    // Deleting what one organises tells everybody invited (learn.microsoft.com, event-delete), as /cancel would with a message.
    withdraw: (invitation, signal) => cancel(mailbox, invitation, null, signal),
  };
}

const notOurs = ({ mark }: { mark: string }): Refused => ({
  kind: 'refused',
  why: 'not-allowed',
  detail: `${mark}: not booked by a panel`,
});

/** Null without a UID, by which alone the room's copy is known to belong to it. */
const invited = ({ meeting, span }: Placed): Invited | null =>
  meeting.uid === null ? null : { kind: 'invited', invitation: meeting.id, uid: meeting.uid, span };

async function findByUid(mailbox: Mailbox, uid: string, signal?: AbortSignal): Promise<Invited | Refused | Failed> {
  // A quote within a quoted string is written twice (OData 4.01 URL conventions, section 5.1.1.6.1).
  const filter = encodeURIComponent(`iCalUId eq '${uid.replaceAll("'", "''")}'`);
  const path = `${mailbox.path}/events?$filter=${filter}&$select=${SELECTED.join(',')}`;
  const answer = await mailbox.connection.call({ name: 'find-invitation', method: 'GET', path, signal });
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'no') return no(answer);
  const body = read(answer, EventPage);
  if (body.kind === 'failed') return body;
  const mapped = toMeetings(body.value.value, mailbox.rules);
  if (mapped.kind === 'unreadable') return failed('misunderstood', `${answer.mark}: an event without readable times`);
  const found = mapped.placed.find(({ meeting }) => meeting.uid === uid && meeting.occupies !== 'none');
  // The account may organise meetings of its own, with people in them: those are not the panels' to change.
  if (found && found.meeting.bookingKey === null) return notOurs(answer);
  return (found && invited(found)) ?? { kind: 'refused', why: 'gone', detail: `${answer.mark}: no such event` };
}

/** Graph cannot filter by transactionId. */
async function findByKey(
  mailbox: Mailbox,
  { key, span }: Pick<BookRequest, 'key' | 'span'>,
  signal?: AbortSignal,
): Promise<Invited | Refused | Failed> {
  const window = await readWindow(mailbox, span, signal);
  if (window.kind === 'failed') return window;
  const found = window.placed.find(({ meeting }) => meeting.bookingKey === key && meeting.occupies !== 'none');
  return (found && invited(found)) ?? { kind: 'refused', why: 'gone', detail: 'find-invitation: no such event' };
}

async function answerTo(
  mailbox: Mailbox,
  { address, readOwner }: { address: RoomAddress; readOwner: ReturnType<typeof makeOwnerReader> },
  invitation: EventId,
  signal?: AbortSignal,
): Promise<Answered | Refused | Failed> {
  const path = `${eventPath(mailbox, invitation)}?$select=attendees,transactionId,type`;
  const answer = await mailbox.connection.call({ name: 'room-answer', method: 'GET', path, signal });
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'no') return no(answer);
  const body = read(answer, Invitation);
  if (body.kind === 'failed') return body;
  const called = (name: string) =>
    body.value.attendees.find(one => one.emailAddress?.address?.trim().toLowerCase() === name);
  let theRoom = called(address);
  if (theRoom === undefined) {
    // Invited by an alias, the room is stored under its own address.
    const owner = await readOwner(signal);
    if (owner.kind === 'failed') return owner;
    theRoom = called(owner.address ?? address);
  }
  if (theRoom === undefined) return { kind: 'refused', why: 'gone', detail: `${answer.mark}: the room is not invited` };
  // Panels book no series: somebody has made one of it since.
  if (body.value.transactionId === null || body.value.type === 'seriesMaster') return notOurs(answer);
  const response = theRoom.status?.response;
  return { kind: 'answered', answer: response === 'accepted' || response === 'declined' ? response : 'pending' };
}
