/** What outlives a restart: who central is and the config (memory), and the last good day (snapshot). */
import * as v from 'valibot';
import { BookingAction } from '../contract/bridge/view.ts';
import { PanelConfig } from '../contract/values/config.ts';
import { BookingKey, EventId, IntentId, RoomId } from '../contract/values/ids.ts';
import { Meeting } from '../contract/values/meeting.ts';
import { DEFAULT_POLICY, Privacy } from '../contract/values/policy.ts';
import { OfferedRoom } from '../contract/values/room.ts';
import { Duration, Instant, milliseconds, Span } from '../contract/values/time.ts';

/** What an older version wrote lacks the settings made since. One that still does not parse is had anew from central. */
const RememberedConfig = v.pipe(
  v.looseObject({ policy: v.looseObject({}) }),
  v.transform(old => ({ panelName: null, ...old, policy: { ...DEFAULT_POLICY, ...old.policy } })),
  PanelConfig,
);

export const Memory = v.object({
  /** `ca` is pinned while pairing; the words let a person compare it. */
  central: v.nullable(v.object({ url: v.string(), ca: v.string(), words: v.array(v.string()) })),
  config: v.fallback(v.nullable(RememberedConfig), null),
  /** PINs asked about since the last right one. */
  pinTries: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
});
export type Memory = v.InferOutput<typeof Memory>;

/** `start` as it was when somebody came; null: written down before we kept it. */
export const CheckIn = v.object({ meeting: EventId, start: v.optional(v.nullable(Instant), null), end: Instant });
export type CheckIn = v.InferOutput<typeof CheckIn>;

/**
 * The meeting a new end was asked for, as it was then: what it goes back to and, where we had invited the room, the UID by
 * which it is known when the room, asked anew, has given it up.
 */
export const Was = v.object({ end: Instant, invitation: v.nullable(v.string()) });
export type Was = v.InferOutput<typeof Was>;

/** A change that waits for the link; sent under the same key however often it is tried. */
export const HeldBooking = v.object({
  intent: IntentId,
  key: BookingKey,
  action: BookingAction,
  span: Span,
  elsewhere: v.optional(v.nullable(OfferedRoom), null),
  was: v.optional(v.nullable(Was), null),
  /** It may have been on its way when the panel went down. */
  wasSent: v.optional(v.boolean(), true),
  /** Its span is by a clock that was confirmed then. */
  isClockSure: v.optional(v.boolean(), true),
  /** By how much the machine's clock was being corrected when this was written: after a restart it is not, at first. */
  clockOffset: v.optional(Duration, milliseconds(0)),
});
export type HeldBooking = v.InferOutput<typeof HeldBooking>;

/** A booking that must not stand if it arrived after all. */
export const WithdrawnBooking = v.object({ key: BookingKey, span: Span, elsewhere: v.nullable(OfferedRoom) });
export type WithdrawnBooking = v.InferOutput<typeof WithdrawnBooking>;

/** A meeting whose no-show is dealt with. */
export const Settled = v.object({ meeting: EventId, end: Instant });
export type Settled = v.InferOutput<typeof Settled>;

/**
 * No-shows in a row of one series; `lastStart`: of the occurrence that was missed last. `since`: from here on nobody has looked yet
 * whether somebody came in between; the start of the first that was missed, or of the last that was looked at with all before it.
 */
export const Strike = v.object({
  series: EventId,
  count: v.pipe(v.number(), v.integer()),
  since: Instant,
  lastStart: Instant,
});
export type Strike = v.InferOutput<typeof Strike>;

export const Snapshot = v.object({
  room: RoomId,
  lastRead: v.nullable(Instant),
  window: Span,
  /** Under which the meetings were read; before it was written down, personal ones were not masked. */
  privacy: v.optional(Privacy, { subjects: 'shown', organizers: 'shown', isPersonalPrivate: false }),
  meetings: v.array(Meeting),
  checkIns: v.array(CheckIn),
  held: v.nullable(HeldBooking),
  withdrawals: v.optional(v.array(WithdrawnBooking), []),
  settled: v.optional(v.array(Settled), []),
  /** From before `since` was written down they are forgiven. */
  strikes: v.fallback(v.optional(v.array(Strike), []), []),
});
export type Snapshot = v.InferOutput<typeof Snapshot>;
