/** What really happened in one world, written down as it happened. All instants are true time. The checker gets nothing else. */
import type { Intent } from '../../src/contract/bridge/intent.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import type { PanelConfig } from '../../src/contract/values/config.ts';
import type { Duration, Instant, Span } from '../../src/contract/values/time.ts';

/** One entry of a room's calendar as the tenant stores it. */
export type Entry = {
  id: string;
  uid: string;
  span: Span;
  isAllDay: boolean;
  showAs: string;
  isCancelled: boolean;
  response: string;
  /** Whether the room organises it: written straight into its calendar. */
  isRoomOrganizer: boolean;
  /** Address of who organises it. */
  organizer: string;
  /** The idempotency key it was created under. */
  key: string | null;
  /** The series it is an occurrence of. */
  series: string | null;
};

/** A room's calendar after a change, everything that touches the days around. `by`: `person`, or the machine that asked. */
export type RoomTruth = { at: Instant; room: string; by: string; entries: readonly Entry[] };

/** One row of the tenant's own log. `key`: the transaction it was created under. */
export type TenantChange = {
  at: Instant;
  mailbox: string;
  id: string;
  kind: 'created' | 'changed' | 'removed';
  by: string;
  key: string | null;
  uid: string;
};

/** What the tenant mailed to an organiser in a room's name when the room declined. */
export type Letter = { at: Instant; room: string; to: string; text: string };

/** What a glass showed from `at` on. `isSilent`: the agent had died, the page still shows its last view. */
export type Glass = { at: Instant; view: View; isSilent: boolean };

export type Tap = { at: Instant; intent: Intent; key: string; view: View };

export type PanelHistory = {
  name: string;
  room: string;
  /** What central wanted it to run, from when on. */
  configs: { at: Instant; config: PanelConfig }[];
  glass: Glass[];
  taps: Tap[];
  /** How far the machine's own clock is from the truth, from when on. */
  clock: { at: Instant; offset: Duration }[];
  crashes: Instant[];
  /** Stretches in which no page showed anything. */
  pageless: { start: Instant; end: Instant | null }[];
  /** Stretches in which nothing could be written. */
  fullDisk: Span[];
};

/** Something that was wrong with the world; `end` is when nothing of it is left. */
export type Trouble = { kind: string; span: Span };

export type History = {
  span: Span;
  /** No trouble begins or lasts after this. */
  calmFrom: Instant;
  /** The rooms' own booking policy accepts what collides. */
  allowsConflicts: boolean;
  truth: RoomTruth[];
  changes: TenantChange[];
  letters: Letter[];
  panels: PanelHistory[];
  troubles: Trouble[];
  /** Where texts that only the tenant may know were found. */
  leaks: { at: Instant; where: string }[];
  requests: number;
};
