/** Everything that can happen to a panel. Past tense; each carries the instant at which it happened. */
import type { Intent } from '../contract/bridge/intent.ts';
import type { JoinProblem, RefusalReason } from '../contract/bridge/view.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey, MacAddress, RoomAddress } from '../contract/values/ids.ts';
import type { LicenceKey } from '../contract/values/licence-key.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { OfferedRoom } from '../contract/values/room.ts';
import type { Duration, Instant, Span } from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';
import type { LicenceAnswer, PanelCommand, PanelState } from '../contract/wire/panel.ts';
import type { EffectId } from './effects.ts';
import type { Memory, Snapshot } from './remembered.ts';

/** What the machine says of itself, fixed for this start. */
export type Machine = { mac: MacAddress | null; hostname: string; agentVersion: string };

export type FoundCentral = { url: string; ca: string | null; licenceKey: LicenceKey | null };

/** `age`: how long ago the provider was read, when one read is shared. */
export type ReadOutcome =
  | { kind: 'listed'; window: Span; meetings: Meeting[]; serverTime: Instant | null; age: Duration }
  | { kind: 'failed'; problem: ReadProblem; retryAfter: Duration | null };

export type WriteOutcome =
  | { kind: 'confirmed'; meeting: Meeting | null }
  | { kind: 'refused'; why: RefusalReason }
  /** `isOutcomeUnknown`: it left this machine, and something of it may stand in the calendar. */
  | { kind: 'failed'; problem: ReadProblem; retryAfter: Duration | null; isOutcomeUnknown: boolean };

/** What became of giving a room back. `let-be`: a last look showed that it must not be, or need not. */
export type ReleaseOutcome =
  /** `isRow`: whether nobody came in between either; null: not looked for, or it could not be read. */
  | { kind: 'released'; isSeriesDeclined: boolean; isRow: boolean | null }
  | { kind: 'let-be' }
  /** `mayBeDone`: it was sent, now or in an earlier try, and nobody knows what became of it. */
  | { kind: 'failed'; problem: ReadProblem; retryAfter: Duration | null; mayBeDone: boolean };

/** When a room is taken; null: not known. */
export type RoomBusy = { room: RoomAddress; busy: { span: Span; isTentative: boolean }[] | null };
/** Rooms that may be offered, nearest first, and when they are taken, as they were read; `equipment`: of our own room. */
export type FindOutcome =
  | { kind: 'found'; equipment: string[]; rooms: OfferedRoom[]; busy: RoomBusy[] }
  | { kind: 'failed'; why: ReadProblem | 'central-away' };

export type Happening =
  | {
      kind: 'started';
      machine: Machine;
      memory: Memory | null;
      snapshot: Snapshot | null;
      /** A remembered file was garbage and lies beside its place. */
      isSnapshotSetAside: boolean;
      found: FoundCentral | null;
    }
  | { kind: 'woke' }
  | { kind: 'clock-jumped'; by: Duration }
  /** A page that people can see and touch has come, or has gone. */
  | { kind: 'glass-changed'; isThere: boolean }
  | { kind: 'intent-received'; intent: Intent /** For a booking, should the intent be one. */; key: BookingKey }
  // central
  | {
      kind: 'central-probed';
      effect: EffectId;
      result: { kind: 'central'; url: string; ca: string; words: string[] } | { kind: 'failed'; problem: JoinProblem };
    }
  /** `serverTime`: central's clock when it answered, where it says so. */
  | { kind: 'link-opened'; effect: EffectId; serverTime?: Instant | null }
  | { kind: 'panel-state-received'; effect: EffectId; state: PanelState }
  | { kind: 'link-closed'; effect: EffectId; problem: JoinProblem; retryAfter: Duration | null }
  | { kind: 'licence-answered'; effect: EffectId; answer: LicenceAnswer | { kind: 'failed' } }
  | {
      kind: 'config-fetched';
      effect: EffectId;
      result: { kind: 'config'; config: PanelConfig } | { kind: 'unusable'; why: string } | { kind: 'failed' };
    }
  /** Central sent it unasked; `version` of one that cannot be used is as far as it could be read. */
  | {
      kind: 'config-pushed';
      effect: EffectId;
      result: { kind: 'config'; config: PanelConfig } | { kind: 'unusable'; version: number; why: string };
    }
  | { kind: 'command-received'; effect: EffectId; command: PanelCommand }
  | { kind: 'pin-checked'; effect: EffectId; isRight: boolean }
  // calendar
  | { kind: 'calendar-read'; effect: EffectId; outcome: ReadOutcome }
  | { kind: 'booking-answered'; effect: EffectId; outcome: WriteOutcome }
  | { kind: 'booking-taken-back'; effect: EffectId }
  | { kind: 'release-answered'; effect: EffectId; outcome: ReleaseOutcome }
  | { kind: 'rooms-found'; effect: EffectId; outcome: FindOutcome }
  /** Central heard that something changed in the room's calendar. */
  | { kind: 'calendar-hinted'; effect: EffectId }
  // disk
  | { kind: 'file-written'; isDiskFull: boolean };

export type Event = Happening & {
  at: Instant;
  /** A random number in [0, 1) drawn for this event: jitter without an impure core. */
  dice: number;
};
