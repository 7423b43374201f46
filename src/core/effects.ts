/** What the core wants done, as data. One table in the agent runs them; their answers come back as events with the same id. */
import type { BookingAction } from '../contract/bridge/view.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey, EventId, RoomId } from '../contract/values/ids.ts';
import type { LicenceKey } from '../contract/values/licence-key.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { PinHash } from '../contract/values/policy.ts';
import type { OfferedRoom } from '../contract/values/room.ts';
import type { Duration, Instant, Span } from '../contract/values/time.ts';
import type { Report } from '../contract/wire/panel.ts';
import type { Memory, Snapshot, Was } from './remembered.ts';

/** What diagnostics.ts found, to be sent as JSON. */
export type Findings = Readonly<Record<string, unknown>>;

/**
 * With this no-show it is `count` in a row for one series, if nobody came between `since` and now without this panel's
 * knowing; `declines`: the policy has the rest of it declined.
 */
export type StrikeNote = { series: EventId; count: number; since: Instant; declines: boolean };

export type EffectId = number & { readonly __effect: unique symbol };

export type Deed =
  /** Who answers at this address, and under which CA? Trusts nothing yet. */
  | { kind: 'probe-central'; url: string; ca: string | null }
  /** Enrol and keep the stream open; ends with `link-closed`. Replaces the link before it. */
  | { kind: 'open-link'; url: string; ca: string; wantsNewCode: boolean }
  | { kind: 'close-link' }
  | { kind: 'submit-licence-key'; key: LicenceKey; room: RoomId | null }
  | { kind: 'fetch-config' }
  | { kind: 'report'; report: Report }
  | { kind: 'fetch-calendar'; config: PanelConfig; window: Span }
  /** Reads, writes under the key, reads again; see agent/change-calendar.ts. `wasSent`: perhaps, and the answer was lost. */
  | {
      kind: 'submit-booking';
      config: PanelConfig;
      key: BookingKey;
      action: BookingAction;
      span: Span;
      elsewhere: OfferedRoom | null;
      was: Was | null;
      wasSent: boolean;
    }
  /**
   * Nobody wants what was sent under this key and may have arrived; `within` this time it is over anyway. See
   * withdrawals.ts, and agent/take-back.ts.
   */
  | {
      kind: 'take-back-booking';
      config: PanelConfig;
      key: BookingKey;
      span: Span;
      within: Duration;
      elsewhere: OfferedRoom | null;
    }
  /** Looks once more, and declines the occurrence if all is still as it was; see agent/release.ts. */
  | {
      kind: 'release-room';
      config: PanelConfig;
      meeting: Meeting;
      strike: StrikeNote | null;
      /** An earlier try was sent, and may have been done although its answer was lost. */
      mayBeDone: boolean;
      at: Instant;
      /** Not sent later than this. */
      until: Instant;
    }
  /** Which rooms may be offered, and when they are taken. */
  | { kind: 'find-rooms'; config: PanelConfig; window: Span }
  | { kind: 'write-memory'; memory: Memory }
  | { kind: 'write-snapshot'; snapshot: Snapshot }
  | { kind: 'remove-snapshot' }
  /** The calendar's tokens come from another grant now, or from none. */
  | { kind: 'forget-token' }
  /** To be answered once; the digits go nowhere else. */
  | { kind: 'check-pin'; pin: PinHash; digits: string }
  | { kind: 'send-diagnostics'; command: string; findings: Findings }
  /** Agent and page start anew; nothing comes back. */
  | { kind: 'restart' };

export type Effect = Deed & { id: EffectId };
