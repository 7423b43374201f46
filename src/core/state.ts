/** The panel's whole state. Each lifecycle is a union; the diagrams stand above them. */
import type { BookingAction, FoundRoom, JoinProblem, RefusalReason } from '../contract/bridge/view.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey, EventId, IntentId, RoomId } from '../contract/values/ids.ts';
import type { LicenceKey } from '../contract/values/licence-key.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { OfferedRoom } from '../contract/values/room.ts';
import { type Duration, type Instant, milliseconds, type Span } from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import type { Deed, Effect, EffectId } from './effects.ts';
import type { Machine } from './events.ts';
import type { CheckIn, Settled, Strike, Was, WithdrawnBooking } from './remembered.ts';

/**
 *   connecting(attempt) -> online -> offline(why, retry-at) -> connecting ...
 *   parked: an admin must act first; asked again now and then, because nobody comes to tell the panel
 */
export type Link =
  | { kind: 'connecting'; effect: EffectId; attempt: number; since: Instant }
  /** `attempt`: of the tries before; forgotten once it has held for a while. */
  | { kind: 'online'; effect: EffectId; attempt: number; since: Instant }
  | { kind: 'offline'; why: JoinProblem; retryAt: Instant; attempt: number; since: Instant }
  | { kind: 'parked'; why: JoinProblem; retryAt: Instant };

/**
 *   enrolling -> awaiting-approval(code, expires) -> paired(target) ; code-expired ; rejected ; revoked ; identity-conflict
 *                     \-> choosing-room(key, rooms) -/
 */
export type Standing =
  | { kind: 'enrolling' }
  | { kind: 'awaiting-approval'; code: string; expires: Instant; licence: Licence; problem: JoinProblem | null }
  | {
      kind: 'choosing-room';
      key: LicenceKey;
      rooms: { id: RoomId; name: string; detail: string | null }[];
      licence: Licence;
    }
  | { kind: 'code-expired' }
  | { kind: 'rejected' }
  | { kind: 'paired'; target: number }
  | { kind: 'revoked' }
  | { kind: 'identity-conflict' };

export type Licence = { kind: 'idle' } | { kind: 'submitted'; effect: EffectId; key: LicenceKey };

/**   none -> probing(url) -> known(url, ca)   ; a typed address starts over */
export type Central =
  | { kind: 'none'; lastUrl: string | null; problem: JoinProblem | null }
  | { kind: 'probing'; url: string; ca: string | null; effect: EffectId }
  | { kind: 'unanswered'; url: string; ca: string | null; problem: JoinProblem; retryAt: Instant; attempt: number }
  | { kind: 'known'; url: string; ca: string; words: string[]; link: Link; standing: Standing };

/**   due(at) -> reading -> due ...  ; a read nobody answers is given up, so that polling can never stop   */
export type Poll =
  | { kind: 'due'; at: Instant }
  /** `isHinted`: something changed meanwhile; what comes back may be from before. */
  | { kind: 'reading'; effect: EffectId; since: Instant; giveUpAt: Instant; isHinted: boolean };

/** What was last read. Trust is derived from `lastRead`, never stored. */
export type Calendar = {
  lastRead: Instant | null;
  window: Span;
  meetings: Meeting[];
  problem: ReadProblem | null;
  misses: number;
  /** Whether a provider or central confirmed what time it is since the start and since the clock last jumped. */
  isClockSure: boolean;
  /** No hint makes it read again before. */
  hintsFrom: Instant;
  poll: Poll;
};

/**
 *   asked -> submitted -> confirmed(event) | refused(why) | held -> submitted ...
 * `wasSent`: by an earlier try, of which something may stand in the calendar.
 */
export type BookingState =
  | { kind: 'submitted'; effect: EffectId; failures: number; wasSent: boolean }
  | { kind: 'confirmed'; event: EventId; until: Instant }
  | { kind: 'refused'; why: RefusalReason; until: Instant }
  /** Not sent again before `notBefore`: nothing was told to wait in vain, and nothing is hammered. */
  | { kind: 'held'; failures: number; wasSent: boolean; notBefore: Instant };
export type Booking = {
  intent: IntentId;
  key: BookingKey;
  action: BookingAction;
  span: Span;
  /** The other room, for `book-elsewhere`. */
  elsewhere: OfferedRoom | null;
  /** The meeting before, for `extend` and `end-early`. */
  was: Was | null;
  /** Whether its span is by a clock that was confirmed, and so is no matter of what the clock turns out to be. */
  isClockSure: boolean;
  state: BookingState;
};

/** A meeting nobody came to; `strike`: what its series has then, null when it does not count. */
export type Missed = { meeting: EventId; span: Span; deadline: Instant; strike: Strike | null };
/**
 * Giving the room back when nobody came (no-show.ts).
 *   idle -> submitted -> idle   ; retry(at) when it failed, until it is too late
 */
export type Release =
  | { kind: 'idle' }
  | { kind: 'submitted'; effect: EffectId; missed: Missed; failures: number; mayBeDone: boolean }
  | { kind: 'retry'; missed: Missed; at: Instant; failures: number; mayBeDone: boolean };
export type NoShow = {
  /**
   * The meeting people are asked to check in to by `deadline`, and since when the glass has asked for it without a break.
   * `until`: no longer than what was read is fresh.
   */
  offered: { meeting: EventId; deadline: Instant; since: Instant; until: Instant } | null;
  release: Release;
  /** Given back a moment ago; shown for a while. */
  released: { span: Span; until: Instant } | null;
  /** Released, or let be for good: never again. Kept over a restart, forgotten when they are over. */
  settled: Settled[];
  strikes: Strike[];
};

/**   closed (null) -> searching -> found | failed -> closed ; closes by itself   */
export type Find = {
  intent: IntentId;
  length: Duration;
  closesAt: Instant;
  state:
    | { kind: 'searching'; effect: EffectId }
    | { kind: 'found'; at: Instant; end: Instant; offered: OfferedRoom[]; rooms: FoundRoom[] }
    | { kind: 'failed'; why: ReadProblem | 'central-away' };
};

/** Sent, wanted no more, and being taken out of the calendar; `effect` null: not begun since the start. */
export type Withdrawal = WithdrawnBooking & { effect: EffectId | null };

/** A room is shown for as long as there is a config. */
export type RoomState = {
  config: PanelConfig;
  calendar: Calendar;
  booking: Booking | null;
  withdrawals: readonly Withdrawal[];
  checkIns: CheckIn[];
  checkInIntent: IntentId | null;
  noShow: NoShow;
  find: Find | null;
  /** When this panel got the room, knowing nothing of who had come before; null: it knew. */
  knownFrom: Instant | null;
};

/** `target`: what was wanted when it was asked for; central may want something newer by the time it answers. */
export type ConfigFetch =
  | { kind: 'idle' }
  | { kind: 'fetching'; effect: EffectId; target: number }
  | { kind: 'retry'; at: Instant };

/**   closed -> asking(check) -> open -> closed   ; `isProven`: somebody knew the PIN   */
export type Service =
  | { kind: 'closed' }
  | { kind: 'asking'; check: EffectId | null; isWrong: boolean; closesAt: Instant }
  | { kind: 'open'; isProven: boolean; closesAt: Instant };

/** PINs asked about since the last right one; the count outlives a restart. */
export type PinTries = { count: number; lockedUntil: Instant | null };
export const NO_TRIES: PinTries = { count: 0, lockedUntil: null };

export type State = {
  isStarted: boolean;
  nextEffect: number;
  machine: Machine;
  /** True time minus the machine's. Every event's `at` has it added already. */
  clockOffset: Duration;
  central: Central;
  provisionedKey: LicenceKey | null;
  room: RoomState | null;
  configFetch: ConfigFetch;
  configRefused: { version: number; why: string } | null;
  /** Where calendar tokens come from, as central said last; null: not told since this start or this room. */
  grant: { id: string | null } | null;
  identify: { until: Instant } | null;
  service: Service;
  pinTries: PinTries;
  /** A page that people can see and touch is there. */
  isGlassThere: boolean;
  isSnapshotSetAside: boolean;
  isDiskFull: boolean;
  /** What was told to central last, as text, and when the next report is wanted anyway. */
  reported: { text: string; again: Instant } | null;
};

export const INITIAL_STATE: State = {
  isStarted: false,
  nextEffect: 1,
  machine: { mac: null, hostname: '', agentVersion: '' },
  clockOffset: milliseconds(0),
  central: { kind: 'none', lastUrl: null, problem: null },
  provisionedKey: null,
  room: null,
  configFetch: { kind: 'idle' },
  configRefused: null,
  grant: null,
  identify: null,
  service: { kind: 'closed' },
  pinTries: NO_TRIES,
  isGlassThere: false,
  isSnapshotSetAside: false,
  isDiskFull: false,
  reported: null,
};

/** The state so far and the effects so far, handed from machine to machine. */
export type Turn = { state: State; effects: Effect[] };

/** Adds an effect and gives its id, for the machine to wait for. */
export function issue(turn: Turn, deed: Deed): { turn: Turn; id: EffectId } {
  const id = turn.state.nextEffect as EffectId;
  return {
    id,
    turn: {
      state: { ...turn.state, nextEffect: turn.state.nextEffect + 1 },
      effects: [...turn.effects, { ...deed, id }],
    },
  };
}

export const change = (turn: Turn, part: Partial<State>): Turn => ({ ...turn, state: { ...turn.state, ...part } });
export const changeRoom = (turn: Turn, part: Partial<RoomState>): Turn =>
  turn.state.room ? change(turn, { room: { ...turn.state.room, ...part } }) : turn;
