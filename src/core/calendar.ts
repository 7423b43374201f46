/**
 * Reading the room's calendar: when to poll, what an answer does, how far to trust it.
 *   unknown -> fresh(at) -> stale(since), derived from the last good read.
 */
import type { Policy } from '../contract/values/policy.ts';
import {
  between,
  contains,
  type Duration,
  earliest,
  type Instant,
  latest,
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
/** Many panels may hear of one change, and one change may be told in many hints. */
const HINT_SPREAD = seconds(1);
const HINT_PAUSE = seconds(2);

/**
 * How long a read is believed, from the moment it was asked for: one poll may come late by its jitter and go wrong, its
 * retry has time to answer, and then what is shown is stale. At the default of 30 s that is 55 s; with the five by which
 * the clock may be set unnoticed nothing is wrong on the glass for more than a minute without being called old.
 */
export const freshFor = (policy: Policy): Duration => milliseconds(policy.pollEvery * 1.1 + seconds(22));

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
  isClockSure: false,
  hintsFrom: now,
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
  // After a jump nothing is certain, least of all how long a read has been under way.
  if (event.kind === 'clock-jumped') return pollNow(turn, event.at);
  if (poll.kind === 'reading' && event.at >= poll.giveUpAt) {
    return answered(turn, room, { kind: 'failed', problem: 'unreachable', retryAfter: null }, event);
  }
  if (event.kind === 'calendar-hinted') return onHint(turn, room, event);
  // After central came back there may be a token again. A provider that told us to wait is waited for, whatever central does.
  return event.kind === 'link-opened' && isWaitingForCentral(room) ? pollNow(turn, event.at) : turn;
}

/** Without a token, or without central where that is who reads. */
const isWaitingForCentral = ({ config, calendar: { problem } }: RoomState) =>
  problem === 'no-token' || (problem === 'unreachable' && config.access.kind === 'relay');

/**
 * Something may have changed: read soon. A read under way may be from before, so another one follows it. Nothing is added to
 * the retries of a calendar that cannot be read, least of all while its provider told us to wait.
 */
function onHint(turn: Turn, { calendar }: RoomState, { at: now, dice }: Event): Turn {
  const { poll, problem, hintsFrom } = calendar;
  if (problem !== null) return turn;
  if (poll.kind === 'reading')
    return changeRoom(turn, { calendar: { ...calendar, poll: { ...poll, isHinted: true } } });
  const at = latest(plus(now, milliseconds(HINT_SPREAD * dice)), hintsFrom);
  if (poll.at <= at) return turn;
  return changeRoom(turn, { calendar: { ...calendar, hintsFrom: plus(at, HINT_PAUSE), poll: { kind: 'due', at } } });
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
  const { poll: asked, hintsFrom } = room.calendar;
  const isHinted = asked.kind === 'reading' && asked.isHinted;
  const took = asked.kind === 'reading' ? between(asked.since, event.at) : milliseconds(0);
  // Of another day, as the clock was wrong when it was asked for: nothing is known yet.
  const isOfNow = contains(outcome.window, adjusted.now);
  const regularly = isOfNow ? plus(adjusted.now, jittered(pollEvery, event.dice)) : adjusted.now;
  const again = isHinted ? earliest(regularly, latest(adjusted.now, hintsFrom)) : regularly;
  const calendar: Calendar = {
    // An answer tells of the moment it was asked for, or of an earlier one where a read is shared.
    lastRead: plus(adjusted.now, -(Math.max(0, took) + Math.max(0, outcome.age)) as Duration),
    window: outcome.window,
    meetings: outcome.meetings,
    problem: null,
    misses: 0,
    isClockSure: room.calendar.isClockSure || outcome.serverTime !== null,
    hintsFrom: isHinted ? plus(again, HINT_PAUSE) : hintsFrom,
    poll: { kind: 'due', at: again },
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
      poll: {
        kind: 'reading',
        effect: issued.id,
        since: event.at,
        giveUpAt: plus(event.at, READ_DEADLINE),
        isHinted: false,
      },
    },
  });
}
