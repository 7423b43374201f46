/** Invariants 2 to 4: no slot is given to two, nothing is created twice, nothing that was confirmed gets lost. */
import type { BookingView, RoomView } from '../../../src/contract/bridge/view.ts';
import type { Span } from '../../../src/contract/values/time.ts';
import type { Entry, Glass, History, PanelHistory, RoomTruth, Tap } from '../history.ts';
import { isTaking, meet, spanText, stateAt, statesOf, timeOf } from './truth.ts';

/** A write, half a second, a second look and a withdrawal, on wires that work. */
const SETTLED_WITHIN = 5000;
/** What went wrong with a write is looked after when things work again: the longest pause between two tries. */
const AFTERMATH = 60_000;
/** A crash within this of a promise may have come before it was on disk, which takes 31 ms. */
const NOT_YET_ON_DISK = 200;
/** Between what a confirmation tells of and the glass: one answer, as long as anybody waits for it. */
const TOLD_WITHIN = 10_000;

/** An extension that cost an invitation its time is undone within this, counted from the tap. */
const PUT_BACK_WITHIN = 40_000;
/** What could not be written is written again when there is room, within this. */
const WRITTEN_AGAIN = 35_000;
/** Nothing has happened to a booking for this long: then no glass may doubt it. */
const REMEMBERED = 1000;
/** Bookings are by the minute, a glass may be wrong by some seconds. */
const A_MINUTE = 61_000;

const INVITER = 'panels@lintel.example';
const isOurs = (entry: Entry) => entry.key?.startsWith('lintel-') === true || entry.organizer === INVITER;

export const checkBookings = (history: History): string[] => [
  ...rooms(history).flatMap(room => doubleBookings(history, room)),
  ...createdTwice(history),
  ...history.panels.flatMap(panel => [
    ...lost(history, panel),
    ...goneFromGlass(history, panel),
    ...panel.taps.flatMap(tap => [...leftStanding(history, panel, tap), ...atAnotherTime(history, panel, tap)]),
  ]),
];

const rooms = (history: History) => [...new Set(history.truth.map(state => state.room))];

/** Two entries in one slot, where what brought them together was ours. */
function doubleBookings(history: History, room: string): string[] {
  const states = statesOf(history, room);
  const found: string[] = [];
  const since = new Map<string, { at: number; ourFault: boolean; text: string }>();
  states.forEach((state, index) => {
    const before = index === 0 ? [] : (states[index - 1]?.entries ?? []);
    const now = new Set<string>();
    for (const [a, b] of pairs(history, state)) {
      const name = [a.id, b.id].sort().join(' ');
      now.add(name);
      const known = since.get(name);
      if (known) continue;
      const culprit = [a, b].some(entry => isOurs(entry) && isNewIn(before, entry)) && state.by !== 'person';
      since.set(name, {
        at: state.at,
        ourFault: culprit,
        text: `${spanText(a.span)} and ${spanText(b.span)} in ${room}`,
      });
    }
    for (const [name, { at, ourFault, text }] of since) {
      if (now.has(name)) continue;
      since.delete(name);
      if (ourFault) judge(at, state.at, text);
    }
  });
  for (const { at, ourFault, text } of since.values()) if (ourFault) judge(at, history.span.end, text);
  return found;

  function judge(from: number, to: number, text: string) {
    const isLeft = to === history.span.end && history.span.end - from > SETTLED_WITHIN;
    const troubles = history.troubles.filter(({ span }) => span.start <= to && span.end >= from - AFTERMATH);
    const mended = Math.max(from, ...troubles.map(({ span }) => span.end));
    const isTooLong = to - mended > (troubles.length > 0 ? AFTERMATH : SETTLED_WITHIN);
    if (isLeft || isTooLong) found.push(`we booked over somebody: ${text} from ${timeOf(from)} to ${timeOf(to)}`);
  }
}

function pairs(history: History, { room, entries }: RoomTruth): [Entry, Entry][] {
  const policy = history.panels.find(panel => panel.room === room)?.configs[0]?.config.policy;
  // Where a room takes every invitation it gets, an invitation takes nothing from anybody.
  const isAnybodys = (entry: Entry) => history.allowsConflicts && entry.organizer === INVITER;
  const taking = entries.filter(entry => isTaking(entry, policy?.isTentativeBusy ?? true) && !isAnybodys(entry));
  return taking.flatMap((a, n) =>
    taking
      .slice(n + 1)
      .filter(b => meet(a.span, b.span) && (isOurs(a) || isOurs(b)))
      .map((b): [Entry, Entry] => [a, b]),
  );
}

const isNewIn = (before: readonly Entry[], entry: Entry) => {
  const was = before.find(other => other.id === entry.id);
  return was === undefined || was.span.end < entry.span.end || was.span.start > entry.span.start;
};

/**
 * One event for one tap, however often it was sent, and none after the glass said how it ended. What was taken away again
 * before that may be tried once more.
 */
function createdTwice(history: History): string[] {
  const found: string[] = [];
  const taps = new Map(history.panels.flatMap(panel => panel.taps.map(({ key, intent }) => [key, { panel, intent }])));
  const standing = new Set<string>();
  for (const { kind, key, at } of history.changes) {
    if (key === null) continue;
    if (kind === 'removed') standing.delete(key);
    if (kind !== 'created') continue;
    const tap = taps.get(key);
    if (!tap) found.push(`${timeOf(at)}: an event was created under ${key}, for which nobody tapped`);
    if (standing.has(key)) found.push(`${timeOf(at)}: a second event was created under ${key}`);
    if (tap && hasEnded(tap.panel, tap.intent.id, at)) {
      found.push(`${timeOf(at)}: an event was created for a tap that had been answered`);
    }
    standing.add(key);
  }
  return found;
}

const hasEnded = (panel: PanelHistory, intent: string, by: number) =>
  panel.glass.some(({ at, view }) => {
    const booking = view.screen.kind === 'room' ? view.screen.view.booking : null;
    const isAnswered = booking?.intent === intent && ['confirmed', 'refused'].includes(booking.state.kind);
    // What a crash forgot was never answered, as far as the panel knows.
    return at < by && isAnswered && !isForgotten(panel, at, by);
  });

const isForgotten = (panel: PanelHistory, happened: number, by: number) =>
  panel.crashes.some(crash => crash >= happened && crash < by && isUnwritten(panel, happened, crash));

/** Whether a crash came before it was on disk; `since`: from when on there was something to write. */
const isUnwritten = ({ fullDisk }: PanelHistory, happened: number, crash: number, since = happened) =>
  crash - happened < NOT_YET_ON_DISK ||
  fullDisk.some(({ start, end }) => start <= crash && end >= since && end > crash - WRITTEN_AGAIN);

function lost(history: History, panel: PanelHistory): string[] {
  const found: string[] = [];
  const last = new Map<string, { booking: BookingView; at: number; first: number }>();
  for (const { at, view } of panel.glass) {
    const booking = view.screen.kind === 'room' ? view.screen.view.booking : null;
    if (!booking) continue;
    const known = last.get(booking.intent);
    last.set(booking.intent, {
      booking,
      at,
      first: known?.booking.state.kind === booking.state.kind ? known.first : at,
    });
    if (booking.state.kind === 'confirmed' && known?.booking.state.kind !== 'confirmed') {
      found.push(...brokenPromise(history, panel, booking, at));
    }
  }
  for (const { booking, at, first } of last.values()) {
    const { kind } = booking.state;
    if (kind === 'confirmed' || kind === 'refused') continue;
    // Another room is wanted now or not at all: after a restart nobody stands there to be told.
    const asked = panel.taps.find(tap => tap.intent.id === booking.intent)?.at ?? first;
    if (booking.action.kind === 'book-elsewhere' && panel.crashes.some(crash => crash >= asked)) continue;
    if (isTakenBack(panel, booking) || isExcused(panel, booking, first, at)) continue;
    found.push(
      `${panel.name} showed ${booking.action.kind} ${spanText(booking.span)} as ${kind} at ${timeOf(at)}, and never how it ended`,
    );
  }
  return found;
}

/** It was shown as booked: then it stands, until a person or a tap ends it. */
function brokenPromise(history: History, panel: PanelHistory, booking: BookingView, at: number): string[] {
  const { action, state, span } = booking;
  if (state.kind !== 'confirmed') return [];
  const elsewhere = history.truth.find(({ entries }) => entries.some(entry => entry.id === state.event));
  if (action.kind === 'book-elsewhere' && !elsewhere) return [`${panel.name} confirmed what was in no calendar`];
  const states = statesOf(history, action.kind === 'book-elsewhere' ? (elsewhere?.room ?? '') : panel.room);
  const name = `${panel.name} confirmed ${action.kind} ${spanText(span)} at ${timeOf(at)}`;
  if (action.kind === 'end-early') {
    // Lengthened again meanwhile, it had ended.
    const stillRuns = (entries: readonly Entry[]) =>
      entries.some(e => e.id === state.event && isTaking(e, true) && e.span.end > span.end);
    const asked = panel.taps.find(tap => tap.intent.id === booking.intent)?.at ?? at;
    const since = states.filter(then => then.at >= asked && then.at <= at).map(then => then.entries);
    return [stateAt(states, at), ...since].every(stillRuns) ? [`${name}, but it still runs`] : [];
  }
  const uid = uidOf(states, state.event);
  // A room that gave an invitation up and took it again holds it under another id.
  const stands = (entries: readonly Entry[]) =>
    holds(entries, state.event, span.end) ||
    entries.some(e => e.uid === uid && e.organizer === INVITER && holds([e], e.id, span.end));
  const wasThere = states.findLast(({ at: then, entries }, n) => {
    const until = states[n + 1]?.at ?? history.span.end;
    return then <= at && until > at - TOLD_WITHIN && stands(entries);
  });
  if (!wasThere) return [`${name}, but it was not in the calendar`];
  // Whatever takes it away later must be somebody's wish.
  for (const later of states.filter(other => other.at > wasThere.at && other.at < span.end)) {
    if (stands(later.entries)) continue;
    if (later.by === 'person' || isEnded(history, { uid, states }, later.at)) return [];
    const isStanding = (then: RoomTruth) => stands(then.entries);
    if (isPutBack(history, { uid, states, isStanding }, later.at)) continue;
    if (history.allowsConflicts && hasYielded(later.entries, state.event)) return [];
    return [`${name}, and at ${timeOf(later.at)} ${later.by} took it away again`];
  }
  return [];
}

const holds = (entries: readonly Entry[], id: string, end: number) =>
  entries.some(entry => entry.id === id && isTaking(entry, true) && entry.span.end >= end);

/** A room that takes every invitation gave the time to a person; we made way. */
const hasYielded = (entries: readonly Entry[], id: string) => {
  const ours = entries.find(entry => entry.id === id);
  return entries.some(entry => entry.key === null && isTaking(entry, true) && entry.span.start === ours?.span.end);
};

type Whose = { uid: string | null; states: readonly RoomTruth[] };

const uidOf = (states: readonly RoomTruth[], id: string): string | null => {
  for (const { entries } of states) for (const entry of entries) if (entry.id === id) return entry.uid;
  return null;
};

/** Somebody tapped to end it early. */
const isEnded = (history: History, { uid, states }: Whose, by: number) =>
  history.panels.some(({ taps }) =>
    taps.some(({ at, intent }) => at <= by && intent.kind === 'end-early' && uidOf(states, intent.meeting) === uid),
  );

/** Somebody tapped to extend an invitation: a room that has no time for it gives it up whole, until its old end is back. */
const isPutBack = (
  history: History,
  { uid, states, isStanding }: Whose & { isStanding: (then: RoomTruth) => boolean },
  lostAt: number,
) =>
  history.panels.some(({ taps, configs }) =>
    taps.some(
      ({ at, intent }) =>
        intent.kind === 'extend' &&
        uidOf(states, intent.meeting) === uid &&
        configs[0]?.config.policy.bookingMode === 'invite' &&
        at <= lostAt &&
        states.some(then => then.at > lostAt && then.at <= at + PUT_BACK_WITHIN && isStanding(then)),
    ),
  );

/** Shown as booked, and then not any more, by a glass that claims to know, though it stands in the calendar. */
function goneFromGlass(history: History, panel: PanelHistory): string[] {
  const states = statesOf(history, panel.room);
  const promised = new Map<string, Span>();
  for (const { at, view } of panel.glass) {
    const room = view.screen.kind === 'room' ? view.screen.view : null;
    if (room?.trust.kind !== 'fresh') continue;
    const { booking } = room;
    if (['book', 'extend'].includes(booking?.action.kind ?? '') && booking?.state.kind === 'confirmed') {
      promised.set(booking.state.event, booking.span);
    }
    for (const [event, span] of promised) {
      const shown = room.day.meetings.find(meeting => meeting.id === event);
      const stored = states.filter(state => state.at > at - REMEMBERED && state.at <= at);
      const wasAlways = [stateAt(states, at - REMEMBERED), ...stored.map(state => state.entries)].every(
        entries => holds(entries, event, span.end) && entries.some(e => e.id === event && e.span.start <= span.start),
      );
      // Somebody changed it since: what it is now is another promise.
      if (!wasAlways) promised.delete(event);
      if (shown || !wasAlways || at >= span.end || !meet(span, room.day.span)) continue;
      return [`${panel.name} had confirmed ${spanText(span)}, and at ${timeOf(at)} it is not on the glass`];
    }
  }
  return [];
}

const isTakenBack = (panel: PanelHistory, { intent }: BookingView) =>
  panel.taps.some(tap => tap.intent.kind === 'dismiss-booking' && tap.intent.booking === intent);

/** A crash forgets what was on its way, and what could not be written down. */
function isExcused(panel: PanelHistory, { intent, state: { kind } }: BookingView, first: number, at: number): boolean {
  const asked = panel.taps.find(tap => tap.intent.id === intent)?.at ?? first;
  return panel.crashes.some(crash => crash >= at && (kind !== 'held' || isUnwritten(panel, first, crash, asked)));
}

/** What was not told as booked does not stand when all is quiet, unless somebody has changed it since and so made it theirs. */
function leftStanding(history: History, panel: PanelHistory, { at, intent, key }: Tap): string[] {
  if (intent.kind !== 'book' && intent.kind !== 'book-elsewhere') return [];
  const shown = panel.glass.flatMap(({ view }) => {
    const booking = view.screen.kind === 'room' ? view.screen.view.booking : null;
    return booking?.intent === intent.id ? [booking] : [];
  });
  if (shown.some(({ state }) => state.kind === 'confirmed')) return [];
  // Who booked elsewhere central keeps in memory, and never knew of what was booked past it.
  const forgets = ({ kind, span }: History['troubles'][number]) =>
    span.end >= at && /^(central-restart|switch-access)$/.test(kind);
  if (intent.kind === 'book-elsewhere' && history.troubles.some(forgets)) return [];
  const uid = history.changes.find(change => change.key === key)?.uid;
  return rooms(history).flatMap(room =>
    stateAt(statesOf(history, room), history.span.end)
      .filter(entry => entry.uid === uid && isTaking(entry, true) && entry.span.end > history.span.end)
      .filter(entry => shown.some(({ span }) => entry.span.start === span.start && entry.span.end === span.end))
      .map(
        entry =>
          `${panel.name} told ${intent.id} as ${shown.at(-1)?.state.kind}, and ${spanText(entry.span)} stands in ${room}`,
      ),
  );
}

/** What is asked for by a glass that knows the time ends when the glass said, whatever became of the panel's clock since. */
function atAnotherTime(history: History, panel: PanelHistory, { at, intent, key, view }: Tap): string[] {
  if (intent.kind !== 'book') return [];
  const started = panel.crashes.findLast(crash => crash <= at) ?? history.span.start;
  const clock = panel.clock.findLast(step => step.at <= at);
  // Since a start, and since its clock was set, nobody may have told it the time: then it is moved along when somebody does.
  const since = Math.max(started, clock?.at ?? 0);
  const isSure = panel.glass.some(
    glass =>
      glass.at > since &&
      glass.at <= at &&
      glass.view.screen.kind === 'room' &&
      isReadSince(glass.view.screen.view.trust, glass),
  );
  if (!isSure) return [];
  const created = history.truth.find(({ entries }) => entries.some(entry => entry.key === key));
  const entry = created?.entries.find(one => one.key === key);
  const error = (clock?.offset ?? 0) + view.clockOffset;
  if (!entry || created?.by === 'person' || Math.abs(entry.span.end - (intent.end - error)) < A_MINUTE) return [];
  return [
    `${panel.name} was asked at ${timeOf(at)} for a time until ${timeOf(intent.end - error)}, and booked ${spanText(entry.span)}`,
  ];

  function isReadSince(trust: RoomView['trust'], glass: Glass): boolean {
    const off = (panel.clock.findLast(step => step.at <= glass.at)?.offset ?? 0) + glass.view.clockOffset;
    return trust.kind === 'fresh' && trust.lastRead - off > since;
  }
}
