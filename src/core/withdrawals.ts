/**
 * Bookings that were sent, whose answers were lost, and that nobody waits for any more. They are written down until they are
 * out of the calendar for certain, or over: a restart must not leave one standing.
 */
import { between, type Instant } from '../contract/values/time.ts';
import type { Event } from './events.ts';
import type { WithdrawnBooking } from './remembered.ts';
import { changeRoom, issue, type RoomState, type Turn, type Withdrawal } from './state.ts';

/** More at a time is no panel at a door. */
const MOST = 20;

export function withdraw(turn: Turn, booking: WithdrawnBooking, now: Instant): Turn {
  const { room } = turn.state;
  if (!room || isOver(room, { ...booking, effect: null }, now)) return turn;
  const { key, span, elsewhere } = booking;
  const others = room.withdrawals.filter(other => other.key !== key);
  const kept = (effect: Withdrawal['effect']) => [...others, { key, span, elsewhere, effect }].slice(-MOST);
  // How long it may take is not known before the clock is: the next read tells.
  if (span.end <= now) return changeRoom(turn, { withdrawals: kept(null) });
  const within = between(now, span.end);
  const issued = issue(turn, { kind: 'take-back-booking', config: room.config, key, span, within, elsewhere });
  return changeRoom(issued.turn, { withdrawals: kept(issued.id) });
}

/** Not begun yet, only by a clock that was confirmed: one that runs hours ahead after a restart would let everything be. */
const isOver = ({ calendar }: RoomState, { span, effect }: Withdrawal, now: Instant) =>
  span.end <= now && (effect !== null || calendar.isClockSure);

export function stepWithdrawals(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room || room.withdrawals.length === 0) return turn;
  const isDone = (one: Withdrawal) =>
    (event.kind === 'booking-taken-back' && event.effect === one.effect) || isOver(room, one, event.at);
  const left = room.withdrawals.filter(one => !isDone(one));
  const tidied = left.length === room.withdrawals.length ? turn : changeRoom(turn, { withdrawals: left });
  // Restored from before the start: as soon as the calendar can be read.
  if (event.kind !== 'calendar-read' || event.outcome.kind !== 'listed') return tidied;
  return left.filter(one => one.effect === null).reduce((so, one) => withdraw(so, one, event.at), tidied);
}
