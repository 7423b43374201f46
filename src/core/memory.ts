/** What goes to disk, and when: on change, never on a timer of its own, so that a quiet day writes next to nothing. */
import { minutes } from '../contract/values/time.ts';
import type { Event } from './events.ts';
import type { Memory, Snapshot } from './remembered.ts';
import { issue, type State, type Turn } from './state.ts';

/** The age on the glass after a restart may be too old by this much, never too young. */
const AGE_GRAIN = minutes(5);

export function stepMemory(turn: Turn, before: State, event: Event): Turn {
  return writeSnapshot(writeMemory(turn, before, event), before, event);
}

function writeMemory(turn: Turn, before: State, event: Event): Turn {
  if (event.kind === 'started') return turn;
  const memory = memoryOf(turn.state);
  return isSame(memory, memoryOf(before)) && !isDueAgain(turn, event)
    ? turn
    : issue(turn, { kind: 'write-memory', memory }).turn;
}

/** What found no room on the disk is tried again with every poll. */
const isDueAgain = ({ state }: Turn, event: Event) => state.isDiskFull && event.kind === 'calendar-read';

function memoryOf({ central, room, pinTries }: State): Memory {
  const known = central.kind === 'known' ? { url: central.url, ca: central.ca, words: central.words } : null;
  return { central: known, config: room?.config ?? null, pinTries: pinTries.count };
}

/** Asked at every event: a config is replaced, never changed, and with a logo in it not looked through. */
const isSame = (a: Memory, b: Memory) =>
  a.config === b.config && a.pinTries === b.pinTries && sameText(a.central, b.central);

function writeSnapshot(turn: Turn, before: State, event: Event): Turn {
  if (event.kind === 'started') return turn;
  const snapshot = snapshotOf(turn.state);
  if (!snapshot || (isSameSnapshot(snapshot, snapshotOf(before)) && !isDueAgain(turn, event))) return turn;
  return issue(turn, {
    kind: 'write-snapshot',
    snapshot: { ...snapshot, lastRead: turn.state.room?.calendar.lastRead ?? null },
  }).turn;
}

/** The instant of the last read is rounded down here, only to decide whether a write is due. */
function snapshotOf({ room, clockOffset }: State): Snapshot | null {
  if (!room || room.calendar.lastRead === null) return null;
  const { calendar, booking, checkIns, config, noShow } = room;
  const lastRead = (
    calendar.lastRead === null ? null : calendar.lastRead - (calendar.lastRead % AGE_GRAIN)
  ) as Snapshot['lastRead'];
  const held =
    booking?.state.kind === 'held' || booking?.state.kind === 'submitted'
      ? {
          intent: booking.intent,
          key: booking.key,
          action: booking.action,
          span: booking.span,
          elsewhere: booking.elsewhere,
          was: booking.was,
          wasSent: booking.state.kind === 'submitted' || booking.state.wasSent,
          isClockSure: booking.isClockSure,
          clockOffset,
        }
      : null;
  const { privacy } = config.policy;
  const { window, meetings } = calendar;
  const { settled, strikes } = noShow;
  const withdrawals = room.withdrawals.map(({ key, span, elsewhere }) => ({ key, span, elsewhere }));
  return { room: config.room.id, lastRead, window, privacy, meetings, checkIns, held, withdrawals, settled, strikes };
}

/** Asked at every event, and a day is long: part by part, as most parts are the very same as before. */
function isSameSnapshot(a: Snapshot, b: Snapshot | null): boolean {
  if (b === null) return false;
  const before = Object.values(b);
  return Object.values(a).every((part, n) => sameText(part, before[n]));
}

const sameText = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
