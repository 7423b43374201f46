/** What may be changed from the glass by what is known, and what the calendar says of a change that was asked for. */
import type { BookingAction, RefusalReason } from '../contract/bridge/view.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { type Instant, latest, type Span } from '../contract/values/time.ts';
import { canBook, canExtend, howToEnd, isBookable, isTooLong, walkUpStart } from './offers.ts';
import type { Booking, RoomState } from './state.ts';
import { inTheWay, type Occupant, occupants } from './status.ts';

/** A wish, before anything became of it. */
export type Change = Omit<Booking, 'state'>;

export const occupantsOf = ({ calendar, config }: RoomState): Occupant[] =>
  occupants(calendar.meetings, config.room.zone, config.policy);

const targetOf = (room: RoomState, action: BookingAction): Occupant | undefined =>
  'meeting' in action ? occupantsOf(room).find(o => o.meeting.id === action.meeting) : undefined;

/** Whether the room has to be asked, and answers in its own time. */
export function isByInvitation(room: RoomState, { action, was }: Change): boolean {
  if ('meeting' in action) return targetOf(room, action)?.meeting.isInvitedByUs ?? typeof was?.invitation === 'string';
  return room.config.policy.bookingMode === 'invite';
}

/**
 * Why this cannot be done by what is known now; null when it may be tried. `wasSent`: it may have been before. Then what
 * stands in the way of an invitation may be our own, and the room has the last word; nobody else would take it back.
 */
export function refusal(room: RoomState, change: Change, now: Instant, wasSent: boolean): RefusalReason | null {
  const { action, span } = change;
  const { policy } = room.config;
  if (policy.bookingMode === 'off') return 'not-allowed';
  const isRoomsToSay = wasSent && isByInvitation(room, change);
  if (action.kind === 'book' || action.kind === 'book-elsewhere') {
    if (span.end <= now) return 'too-late';
    if (!canBook(room.config) || isTooLong(span, policy)) return 'not-allowed';
    if (action.kind === 'book-elsewhere') return policy.canFindRoom ? null : 'not-allowed';
    return isRoomsToSay || isBookable(span, othersOf(room, change)) ? null : 'slot-taken';
  }
  if (action.kind === 'end-early' && policy.endEarly === 'off') return 'not-allowed';
  const target = targetOf(room, action);
  // Asked for a longer end, the room may have given up all of it; then it has to be put back.
  if (!target) return isRoomsToSay && action.kind === 'extend' && now < span.end ? null : 'gone';
  const isAllowed = action.kind === 'end-early' ? howToEnd(target, policy) !== null : canExtend(target, policy);
  if (!isAllowed) return 'not-allowed';
  if (target.span.end <= now) return 'too-late';
  if (action.kind === 'end-early') return target.span.start <= now ? null : 'invalid';
  if (span.end <= target.span.end) return 'invalid';
  const whole: Span = { start: target.span.start, end: span.end };
  if (isTooLong(whole, policy)) return 'not-allowed';
  return !isRoomsToSay && inTheWay(whole, occupantsOf(room), action.meeting) ? 'slot-taken' : null;
}

const othersOf = (room: RoomState, { key }: Change) => occupantsOf(room).filter(o => o.meeting.bookingKey !== key);

/**
 * A walk-up that had to wait begins no earlier than one that is tapped now. What lies behind may have been somebody
 * else's, and two meetings on one slot are two also when nobody looks any more.
 */
export function fromNowOn<C extends Change>(room: RoomState, change: C, now: Instant): C {
  if (change.action.kind !== 'book') return change;
  const start = latest(change.span.start, walkUpStart(now, othersOf(room, change)));
  return { ...change, span: { ...change.span, start } };
}

/** A write whose answer was lost may have arrived; the calendar itself tells. `meeting` null: none is left of it. */
export function alreadyDone(
  room: RoomState,
  { action, key, span }: Change,
  wasSent: boolean,
): { meeting: Meeting | null } | null {
  switch (action.kind) {
    case 'book': {
      const meeting = room.calendar.meetings.find(m => m.bookingKey === key);
      return meeting ? { meeting } : null;
    }
    case 'book-elsewhere':
      return null;
    case 'extend': {
      const target = targetOf(room, action);
      return target?.span.end === span.end ? { meeting: target.meeting } : null;
    }
    case 'end-early': {
      const target = targetOf(room, action);
      // Never sent, it was somebody else who moved it or took it away.
      if (!target) return wasSent ? { meeting: null } : null;
      return target.span.end <= span.end ? { meeting: target.meeting } : null;
    }
  }
}

/** From when on there is no use in sending it; null: the next read tells. */
export const uselessFrom = (room: RoomState, { action, span }: Change): Instant | null =>
  action.kind === 'end-early' ? (targetOf(room, action)?.span.end ?? null) : span.end;
