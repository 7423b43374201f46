/** State in, glass out. */
import type {
  Actions,
  BookingView,
  MeetingView,
  Problem,
  RoomStatus,
  RoomView,
  Screen,
  View,
} from '../contract/bridge/view.ts';
import { earliest, type Instant, minutes, overlaps } from '../contract/values/time.ts';
import { hasToSettle, isBusy } from './booking.ts';
import { isByInvitation } from './booking-rules.ts';
import { trustAt } from './calendar.ts';
import { dayAround } from './day.ts';
import { findLengths, findView } from './find.ts';
import { lightOf } from './light.ts';
import { lookOf } from './look.ts';
import { isReleasedThen } from './no-show.ts';
import { canBook, canExtend, extensions, howToEnd, isOurs, walkUps } from './offers.ts';
import { serviceView } from './service.ts';
import type { Booking, Central, RoomState, State } from './state.ts';
import { askedToCheckIn, currentAt, type Occupant, occupants, type Status, statusAt } from './status.ts';

const MOST_NEXT = 6;
/** Below this a wrong clock is put right in silence; above it somebody should mend it. */
const CLOCK_WORTH_TELLING = minutes(1);

const NO_ACTIONS: Actions = {
  book: [],
  extend: [],
  canEndEarly: false,
  endEarly: 'own',
  canCheckIn: false,
  canFindRoom: false,
};

export function viewOf(state: State, now: Instant): Omit<View, 'seq'> {
  const screen = screenOf(state, now);
  return {
    clockOffset: state.clockOffset,
    zone: state.room?.config.room.zone ?? null,
    screen,
    problems: problemsOf(state),
    look: lookOf(state, screen, now),
    light: lightOf(screen),
    identify: identifyView(state),
    service: serviceView(state, now),
    readProblem: state.room?.calendar.problem ?? null,
  };
}

function identifyView({ identify, machine, room }: State): View['identify'] {
  if (identify === null) return null;
  const parts = [room?.config.room.name, machine.mac].filter(part => part !== undefined && part !== null);
  const detail = parts.length > 0 ? parts.join(' · ') : null;
  return { name: room?.config.panelName ?? machine.hostname, detail, until: identify.until };
}

function screenOf(state: State, now: Instant): Screen {
  const { central, room, machine } = state;
  const { mac } = machine;
  if (!state.isStarted) return { kind: 'starting' };
  if (central.kind === 'known') {
    const { standing, link, url } = central;
    if (standing.kind === 'identity-conflict') return { kind: 'identity-conflict', mac, centralUrl: url };
    if (standing.kind === 'revoked') return { kind: 'revoked', centralUrl: url };
    if (standing.kind === 'choosing-room') return { kind: 'choose-room', rooms: standing.rooms };
    if (link.kind === 'parked' && link.why === 'version-unsupported' && !room)
      return { kind: 'version-unsupported', centralUrl: url };
  }
  if (room) return { kind: 'room', view: roomView(room, now) };
  return joiningScreen(central, mac);
}

function joiningScreen(central: Central, mac: State['machine']['mac']): Screen {
  switch (central.kind) {
    case 'none':
      return { kind: 'find-central', url: central.lastUrl, isTrying: false, problem: central.problem };
    case 'probing':
      return { kind: 'find-central', url: central.url, isTrying: true, problem: null };
    case 'unanswered':
      return { kind: 'find-central', url: central.url, isTrying: false, problem: central.problem };
    case 'known': {
      const { standing, link, url, words } = central;
      const linkProblem = link.kind === 'offline' || link.kind === 'parked' ? link.why : null;
      const base = {
        kind: 'pairing',
        code: null,
        expires: null,
        mac,
        centralUrl: url,
        words,
        isKeySubmitted: false,
        problem: linkProblem,
      } as const;
      if (standing.kind === 'awaiting-approval') {
        const { code, expires, licence, problem } = standing;
        return {
          ...base,
          code,
          expires,
          isKeySubmitted: licence.kind === 'submitted',
          problem: problem ?? linkProblem,
        };
      }
      if (standing.kind === 'code-expired') return { ...base, problem: 'code-expired' };
      return standing.kind === 'rejected' ? { ...base, problem: 'rejected' } : base;
    }
  }
}

function roomView(room: RoomState, now: Instant): RoomView {
  const { policy, room: place } = room.config;
  const all = occupants(room.calendar.meetings, place.zone, policy);
  const show = (o: Occupant) => meetingView(o, room, all);
  const trust = trustAt(now, room.calendar, policy);
  const day = dayAround(now, place.zone);
  const status = statusAt(now, all, policy, room.checkIns);
  const actions = trust.kind === 'unknown' ? NO_ACTIONS : actionsAt(room, all, now);
  const knownUntil = earliest(day.end, room.calendar.window.end);
  return {
    room: place,
    status: trust.kind === 'unknown' ? { kind: 'unknown' } : statusView(status, room, now, show, day.end, knownUntil),
    trust,
    day: { span: day, meetings: all.filter(o => overlaps(o.span, day)).map(show) },
    next: all
      .filter(o => o.span.start > now)
      .slice(0, MOST_NEXT)
      .map(show),
    actions,
    booking: room.booking && bookingView(room, room.booking),
    // The next meeting waits for a check-in of its own: the one before was answered long ago.
    checkInIntent: actions.canCheckIn ? null : room.checkInIntent,
    find: findView(room),
    findLengths: findLengths(room),
    // Said of a room that is in use again, it would seem to be about that.
    released: status.kind === 'free' ? (room.noShow.released?.span ?? null) : null,
  };
}

function statusView(
  status: Status,
  room: RoomState,
  now: Instant,
  show: (o: Occupant) => MeetingView,
  dayEnd: Instant,
  knownUntil: Instant,
): RoomStatus {
  switch (status.kind) {
    case 'free': {
      const until = status.next ? earliest(status.next.span.start, knownUntil) : knownUntil;
      return { kind: 'free', until: until < dayEnd ? until : null };
    }
    case 'starting-soon':
      return { kind: 'starting-soon', meeting: show(status.next) };
    case 'awaiting-check-in':
      return {
        kind: 'awaiting-check-in',
        meeting: show(status.current),
        deadline: status.deadline,
        isReleasedThen: isReleasedThen(room, status.current, status.deadline, now),
      };
    case 'in-meeting':
      return {
        kind: 'in-meeting',
        meeting: show(status.current),
        freeAt: status.freeAt < dayEnd ? status.freeAt : null,
      };
  }
}

function actionsAt(room: RoomState, all: Occupant[], now: Instant): Actions {
  const { policy } = room.config;
  const current = currentAt(now, all);
  const canCheckInNow = askedToCheckIn(now, all, policy.checkIn, room.checkIns) !== null;
  if (isBusy(room.booking)) return { ...NO_ACTIONS, canCheckIn: canCheckInNow };
  const ending = current && howToEnd(current, policy);
  return {
    book: current || !canBook(room.config) ? [] : walkUps(now, all, policy),
    extend: current && canExtend(current, policy) ? extensions(current, all, policy) : [],
    canEndEarly: ending !== null,
    endEarly: ending ?? 'own',
    canCheckIn: canCheckInNow,
    canFindRoom: findLengths(room).length > 0,
  };
}

function meetingView(o: Occupant, room: RoomState, all: Occupant[]): MeetingView {
  const { meeting, span } = o;
  return {
    id: meeting.id,
    title: meeting.title.kind === 'public' ? meeting.title.text : null,
    // The provider names the room as organiser of what was booked at its door; that tells nobody anything.
    organizer: isOurs(o) ? null : meeting.organizer,
    isPrivate: meeting.title.kind === 'private',
    isTentative: meeting.occupies === 'tentative',
    isAllDay: meeting.when.kind === 'all-day',
    isOurs: isOurs(o),
    isCheckedIn: room.checkIns.some(c => c.meeting === meeting.id),
    start: span.start,
    end: span.end,
    isConflict: all.some(other => other !== o && overlaps(other.span, span)),
  };
}

function bookingView(room: RoomState, booking: Booking): BookingView {
  const { intent, action, span, state } = booking;
  switch (state.kind) {
    case 'submitted':
      return { intent, action, span, state: { kind: isByInvitation(room, booking) ? 'asked' : 'submitted' } };
    case 'held':
      return {
        intent,
        action,
        span,
        state: hasToSettle(booking) ? { kind: 'held', canTakeBack: false } : { kind: 'held' },
      };
    case 'confirmed':
      return { intent, action, span, state: { kind: 'confirmed', event: state.event } };
    case 'refused':
      return { intent, action, span, state: { kind: 'refused', why: state.why } };
  }
}

export function problemsOf(state: State): Problem[] {
  const { central, clockOffset } = state;
  const problems: Problem[] = [];
  if (
    state.room &&
    central.kind === 'known' &&
    (central.link.kind === 'offline' || (central.link.kind === 'connecting' && central.link.attempt > 0))
  ) {
    problems.push({ kind: 'central-away', since: central.link.since });
  }
  if (Math.abs(clockOffset) >= CLOCK_WORTH_TELLING) {
    // Answers tell the time to the second; people are told to the minute.
    problems.push({ kind: 'clock-wrong', by: minutes(Math.round(clockOffset / minutes(1))) });
  }
  if (state.isSnapshotSetAside) problems.push({ kind: 'snapshot-set-aside' });
  if (state.isDiskFull) problems.push({ kind: 'disk-full' });
  if (state.configRefused) problems.push({ kind: 'config-refused' });
  return problems;
}
