/**
 * Changing the room's calendar from the glass.
 *   asked -> submitted -> confirmed(event) | refused(why) | held(until the link is back) -> submitted ...
 * Nothing is shown as booked before the provider has given it an id. A held booking is sent under its own key however
 * often it is tried, so it can never book twice.
 */

import type { Intent } from '../contract/bridge/intent.ts';
import type { RefusalReason } from '../contract/bridge/view.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { masked } from '../contract/values/privacy.ts';
import {
  between,
  contains,
  type Duration,
  earliest,
  type Instant,
  minutes,
  plus,
  type Span,
  seconds,
} from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import { alreadyDone, type Change, fromNowOn, occupantsOf, refusal, uselessFrom } from './booking-rules.ts';
import { pollNow, trustAt } from './calendar.ts';
import { floorToMinute, jittered } from './day.ts';
import type { Event } from './events.ts';
import { earlyEnd, walkUpStart } from './offers.ts';
import { type Booking, type BookingState, changeRoom, issue, type RoomState, type Turn } from './state.ts';
import { withdraw } from './withdrawals.ts';

const CONFIRMED_FOR = seconds(10);
/** Whoever booked another room has to read where it is. */
const CONFIRMED_ELSEWHERE_FOR = seconds(20);
const REFUSED_FOR = seconds(60);
/** A write that fails while reads succeed must not be sent at the speed of the network. */
const FIRST_RETRY = seconds(5);
const LONGEST_RETRY = seconds(60);
/** After these tries, two minutes or so, whoever waits at the door is told that it does not work. */
const MOST_FAILURES = 5;
/** Failures that another try may mend. The rest need an admin, and the person at the door an answer. */
const HOPELESS: Partial<Record<ReadProblem, RefusalReason>> = {
  'sign-in-needed': 'sign-in-needed',
  'no-access': 'no-access',
  'room-not-found': 'no-access',
};

/** How often it failed, and whether one of the tries may have arrived. */
type Tries = { failures: number; wasSent: boolean };
const NEVER_TRIED: Tries = { failures: 0, wasSent: false };

/** While one change is on its way the glass offers no second one. */
export const isBusy = (booking: Booking | null) =>
  booking?.state.kind === 'submitted' || booking?.state.kind === 'held';

export function stepBooking(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  if (event.kind === 'intent-received') return onIntent(turn, room, event);
  const { booking } = room;
  if (!booking) return turn;
  // The clock has been confirmed, and the span was moved along if that corrected it.
  if (!booking.isClockSure && room.calendar.isClockSure)
    return stepBooking(changeRoom(turn, { booking: { ...booking, isClockSure: true } }), event);
  const { state } = booking;
  if (event.kind === 'booking-answered' && state.kind === 'submitted' && state.effect === event.effect) {
    return onAnswer(turn, room, booking, state, event);
  }
  if (state.kind === 'held') {
    // Read of another day, under a clock that was wrong: what is not in it may be there all the same.
    const isOfNow = contains(room.calendar.window, event.at);
    if (event.kind === 'calendar-read' && event.outcome.kind === 'listed' && isOfNow) {
      return retry(turn, room, booking, state, event.at);
    }
    const end = uselessFrom(room, booking);
    return end !== null && event.at >= end ? giveUp(turn, booking, 'too-late', event.at) : turn;
  }
  const isOver = (state.kind === 'confirmed' || state.kind === 'refused') && event.at >= state.until;
  return isOver ? changeRoom(turn, { booking: null }) : turn;
}

/** When a booking on the glass changes by itself. */
export function bookingWakeUps(room: RoomState): Instant[] {
  const { booking } = room;
  if (booking?.state.kind === 'confirmed' || booking?.state.kind === 'refused') return [booking.state.until];
  const end = booking?.state.kind === 'held' ? uselessFrom(room, booking) : null;
  return end === null ? [] : [end];
}

/** Nobody else would make a longer end that was sent shorter again, should it stand on somebody's time. */
export const hasToSettle = ({ action, state }: Booking): boolean =>
  state.kind === 'held' && state.wasSent && action.kind === 'extend';

function onIntent(turn: Turn, room: RoomState, event: Event & { kind: 'intent-received' }): Turn {
  const { intent, at: now } = event;
  if (intent.kind === 'dismiss-booking') {
    // A held one may be given up too, and one that a room takes its time to answer; else the answer is near.
    const { booking } = room;
    if (booking?.intent !== intent.booking) return turn;
    if (booking.state.kind === 'submitted' && !isInvitation(room, booking)) return turn;
    if (hasToSettle(booking)) return turn;
    return changeRoom(takeBack(turn, booking, now), { booking: null });
  }
  const wish = isBusy(room.booking) ? null : wishOf(room, intent, event.key, now);
  return wish === null ? turn : ask(turn, room, wish, now);
}

const isInvitation = ({ config }: RoomState, { action }: Booking) =>
  config.policy.bookingMode === 'invite' && (action.kind === 'book' || action.kind === 'book-elsewhere');

/** Null: not a wish to change a calendar, or for a room that is not on the glass any more. */
function wishOf(room: RoomState, intent: Intent, key: Booking['key'], now: Instant): Change | null {
  const { isClockSure } = room.calendar;
  switch (intent.kind) {
    case 'book': {
      const span = { start: walkUpStart(now, occupantsOf(room)), end: intent.end };
      return { intent: intent.id, key, action: { kind: 'book' }, span, elsewhere: null, was: null, isClockSure };
    }
    case 'extend':
    case 'end-early': {
      const action = { kind: intent.kind, meeting: intent.meeting };
      const target = occupantsOf(room).find(o => o.meeting.id === intent.meeting);
      const start = target?.span.start ?? now;
      const end = intent.kind === 'extend' ? intent.end : earlyEnd(now);
      const was = target
        ? { end: target.span.end, invitation: target.meeting.isInvitedByUs ? target.meeting.uid : null }
        : null;
      return { intent: intent.id, key, action, span: { start, end }, elsewhere: null, was, isClockSure };
    }
    case 'book-elsewhere': {
      const offered = room.find?.state.kind === 'found' ? room.find.state.offered : [];
      const elsewhere = offered.find(o => o.id === intent.room);
      if (!elsewhere) return null;
      const { name, floor, building } = elsewhere;
      const action = { kind: 'book-elsewhere', room: intent.room, name, floor, building } as const;
      const span = { start: floorToMinute(now), end: intent.end };
      return { intent: intent.id, key, action, span, elsewhere, was: null, isClockSure };
    }
    default:
      return null;
  }
}

function ask(turn: Turn, room: RoomState, wish: Change, now: Instant): Turn {
  const why = refusal(room, wish, now, false);
  if (why) return refuse(turn, wish, why, now);
  // How old our knowledge of this room is does not matter to another one.
  const isKnown = wish.elsewhere !== null || trustAt(now, room.calendar, room.config.policy).kind === 'fresh';
  if (isKnown) return submit(turn, room, wish, NEVER_TRIED);
  // What we know is old: first find out whether the slot is still there, then send. Who told us to wait is waited for.
  const held = conclude(turn, wish, { kind: 'held', ...NEVER_TRIED, notBefore: now });
  const { poll, problem } = room.calendar;
  return poll.kind === 'reading' || problem === 'throttled' ? held : pollNow(held, now);
}

function submit(turn: Turn, { config }: RoomState, wish: Change, { failures, wasSent }: Tries): Turn {
  const { key, action, span, elsewhere, was } = wish;
  const issued = issue(turn, { kind: 'submit-booking', config, key, action, span, elsewhere, was, wasSent });
  return conclude(issued.turn, wish, { kind: 'submitted', effect: issued.id, failures, wasSent });
}

const conclude = (
  turn: Turn,
  { intent, key, action, span, elsewhere, was, isClockSure }: Change,
  state: BookingState,
) => changeRoom(turn, { booking: { intent, key, action, span, elsewhere, was, isClockSure, state } });

const refuse = (turn: Turn, change: Change, why: RefusalReason, now: Instant) =>
  conclude(turn, change, { kind: 'refused', why, until: plus(now, REFUSED_FOR) });

/** What is told as refused must not stand in the calendar. */
const giveUp = (turn: Turn, booking: Booking, why: RefusalReason, now: Instant) =>
  refuse(takeBack(turn, booking, now), booking, why, now);

/** Where it was sent and nobody knows whether it arrived. What is over by now stays as it was; a new end is no booking. */
function takeBack(turn: Turn, booking: Booking, now: Instant): Turn {
  const { key, span, elsewhere, state } = booking;
  const wasSent = state.kind === 'submitted' || (state.kind === 'held' && state.wasSent);
  return wasSent && !isNewEnd(booking) ? withdraw(turn, { key, span, elsewhere }, now) : turn;
}

const isNewEnd = ({ action }: Change) => 'meeting' in action;

function onAnswer(
  turn: Turn,
  room: RoomState,
  booking: Booking,
  before: Tries,
  { outcome, at: now, dice }: Event & { kind: 'booking-answered' },
): Turn {
  switch (outcome.kind) {
    case 'confirmed':
      return confirm(turn, room, booking, outcome.meeting, now);
    case 'refused': {
      const refused = refuse(turn, booking, outcome.why, now);
      return booking.elsewhere === null ? pollNow(refused, now) : refused;
    }
    case 'failed': {
      const { problem, retryAfter } = outcome;
      const wait = Math.max(retryAfter ?? 0, pause(before.failures, dice)) as Duration;
      const wasSent = before.wasSent || outcome.isOutcomeUnknown;
      const state = { kind: 'held', failures: before.failures + 1, wasSent, notBefore: plus(now, wait) } as const;
      const tried: Booking = { ...booking, state };
      // Whoever wants another room wants it now, and goes on looking.
      const why = HOPELESS[problem] ?? (booking.elsewhere === null ? null : 'provider-error');
      // A new end that may stand is not told as refused before the calendar says so; the next read does.
      const isReadFirst = why !== null && wasSent && isNewEnd(booking);
      if (why && !isReadFirst) return giveUp(turn, tried, why, now);
      const held = conclude(turn, booking, isReadFirst ? { ...state, failures: MOST_FAILURES } : state);
      return retryAfter === null ? pollNow(held, now) : held;
    }
  }
}

const pause = (failures: number, dice: number): Duration =>
  jittered(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(failures, 10)) as Duration, dice);

/** The provider has it: show it at once, and read again so that what is shown is what is stored. */
function confirm(turn: Turn, room: RoomState, booking: Booking, meeting: Meeting | null, now: Instant): Turn {
  const { action } = booking;
  const replaced = 'meeting' in action ? action.meeting : null;
  const event = meeting?.id ?? replaced;
  if (event === null) throw new Error('a booking was confirmed without the id of its event');
  const shownFor = booking.elsewhere === null ? CONFIRMED_FOR : CONFIRMED_ELSEWHERE_FOR;
  // Found again, it may have been ended or made longer meanwhile: what is stored is told.
  const span = action.kind === 'book' && meeting?.when.kind === 'timed' ? meeting.when : booking.span;
  const told = { ...booking, span: { start: span.start, end: span.end } };
  const confirmed = conclude(turn, told, { kind: 'confirmed', event, until: plus(now, shownFor) });
  // It stands in another room's calendar.
  if (booking.elsewhere !== null) return confirmed;
  const kept = room.calendar.meetings.filter(m => m.id !== replaced && m.id !== meeting?.id);
  // Sent under the policy of that moment; what is hidden may have changed since.
  const meetings = meeting ? [...kept, masked(meeting, room.config.policy.privacy)] : kept;
  return pollNow(changeRoom(confirmed, { calendar: { ...room.calendar, meetings } }), now);
}

/** The calendar can be read again: was it done after all, has the moment passed, or is it time to send it? */
function retry(
  turn: Turn,
  room: RoomState,
  held: Booking,
  { failures, wasSent, notBefore }: BookingState & { kind: 'held' },
  now: Instant,
): Turn {
  // Another room is booked now or not at all: after a restart nobody waits for it any more.
  if (held.elsewhere) return changeRoom(takeBack(turn, held, now), { booking: null });
  const done = alreadyDone(room, held, wasSent);
  // What takes time from others is sent again though it is stored: nobody has looked yet who else came at that moment.
  if (done && held.action.kind === 'end-early') return confirm(turn, room, held, done.meeting, now);
  const booking = done ? held : fromNowOn(room, held, now);
  const why = done ? null : failures >= MOST_FAILURES ? 'provider-error' : refusal(room, booking, now, wasSent);
  if (why) return giveUp(turn, booking, why, now);
  const hasToWait = now < notBefore && !(done && failures <= 1);
  return hasToWait ? pollBy(turn, notBefore) : submit(turn, room, booking, { failures, wasSent });
}

/** Sent after a look of its own, so the next one is had by then. */
function pollBy(turn: Turn, at: Instant): Turn {
  const calendar = turn.state.room?.calendar;
  if (calendar?.poll.kind !== 'due') return turn;
  return changeRoom(turn, { calendar: { ...calendar, poll: { kind: 'due', at: earliest(calendar.poll.at, at) } } });
}

/**
 * Time was put right by `by`. "Half an hour from now" was meant by the clock that was wrong, so it moves along, to the
 * whole minute; once sent it stays as it was sent. Asked for by a clock that was right, it stays too: what was wrong is
 * what became of the clock since.
 */
export function bookingMoved(booking: Booking, by: Duration): Booking {
  const { state } = booking;
  switch (state.kind) {
    case 'submitted':
      return booking;
    case 'held': {
      const span = state.wasSent || booking.isClockSure ? booking.span : spanMoved(booking, by);
      return { ...booking, span, state: { ...state, notBefore: plus(state.notBefore, by) } };
    }
    case 'confirmed':
    case 'refused':
      return { ...booking, state: { ...state, until: plus(state.until, by) } };
  }
}

function spanMoved({ action, span }: Booking, by: Duration): Span {
  const whole = (at: Instant) => (Math.round((at + by) / minutes(1)) * minutes(1)) as Instant;
  if (action.kind === 'end-early') return { ...span, end: whole(span.end) };
  if (action.kind !== 'book') return span;
  const start = whole(span.start);
  return { start, end: plus(start, between(span.start, span.end)) };
}
