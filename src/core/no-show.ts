/**
 * Giving the room back when nobody came: once, at the end of the time to check in. Better a room kept for nobody than one
 * taken from people who sit in it. So a meeting is let be, for good, unless its check-in stood on the glass without a
 * break from its start on, by a calendar known to be right and a clock known to be right, until the deadline passed.
 *
 * A break is: what was read grew stale; the clock jumped or was corrected; the panel was started anew; the page died, or
 * there was none; something else lay over the check-in; the pairing came into doubt; the meeting was moved, or the policy
 * changed the deadline.
 *
 * Of two meetings at once the glass can ask for one only, and whoever is inside may belong to either: none of them is
 * released as long as another one takes the room, whoever booked it and whether somebody checked in to it or not.
 */
import type { EventId } from '../contract/values/ids.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { CheckInPolicy } from '../contract/values/policy.ts';
import {
  between,
  type Duration,
  type Instant,
  milliseconds,
  minutes,
  overlaps,
  plus,
  seconds,
} from '../contract/values/time.ts';
import { pollNow, trustAt } from './calendar.ts';
import { jittered } from './day.ts';
import type { Event } from './events.ts';
import { changeRoom, issue, type Missed, type NoShow, type RoomState, type State, type Turn } from './state.ts';
import { askedToCheckIn, checkInDeadline, type Occupant, occupants } from './status.ts';
import { checked, remembered, strikeBy, strikeNote, withoutSeries, withStrike } from './strikes.ts';

/** A meeting may be read a little after it began; no later, or people had less time than they were promised. */
const LATEST_OFFER = seconds(90);
/** After this nobody can tell any more who has come meanwhile. */
const TOO_LATE = minutes(2);
const RELEASED_FOR = minutes(5);
const FIRST_RETRY = seconds(5);

export const NOBODY_MISSED: NoShow = {
  offered: null,
  release: { kind: 'idle' },
  released: null,
  settled: [],
  strikes: [],
};

export function stepNoShow(turn: Turn, event: Event): Turn {
  return offer(releaseWhenDue(retryWhenDue(hear(turn, event), event), event), event.at);
}

/** Whether, by all that is known now, the room is given back at this deadline if nobody comes. */
export function isReleasedThen(room: RoomState, { meeting }: Occupant, deadline: Instant, now: Instant): boolean {
  const { offered, settled } = room.noShow;
  const isOffered = offered?.meeting === meeting.id && offered.deadline === deadline && now < offered.until;
  if (!isOffered || settled.some(s => s.meeting === meeting.id)) return false;
  return isInTime(offered, room) && missedAt(room, meeting.id, deadline, deadline) !== null;
}

export function noShowWakeUps({ noShow: { release, released } }: RoomState): Instant[] {
  return [...(release.kind === 'retry' ? [release.at] : []), ...(released ? [released.until] : [])];
}

/** When time is corrected, pauses stay as long as they were, and what was offered was so at another time than it seemed. */
export function noShowMoved(noShow: NoShow, by: Duration): NoShow {
  const { release, released } = noShow;
  return {
    ...noShow,
    offered: null,
    release: release.kind === 'retry' ? { ...release, at: plus(release.at, by) } : release,
    released: released && { ...released, until: plus(released.until, by) },
  };
}

function hear(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  const { noShow } = room;
  if (event.kind === 'release-answered') return onAnswer(turn, noShow, event);
  if (noShow.released && event.at >= noShow.released.until) return changeNoShow(turn, { released: null });
  const isRead = event.kind === 'calendar-read' && event.outcome.kind === 'listed';
  if (!isRead || (noShow.settled.length === 0 && noShow.strikes.length === 0)) return turn;
  const settled = noShow.settled.filter(s => s.end > event.at);
  return changeNoShow(turn, { settled, strikes: remembered(noShow.strikes, event.at) });
}

function onAnswer(turn: Turn, noShow: NoShow, { outcome, at: now, dice }: Event & { kind: 'release-answered' }): Turn {
  const { release, strikes } = noShow;
  if (release.kind !== 'submitted') return turn;
  const { missed, failures } = release;
  switch (outcome.kind) {
    case 'released': {
      const { strike, span } = missed;
      const counted = strike === null ? strikes : withStrike(strikes, checked(strike, outcome.isRow), now);
      return pollNow(
        changeNoShow(turn, {
          release: { kind: 'idle' },
          released: { span, until: plus(now, RELEASED_FOR) },
          strikes: strike !== null && outcome.isSeriesDeclined ? withoutSeries(strikes, strike.series) : counted,
        }),
        now,
      );
    }
    case 'let-be':
      return pollNow(changeNoShow(turn, { release: { kind: 'idle' } }), now);
    case 'failed': {
      const pause = jittered((FIRST_RETRY * 2 ** Math.min(failures, 10)) as Duration, dice);
      const at = plus(now, Math.max(pause, outcome.retryAfter ?? 0) as Duration);
      return changeNoShow(turn, {
        release: { kind: 'retry', missed, at, failures: failures + 1, mayBeDone: outcome.mayBeDone },
      });
    }
  }
}

/** All is asked again each time; if anything has changed meanwhile, or it is too late, the meeting is let be. */
function retryWhenDue(turn: Turn, { at: now }: Event): Turn {
  const { room } = turn.state;
  if (room?.noShow.release.kind !== 'retry' || now < room.noShow.release.at) return turn;
  const { missed, failures, mayBeDone } = room.noShow.release;
  const still = isAsking(turn.state, now) ? missedAt(room, missed.meeting, missed.deadline, now) : null;
  if (still === null) return changeNoShow(turn, { release: { kind: 'idle' } });
  return submit(turn, room, { meeting: still.meeting, missed, failures, mayBeDone }, now);
}

/** At the first event after the deadline, or never. */
function releaseWhenDue(turn: Turn, { at: now }: Event): Turn {
  const { room } = turn.state;
  const offered = room?.noShow.offered;
  if (!room || !offered || now < offered.deadline) return turn;
  // Nobody woke when what was read grew stale: until now it only seemed to be offered.
  if (now >= offered.until || !isAsking(turn.state, now) || !isInTime(offered, room)) return turn;
  if (room.noShow.settled.some(s => s.meeting === offered.meeting)) return turn;
  const o = missedAt(room, offered.meeting, offered.deadline, now);
  if (o === null) return turn;
  const { meeting, span } = o;
  const strike = strikeBy(room.noShow.strikes, o, room.config);
  const missed = { meeting: meeting.id, span, deadline: offered.deadline, strike };
  // Written down before it is tried: whatever happens to the panel meanwhile, it is tried for this meeting only now.
  const settled = [...room.noShow.settled, { meeting: meeting.id, end: span.end }];
  return submit(changeNoShow(turn, { settled }), room, { meeting, missed, failures: 0, mayBeDone: false }, now);
}

type Try = { meeting: Meeting; missed: Missed; failures: number; mayBeDone: boolean };

function submit(turn: Turn, { config }: RoomState, { meeting, missed, failures, mayBeDone }: Try, now: Instant): Turn {
  const strike = missed.strike && strikeNote(missed.strike, config.policy.strikes);
  const issued = issue(turn, {
    kind: 'release-room',
    config,
    meeting,
    strike,
    mayBeDone,
    at: now,
    until: plus(missed.deadline, TOO_LATE),
  });
  return changeNoShow(issued.turn, { release: { kind: 'submitted', effect: issued.id, missed, failures, mayBeDone } });
}

/** Which check-in stands on the glass after this event, and since when without a break. */
function offer(turn: Turn, now: Instant): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  const { offered: before } = room.noShow;
  const after = offerAt(turn.state, room, now);
  if (before === null && after === null) return turn;
  const isSame = before?.meeting === after?.meeting && before?.deadline === after?.deadline;
  const since = before && isSame && now < before.until ? before.since : now;
  return changeNoShow(turn, { offered: after && { ...after, since } });
}

function offerAt(state: State, room: RoomState, now: Instant): Omit<NonNullable<NoShow['offered']>, 'since'> | null {
  if (!isAsking(state, now)) return null;
  const { policy } = room.config;
  const target = askedToCheckIn(now, occupantsOf(room), policy.checkIn, room.checkIns);
  const deadline = target && checkInDeadline(target, policy.checkIn, room.checkIns);
  const trust = trustAt(now, room.calendar, policy);
  if (!target || deadline === null || trust.kind !== 'fresh') return null;
  return { meeting: target.meeting.id, deadline, until: trust.until };
}

/** Whether people are asked, with all it takes to hold them to it. Two panels under one identity must not act at all. */
function isAsking({ room, central, service, identify, isGlassThere }: State, now: Instant): boolean {
  if (!isGlassThere || !room || central.kind !== 'known' || central.standing.kind !== 'paired') return false;
  // The list of other rooms, a change of the calendar and what became of it, and the panel's name lie over the check-in.
  if (room.find !== null || room.booking !== null || identify !== null) return false;
  const { policy } = room.config;
  if (policy.noShow !== 'release' || policy.checkIn.kind === 'off' || service.kind !== 'closed') return false;
  return room.calendar.isClockSure && trustAt(now, room.calendar, policy).kind === 'fresh';
}

/** Half of the time to check in is the least people must have had. */
function isInTime({ since, deadline }: NonNullable<NoShow['offered']>, { config, knownFrom }: RoomState): boolean {
  const { checkIn } = config.policy;
  const grace = graceOf(config.policy.checkIn);
  const start = plus(deadline, -grace as Duration);
  // Whoever came before that told another panel, or one whose memory is lost.
  if (knownFrom !== null && checkIn.kind === 'required' && knownFrom > start - checkIn.opensBefore) return false;
  return since <= plus(start, Math.min(LATEST_OFFER, grace / 2) as Duration);
}

const graceOf = (checkIn: CheckInPolicy): Duration => (checkIn.kind === 'off' ? milliseconds(0) : checkIn.grace);

/** The meeting as it stands in the calendar, if it may be given back at `now`: nobody came, and nothing speaks against it. */
function missedAt(room: RoomState, id: EventId, deadline: Instant, now: Instant): Occupant | null {
  const { config, checkIns } = room;
  const { policy } = config;
  const all = occupantsOf(room);
  const o = all.find(other => other.meeting.id === id);
  // All-day, booked at the door, checked in: nobody has to come. Another deadline: it was moved.
  if (!o || checkInDeadline(o, policy.checkIn, checkIns) !== deadline) return null;
  const { span } = o;
  if (between(span.start, span.end) >= policy.neverReleaseFrom || span.end <= now) return null;
  // Before it: the clock was set back after a first try.
  if (now < deadline || now > plus(deadline, TOO_LATE)) return null;
  const waited = { start: deadline, end: plus(now, milliseconds(1)) };
  if (all.some(other => other !== o && overlaps(other.span, waited))) return null;
  return o;
}

const occupantsOf = ({ calendar, config }: RoomState) => occupants(calendar.meetings, config.room.zone, config.policy);

const changeNoShow = (turn: Turn, part: Partial<NoShow>): Turn =>
  turn.state.room ? changeRoom(turn, { noShow: { ...turn.state.room.noShow, ...part } }) : turn;
