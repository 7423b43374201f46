/**
 * What a panel may do beyond reading and changing its own room's calendar: book another room and take that back, and touch
 * what of the inviter's calendar, which the whole fleet shares, belongs to it. Null: not its business.
 */
import type {
  Answered,
  Booked,
  BookRequest,
  Done,
  Failed,
  Invitations,
  Invited,
  Listed,
  Refused,
  RoomCalendar,
  Scheduled,
  Sought,
} from '../../calendar/room-calendar.ts';
import type { EventId, PanelId, RoomAddress, RoomId } from '../../contract/values/ids.ts';
import type { Meeting } from '../../contract/values/meeting.ts';
import type { Instant, Span } from '../../contract/values/time.ts';
import type { Claims } from './claims.ts';

/** Who asks about which room, and whether it is the one it hangs beside. */
export type Asker = {
  panel: PanelId;
  room: RoomId;
  address: RoomAddress;
  isOwn: boolean;
  claims: Claims;
  signal: AbortSignal;
};

/**
 * When the room is taken, and what is needed to see who was first and whether our own invitation has arrived; nobody's name,
 * nobody's subject.
 */
export const spansAlone = (listed: Listed): Listed => ({ ...listed, meetings: listed.meetings.map(bare) });

const bare = ({
  id,
  version,
  when,
  occupies,
  isRoomOrganizer,
  bookingKey,
  createdAt,
  isInvitedByUs,
  uid,
}: Meeting): Meeting => ({
  id,
  version,
  when,
  title: { kind: 'none' },
  organizer: null,
  occupies,
  isRoomOrganizer,
  bookingKey,
  isInvitedByUs,
  series: null,
  uid: isInvitedByUs ? uid : null,
  createdAt,
});

/**
 * Books another room. Keys can be read there, and a key that is known brings the event it stands for: one that somebody
 * else used is no claim to what they booked.
 */
export async function bookElsewhere(
  asker: Asker,
  calendar: RoomCalendar,
  request: BookRequest,
): Promise<Booked | Refused | Failed | null> {
  const { panel, room, claims, signal } = asker;
  const { key, span } = request;
  let claim = claims.of(panel, room).find(one => one.key === key);
  if (claim === undefined) {
    const before = await calendar.list(span, signal);
    if (before.kind === 'failed') return before;
    if (before.meetings.some(meeting => meeting.bookingKey === key)) return null;
    claim = claims.add(panel, room, key, span);
  }
  const booked = await calendar.book(request, signal);
  if (booked.kind !== 'booked') return booked;
  const { meeting } = booked;
  // At another time it is not what this claim is about.
  if (!isAt(meeting, claim.span.start)) return null;
  claim.event = meeting.id;
  return { kind: 'booked', meeting: bare(meeting) };
}

/** Takes back what this panel booked in another room. */
export async function cancelElsewhere(
  { panel, room, claims, signal }: Asker,
  calendar: RoomCalendar,
  event: EventId,
  version: string | null,
): Promise<Done | Refused | Failed | null> {
  const own = claims.of(panel, room);
  if (own.some(claim => claim.event === event)) return calendar.cancel(event, version, signal);
  // The answer to the booking was lost: the calendar says which event it became.
  for (const claim of own.filter(one => one.event === null)) {
    const listed = await calendar.list(claim.span, signal);
    if (listed.kind === 'failed') return listed;
    const found = listed.meetings.find(meeting => meeting.id === event);
    if (found?.bookingKey !== claim.key || !isAt(found, claim.span.start)) continue;
    claim.event = event;
    return calendar.cancel(event, version, signal);
  }
  return null;
}

const isAt = ({ when }: Meeting, start: Instant) => when.kind === 'timed' && when.start === start;

/** Nobody but rooms on offer is looked at: an address may be a person's. The others count as unreadable. */
export async function scheduleAmong(
  calendar: RoomCalendar,
  may: ReadonlySet<RoomAddress>,
  { rooms, window }: { rooms: readonly RoomAddress[]; window: Span },
  signal: AbortSignal,
): Promise<Scheduled | Failed> {
  const scheduled = await calendar.schedule(
    rooms.filter(room => may.has(room)),
    window,
    signal,
  );
  if (scheduled.kind === 'failed') return scheduled;
  const busyOf = new Map(scheduled.rooms.map(({ room, busy }) => [room, busy]));
  return { kind: 'scheduled', rooms: rooms.map(room => ({ room, busy: busyOf.get(room) ?? null })) };
}

export async function invite(
  { panel, room, claims, signal }: Asker,
  invitations: Invitations,
  request: BookRequest,
): Promise<Invited | Refused | Failed> {
  const claim =
    claims.of(panel, room).find(one => one.key === request.key) ?? claims.add(panel, room, request.key, request.span);
  const sent = await invitations.send(request, signal);
  if (sent.kind === 'invited') claim.event = sent.invitation;
  return sent;
}

export async function findInvitation(
  asker: Asker,
  invitations: Invitations,
  sought: Sought,
): Promise<Invited | Refused | Failed | null> {
  const { panel, room, claims } = asker;
  const found = await invitations.find(sought, asker.signal);
  if (found.kind !== 'invited') return found;
  const knowsKey = 'key' in sought;
  const concerns = await whetherItConcerns(asker, invitations, found.invitation, knowsKey);
  if (concerns !== 'yes') return concerns;
  if (knowsKey && !isClaimed(asker, found.invitation)) {
    claims.add(panel, room, sought.key, sought.span).event = found.invitation;
  }
  return found;
}

export async function answerTo(
  asker: Asker,
  invitations: Invitations,
  invitation: EventId,
): Promise<Answered | Refused | Failed | null> {
  return asker.isOwn || isClaimed(asker, invitation) ? invitations.answerTo(invitation, asker.signal) : null;
}

export async function changeInvitation(
  asker: Asker,
  invitations: Invitations,
  invitation: EventId,
  end: Instant,
): Promise<Done | Refused | Failed | null> {
  const concerns = await whetherItConcerns(asker, invitations, invitation);
  return concerns === 'yes' ? invitations.changeEnd(invitation, end, asker.signal) : concerns;
}

export async function withdrawInvitation(
  asker: Asker,
  invitations: Invitations,
  invitation: EventId,
): Promise<Done | Refused | Failed | null> {
  const concerns = await whetherItConcerns(asker, invitations, invitation);
  return concerns === 'yes' ? invitations.withdraw(invitation, asker.signal) : concerns;
}

/**
 * Of the panel's own room: whatever invites that room, by whichever panel it was sent. Of others: what this panel sent; the keys of
 * invitations are shown to nobody, so whoever knows one has sent it.
 */
async function whetherItConcerns(
  asker: Asker,
  invitations: Invitations,
  invitation: EventId,
  knowsKey = false,
): Promise<'yes' | Refused | Failed | null> {
  if (isClaimed(asker, invitation)) return 'yes';
  if (!asker.isOwn && !knowsKey) return null;
  // Refused unless the room is among those invited, and by a panel.
  const answer = await invitations.answerTo(invitation, asker.signal);
  return answer.kind === 'answered' ? 'yes' : answer;
}

const isClaimed = ({ panel, room, claims }: Asker, event: EventId) =>
  claims.of(panel, room).some(claim => claim.event === event);
