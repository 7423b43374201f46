/**
 * The panel's brain: (state, event) -> (state, effects). Pure and total: no clock, no random number, no I/O.
 * Machines are asked one after the other, each seeing what the one before made of the state.
 */

import { maskedAnew } from '../contract/values/privacy.ts';
import { type Duration, earliest, type Instant, minutes, plus, seconds } from '../contract/values/time.ts';
import { bookingMoved, stepBooking } from './booking.ts';
import { freshFor, startDueRead, stepCalendar, unreadCalendar } from './calendar.ts';
import { probe, rememberCentral, stepCentral } from './central.ts';
import { stepCheckIn } from './check-in.ts';
import { stepCommands } from './commands.ts';
import { windowAround } from './day.ts';
import type { Effect } from './effects.ts';
import type { Event } from './events.ts';
import { stepFind } from './find.ts';
import { stepMemory } from './memory.ts';
import { noShowMoved, stepNoShow } from './no-show.ts';
import type { HeldBooking } from './remembered.ts';
import { stepReport } from './report.ts';
import { newRoom, stepRoom } from './room.ts';
import { stepService, triesKept } from './service.ts';
import { type Booking, change, INITIAL_STATE, type RoomState, type State, type Turn } from './state.ts';
import { stepWithdrawals } from './withdrawals.ts';

export { INITIAL_STATE };

const CLOCK_TOLERANCE = seconds(5);

const MACHINES = [
  stepCentral,
  stepRoom,
  stepService,
  stepCommands,
  stepCalendar,
  stepBooking,
  stepWithdrawals,
  stepFind,
  stepCheckIn,
  stepNoShow,
  startDueRead,
];

export function step(before: State, raw: Event): { state: State; effects: Effect[] } {
  if (!isAwaited(before, raw)) return { state: before, effects: [] };
  let { state, event } = raw.kind === 'clock-jumped' ? afterJump(before, raw) : { state: before, event: raw };
  let turn: Turn = { state, effects: [] };
  turn = event.kind === 'started' ? start(turn, event) : turn;
  // The page may be there before us.
  if (event.kind === 'glass-changed') turn = change(turn, { isGlassThere: event.isThere });
  if (!turn.state.isStarted) return turn;
  if (event.kind === 'file-written') turn = change(turn, { isDiskFull: event.isDiskFull });
  for (const machine of MACHINES) {
    ({ state } = turn);
    turn = machine(turn, event);
    const shift = (turn.state.clockOffset - state.clockOffset) as Duration;
    if (shift === 0) continue;
    // A machine learnt what time it really is: from here on it is that time.
    turn = { ...turn, state: withDeadlinesMoved(turn.state, shift) };
    event = { ...event, at: plus(event.at, shift) };
  }
  return stepMemory(stepReport(turn, event.at), before, event);
}

function start(
  turn: Turn,
  { memory, snapshot, isSnapshotSetAside, found, machine, at }: Event & { kind: 'started' },
): Turn {
  const config = memory?.config ?? null;
  const room = config && remembered(newRoom(config, at), snapshot, at);
  const begun = change(turn, {
    isStarted: true,
    machine,
    // As long as before, from now on: what time it was then nobody can tell.
    pinTries: triesKept(memory?.pinTries ?? 0, at),
    isSnapshotSetAside,
    room,
    // Only for a panel that belongs to nobody: an unpaired one must not offer the rooms again by itself.
    provisionedKey: config ? null : (found?.licenceKey ?? null),
  });
  const known = memory?.central ?? null;
  if (known && config) {
    // A paired panel stays with its central. Another address may be where that has moved to: the pinned CA will tell.
    const url = found?.url ?? known.url;
    return rememberCentral(begun, { ...known, url }, { kind: 'paired', target: config.version }, at);
  }
  if (known && (!found || found.url === known.url)) return rememberCentral(begun, known, { kind: 'enrolling' }, at);
  return found ? probe(begun, found.url, found.ca) : begun;
}

function remembered(room: RoomState, snapshot: (Event & { kind: 'started' })['snapshot'], now: Instant): RoomState {
  if (!snapshot || snapshot.room !== room.config.room.id) return room;
  const { lastRead, window, privacy, checkIns, held, withdrawals, settled, strikes } = snapshot;
  const meetings = maskedAnew(snapshot.meetings, privacy, room.config.policy.privacy);
  // Its age is by a clock that nobody has confirmed since the start: a snapshot is never fresh, only a read is. One "from the
  // future" was written or is read under a wrong clock, so that its age is unknown, and it is old.
  const young = plus(now, -freshFor(room.config.policy) as Duration);
  const trusted = lastRead !== null && lastRead > now ? plus(now, minutes(-60)) : lastRead && earliest(lastRead, young);
  const calendar = {
    ...unreadCalendar(now, windowAround(now, room.config.room.zone)),
    lastRead: trusted,
    window,
    meetings,
  };
  return {
    ...room,
    knownFrom: null,
    calendar,
    checkIns,
    withdrawals: withdrawals.map(one => ({ ...one, effect: null })),
    noShow: { ...room.noShow, settled, strikes },
    booking: held && heldBooking(held, now),
  };
}

/** "Half an hour from now" by the clock as it goes since the start, which the first read corrects again. */
function heldBooking({ wasSent, clockOffset, ...booking }: HeldBooking, now: Instant): Booking {
  const held: Booking = { ...booking, state: { kind: 'held', failures: 0, wasSent, notBefore: now } };
  return { ...bookingMoved(held, -clockOffset as Duration), state: held.state };
}

/** An answer nobody waits for any more is dropped: its question belongs to a past that was left. */
function isAwaited({ central, room, configFetch, service }: State, event: Event): boolean {
  switch (event.kind) {
    case 'central-probed':
      return central.kind === 'probing' && central.effect === event.effect;
    case 'link-opened':
    case 'link-closed':
    case 'panel-state-received':
    case 'config-pushed':
    case 'command-received':
    case 'calendar-hinted':
      return (
        central.kind === 'known' &&
        (central.link.kind === 'connecting' || central.link.kind === 'online') &&
        central.link.effect === event.effect
      );
    case 'licence-answered': {
      if (central.kind !== 'known') return false;
      const { standing } = central;
      if (standing.kind !== 'awaiting-approval' && standing.kind !== 'choosing-room') return false;
      return standing.licence.kind === 'submitted' && standing.licence.effect === event.effect;
    }
    case 'config-fetched':
      return configFetch.kind === 'fetching' && configFetch.effect === event.effect;
    case 'pin-checked':
      return service.kind === 'asking' && service.check === event.effect;
    case 'calendar-read':
      return room?.calendar.poll.kind === 'reading' && room.calendar.poll.effect === event.effect;
    case 'booking-answered':
      return room?.booking?.state.kind === 'submitted' && room.booking.state.effect === event.effect;
    case 'release-answered':
      return room?.noShow.release.kind === 'submitted' && room.noShow.release.effect === event.effect;
    case 'rooms-found':
      return room?.find?.state.kind === 'searching' && room.find.state.effect === event.effect;
    default:
      return true;
  }
}

/**
 * The machine's clock was set, or the machine slept. If the step undoes the error we were correcting, the correction
 * goes and time runs on. Otherwise we cannot tell which of the two it was, nor what time it is: what was read
 * is old at once, and never looks younger than it did. Either way it is a guess, and the clock in doubt until somebody
 * confirms it: the read that follows at once does.
 */
function afterJump(before: State, event: Event & { kind: 'clock-jumped' }): { state: State; event: Event } {
  const { by, at } = event;
  const state = { ...before, room: before.room && inDoubt(before.room) };
  if (state.clockOffset !== 0 && Math.abs(state.clockOffset - by) <= CLOCK_TOLERANCE) {
    const back = -state.clockOffset as Duration;
    return { state: { ...state, clockOffset: 0 as Duration }, event: { ...event, at: plus(at, back) } };
  }
  const moved = by < 0 ? withDeadlinesMoved(state, by) : state;
  return { state: { ...moved, room: moved.room && outdated(moved.room, by, at) }, event };
}

/** Read by a time that may have been wrong, and shown by one that may be: old until the next read says otherwise. */
function outdated(room: RoomState, by: Duration, now: Instant): RoomState {
  const { calendar, config } = room;
  // Since when this panel has known its room is rather later than earlier.
  const knownFrom = room.knownFrom && by > 0 ? plus(room.knownFrom, by) : room.knownFrom;
  if (calendar.lastRead === null) return { ...room, knownFrom };
  const asOld = by < 0 ? plus(calendar.lastRead, by) : calendar.lastRead;
  const old = plus(now, -freshFor(config.policy) as Duration);
  return { ...room, knownFrom, calendar: { ...calendar, lastRead: earliest(asOld, old) } };
}

const inDoubt = (room: RoomState): RoomState => ({
  ...room,
  calendar: { ...room.calendar, isClockSure: false },
});

/** When time is corrected, what was to happen "in ten seconds" still happens in ten seconds. */
function withDeadlinesMoved(state: State, by: Duration): State {
  const { central, configFetch, reported, room, identify, service, pinTries } = state;
  const { lockedUntil } = pinTries;
  return {
    ...state,
    identify: identify && { until: plus(identify.until, by) },
    service: service.kind === 'closed' ? service : { ...service, closesAt: plus(service.closesAt, by) },
    pinTries: { ...pinTries, lockedUntil: lockedUntil === null ? null : plus(lockedUntil, by) },
    configFetch: configFetch.kind === 'retry' ? { ...configFetch, at: plus(configFetch.at, by) } : configFetch,
    reported: reported && { ...reported, again: plus(reported.again, by) },
    central: centralMoved(central, by),
    room: room && roomMoved(room, by),
  };
}

function centralMoved(central: State['central'], by: Duration): State['central'] {
  if (central.kind === 'unanswered') return { ...central, retryAt: plus(central.retryAt, by) };
  if (central.kind !== 'known') return central;
  const { link } = central;
  if (link.kind === 'parked') return { ...central, link: { ...link, retryAt: plus(link.retryAt, by) } };
  const moved = { ...link, since: plus(link.since, by) };
  return { ...central, link: moved.kind === 'offline' ? { ...moved, retryAt: plus(moved.retryAt, by) } : moved };
}

/** The next poll is not moved: whoever corrects the time has just set it, or asks for one at once. */
function roomMoved(room: RoomState, by: Duration): RoomState {
  const { booking, calendar, noShow } = room;
  const { poll } = calendar;
  const moved =
    poll.kind === 'reading'
      ? { ...calendar, poll: { ...poll, since: plus(poll.since, by), giveUpAt: plus(poll.giveUpAt, by) } }
      : calendar;
  return {
    ...room,
    calendar: moved,
    booking: booking && bookingMoved(booking, by),
    // Looked for under a wrong clock: until when they are wanted was wrong too.
    find: null,
    knownFrom: room.knownFrom && plus(room.knownFrom, by),
    noShow: noShowMoved(noShow, by),
  };
}
