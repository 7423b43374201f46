/**
 * Reading the room's calendar: when to poll, what an answer does, how far to trust it.
 *   unknown -> fresh(at) -> stale(since), derived from the last good read.
 */
import type { Policy } from '../contract/values/policy.ts';
import {
  between,
  contains,
  type Duration,
  type Instant,
  milliseconds,
  plus,
  type Span,
  seconds,
} from '../contract/values/time.ts';
import type { Trust } from '../contract/values/trust.ts';
import { jittered, windowAround } from './day.ts';
import type { Event, ReadOutcome } from './events.ts';
import { type Calendar, change, changeRoom, issue, type RoomState, type Turn } from './state.ts';

/** Answers carry their instant to the second, and travel: a smaller difference is not a wrong clock. */
const CLOCK_TOLERANCE = seconds(5);
const FIRST_RETRY = seconds(5);
/** A read that takes longer is given up inside the provider; this is the net below it. */
const READ_DEADLINE = seconds(60);

/** Two polls may be missed, each late by its jitter, the second by a slow answer; then what is shown is stale. */
export const freshFor = (policy: Policy): Duration => milliseconds(policy.pollEvery * 2.2 + seconds(10));

export function trustAt(now: Instant, calendar: Calendar, policy: Policy): Trust {
  // Of a time beyond what was read nothing is known, however many meetings are remembered.
  if (calendar.lastRead === null || !contains(calendar.window, now)) return { kind: 'unknown', why: calendar.problem };
  const until = plus(calendar.lastRead, freshFor(policy));
  return now < until
    ? { kind: 'fresh', lastRead: calendar.lastRead, until }
    : { kind: 'stale', lastRead: calendar.lastRead, why: calendar.problem };
}

export const unreadCalendar = (now: Instant, window: Span): Calendar => ({
  lastRead: null,
  window,
  meetings: [],
  problem: null,
  misses: 0,
  poll: { kind: 'due', at: now },
});

/** Reads again at once; an answer under way is from before and will be dropped. */
export const pollNow = (turn: Turn, now: Instant): Turn =>
  turn.state.room
    ? changeRoom(turn, { calendar: { ...turn.state.room.calendar, poll: { kind: 'due', at: now } } })
    : turn;

export function stepCalendar(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  const { poll } = room.calendar;
  if (event.kind === 'calendar-read' && poll.kind === 'reading' && poll.effect === event.effect) {
    return answered(turn, room, event.outcome, event);
  }
  if (poll.kind === 'reading' && event.at >= poll.giveUpAt) {
    return answered(turn, room, { kind: 'failed', problem: 'unreachable', retryAfter: null }, event);
  }
  // After a jump nothing is certain; after central came back there may be a token again. A provider that told us to wait is
  // waited for, whatever central does.
  const isNews =
    event.kind === 'clock-jumped' || (event.kind === 'link-opened' && room.calendar.problem === 'no-token');
  return isNews ? pollNow(turn, event.at) : turn;
}

function answered(turn: Turn, room: RoomState, outcome: ReadOutcome, event: Event): Turn {
  const { pollEvery } = room.config.policy;
  if (outcome.kind === 'failed') {
    const misses = room.calendar.misses + 1;
    const backOff = Math.min(pollEvery, FIRST_RETRY * 2 ** Math.min(misses - 1, 10)) as Duration;
    const wait = Math.max(jittered(backOff, event.dice), outcome.retryAfter ?? 0) as Duration;
    const poll = { kind: 'due', at: plus(event.at, wait) } as const;
    return changeRoom(turn, { calendar: { ...room.calendar, misses, problem: outcome.problem, poll } });
  }
  const adjusted = adjustClock(turn, event.at, outcome.serverTime);
  const calendar: Calendar = {
    lastRead: adjusted.now,
    window: outcome.window,
    meetings: outcome.meetings,
    problem: null,
    misses: 0,
    poll: { kind: 'due', at: plus(adjusted.now, jittered(pollEvery, event.dice)) },
  };
  return changeRoom(adjusted.turn, { calendar });
}

/** The provider's clock is right; ours may have been wrong since boot. Everything from here on uses the corrected time. */
export function adjustClock(turn: Turn, now: Instant, serverTime: Instant | null): { turn: Turn; now: Instant } {
  if (serverTime === null) return { turn, now };
  const error = between(now, serverTime);
  if (Math.abs(error) <= CLOCK_TOLERANCE) return { turn, now };
  return { turn: change(turn, { clockOffset: milliseconds(turn.state.clockOffset + error) }), now: plus(now, error) };
}

/** Asked last of all, so that a read any machine wants begins in the same turn. */
export function startDueRead(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (room?.calendar.poll.kind !== 'due' || room.calendar.poll.at > event.at) return turn;
  const window = windowAround(event.at, room.config.room.zone);
  const issued = issue(turn, { kind: 'fetch-calendar', config: room.config, window });
  return changeRoom(issued.turn, {
    calendar: {
      ...room.calendar,
      poll: { kind: 'reading', effect: issued.id, giveUpAt: plus(event.at, READ_DEADLINE) },
    },
  });
}
