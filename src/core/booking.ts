/**
 * Changing the room's calendar from the glass.
 *   asked -> submitted -> confirmed(event) | refused(why) | held(until the link is back) -> submitted ...
 * Nothing is shown as booked before the provider has given it an id. A held booking is sent under its own key however
 * often it is tried, so it can never book twice.
 */
import type { BookingAction, RefusalReason } from '../contract/bridge/view.ts';
import type { BookingKey, IntentId } from '../contract/values/ids.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { masked } from '../contract/values/privacy.ts';
import { type Duration, earliest, type Instant, plus, type Span, seconds } from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import { pollNow, trustAt } from './calendar.ts';
import { jittered, spanOf } from './day.ts';
import type { Event } from './events.ts';
import { earlyEnd, isBookable, isTooLong, walkUpStart } from './offers.ts';
import { type Booking, type BookingState, changeRoom, issue, type RoomState, type Turn } from './state.ts';
import { inTheWay, type Occupant, occupants } from './status.ts';

const CONFIRMED_FOR = seconds(10);
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

/** While one change is on its way the glass offers no second one. */
export const isBusy = (booking: Booking | null) =>
  booking?.state.kind === 'submitted' || booking?.state.kind === 'held';

export function stepBooking(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  if (event.kind === 'intent-received') return onIntent(turn, room, event);
  const { booking } = room;
  if (!booking) return turn;
  const { state } = booking;
  if (event.kind === 'booking-answered' && state.kind === 'submitted' && state.effect === event.effect) {
    return onAnswer(turn, room, booking, state.failures, event);
  }
  if (event.kind === 'calendar-read' && event.outcome.kind === 'listed' && state.kind === 'held') {
    return retry(turn, room, booking, state, event.at);
  }
  const isOver = (state.kind === 'confirmed' || state.kind === 'refused') && event.at >= state.until;
  return isOver ? changeRoom(turn, { booking: null }) : turn;
}

type Change = { intent: IntentId; key: BookingKey; action: BookingAction; span: Span };

function onIntent(turn: Turn, room: RoomState, event: Event & { kind: 'intent-received' }): Turn {
  const { intent } = event;
  if (intent.kind === 'dismiss-booking') {
    // A held one may be given up too; one that is on its way may not, its answer is still to come.
    return room.booking?.state.kind === 'submitted' ? turn : changeRoom(turn, { booking: null });
  }
  if (intent.kind !== 'book' && intent.kind !== 'extend' && intent.kind !== 'end-early') return turn;
  if (isBusy(room.booking)) return turn;
  const all = occupants(room.calendar.meetings, room.config.room.zone, room.config.policy);
  const named = { intent: intent.id, key: event.key };
  if (intent.kind === 'book') {
    const span = { start: walkUpStart(event.at, all), end: intent.end };
    return ask(turn, room, { ...named, action: { kind: 'book' }, span }, event.at);
  }
  const target = all.find(o => o.meeting.id === intent.meeting);
  const start = target?.span.start ?? event.at;
  const span = intent.kind === 'extend' ? { start, end: intent.end } : { start, end: earlyEnd(event.at) };
  return ask(turn, room, { ...named, action: { kind: intent.kind, meeting: intent.meeting }, span }, event.at);
}

function ask(turn: Turn, room: RoomState, wish: Change, now: Instant): Turn {
  const why = refusal(room, wish, now);
  if (why) return conclude(turn, wish, { kind: 'refused', why, until: plus(now, REFUSED_FOR) });
  // What we know is old: first find out whether the slot is still there, then send.
  if (trustAt(now, room.calendar, room.config.policy).kind !== 'fresh') {
    const held = conclude(turn, wish, { kind: 'held', failures: 0, notBefore: now });
    return room.calendar.poll.kind === 'reading' ? held : pollNow(held, now);
  }
  return submit(turn, room, wish, 0);
}

function submit(turn: Turn, room: RoomState, { intent, key, action, span }: Change, failures: number): Turn {
  const issued = issue(turn, { kind: 'submit-booking', config: room.config, key, action, span });
  return conclude(issued.turn, { intent, key, action, span }, { kind: 'submitted', effect: issued.id, failures });
}

const conclude = (turn: Turn, { intent, key, action, span }: Change, state: BookingState) =>
  changeRoom(turn, { booking: { intent, key, action, span, state } });

/** Why this cannot be done by what is known now; null when it may be tried. */
function refusal(room: RoomState, { action, span, key }: Change, now: Instant): RefusalReason | null {
  const { policy } = room.config;
  if (policy.bookingMode === 'off') return 'not-allowed';
  if (action.kind === 'end-early' && policy.endEarly === 'off') return 'not-allowed';
  const all = occupants(room.calendar.meetings, room.config.room.zone, room.config.policy);
  if (action.kind === 'book') {
    if (span.end <= now) return 'too-late';
    const others = all.filter(o => o.meeting.bookingKey !== key);
    if (isTooLong(span, policy)) return 'not-allowed';
    return isBookable(span, others) ? null : 'slot-taken';
  }
  const target = all.find(o => o.meeting.id === action.meeting);
  if (!target) return 'gone';
  if (!isOurs(target)) return 'not-allowed';
  if (target.span.end <= now) return 'too-late';
  if (action.kind === 'end-early') return target.span.start <= now ? null : 'invalid';
  if (span.end <= target.span.end) return 'invalid';
  if (isTooLong({ start: target.span.start, end: span.end }, policy)) return 'not-allowed';
  return inTheWay({ start: target.span.start, end: span.end }, all, action.meeting) ? 'slot-taken' : null;
}

/** Booked at the door, and the room's own: we may change it. */
export const isOurs = (o: Occupant) => o.meeting.bookingKey !== null && o.meeting.isRoomOrganizer;

function onAnswer(
  turn: Turn,
  room: RoomState,
  booking: Booking,
  failuresBefore: number,
  { outcome, at: now, dice }: Event & { kind: 'booking-answered' },
): Turn {
  switch (outcome.kind) {
    case 'confirmed':
      return confirm(turn, room, booking, outcome.meeting, now);
    case 'refused':
      return pollNow(
        conclude(turn, booking, { kind: 'refused', why: outcome.why, until: plus(now, REFUSED_FOR) }),
        now,
      );
    case 'failed': {
      const why = HOPELESS[outcome.problem];
      if (why) return conclude(turn, booking, { kind: 'refused', why, until: plus(now, REFUSED_FOR) });
      const wait = Math.max(outcome.retryAfter ?? 0, pause(failuresBefore, dice)) as Duration;
      const state = { kind: 'held', failures: failuresBefore + 1, notBefore: plus(now, wait) } as const;
      const held = conclude(turn, booking, state);
      return outcome.retryAfter === null ? pollNow(held, now) : held;
    }
  }
}

const pause = (failures: number, dice: number): Duration =>
  jittered(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(failures, 10)) as Duration, dice);

/** The provider has it: show it at once, and read again so that what is shown is what is stored. */
function confirm(turn: Turn, room: RoomState, booking: Booking, meeting: Meeting | null, now: Instant): Turn {
  const { action } = booking;
  const replaced = action.kind === 'book' ? meeting?.id : action.meeting;
  const kept = room.calendar.meetings.filter(m => m.id !== replaced && m.id !== meeting?.id);
  // Sent under the policy of that moment; what is hidden may have changed since.
  const meetings = meeting ? [...kept, masked(meeting, room.config.policy.privacy)] : kept;
  const event = meeting?.id ?? (action.kind === 'book' ? null : action.meeting);
  if (event === null) throw new Error('a booking was confirmed without the id of its event');
  const confirmed = conclude(turn, booking, { kind: 'confirmed', event, until: plus(now, CONFIRMED_FOR) });
  const calendar = { ...room.calendar, meetings };
  return pollNow(changeRoom(confirmed, { calendar }), now);
}

/** The calendar can be read again: was it done after all, has the moment passed, or is it time to send it? */
function retry(
  turn: Turn,
  room: RoomState,
  booking: Booking,
  { failures, notBefore }: BookingState & { kind: 'held' },
  now: Instant,
): Turn {
  const done = alreadyDone(room, booking);
  // Stored, but on a slot somebody else holds too: sending it again settles who was first.
  if (done && !isContested(room, booking)) return confirm(turn, room, booking, done, now);
  const why = done ? null : failures >= MOST_FAILURES ? 'provider-error' : refusal(room, booking, now);
  if (why) return conclude(turn, booking, { kind: 'refused', why, until: plus(now, REFUSED_FOR) });
  return now < notBefore ? pollBy(turn, notBefore) : submit(turn, room, booking, failures);
}

/** Sent after a look of its own, so the next one is had by then. */
function pollBy(turn: Turn, at: Instant): Turn {
  const calendar = turn.state.room?.calendar;
  if (calendar?.poll.kind !== 'due') return turn;
  return changeRoom(turn, { calendar: { ...calendar, poll: { kind: 'due', at: earliest(calendar.poll.at, at) } } });
}

/** A write whose answer was lost may have arrived; the calendar itself tells. */
function alreadyDone(room: RoomState, { action, key, span }: Booking): Meeting | null {
  const { meetings } = room.calendar;
  if (action.kind === 'book') return meetings.find(m => m.bookingKey === key) ?? null;
  const target = meetings.find(m => m.id === action.meeting);
  return target && spanOf(target.when, room.config.room.zone).end === span.end ? target : null;
}

function isContested({ calendar, config }: RoomState, { action, key, span }: Booking): boolean {
  if (action.kind !== 'book') return false;
  const others = occupants(calendar.meetings, config.room.zone, config.policy).filter(
    o => o.meeting.bookingKey !== key,
  );
  return inTheWay(span, others) !== null;
}
