/** What outlives a restart: who central is and the config (memory), and the last good day (snapshot). */
import * as v from 'valibot';
import { BookingAction } from '../contract/bridge/view.ts';
import { PanelConfig } from '../contract/values/config.ts';
import { BookingKey, EventId, IntentId, RoomId } from '../contract/values/ids.ts';
import { Meeting } from '../contract/values/meeting.ts';
import { Instant, Span } from '../contract/values/time.ts';

export const Memory = v.object({
  /** `ca` is pinned while pairing; the words let a person compare it. */
  central: v.nullable(v.object({ url: v.string(), ca: v.string(), words: v.array(v.string()) })),
  config: v.nullable(PanelConfig),
});
export type Memory = v.InferOutput<typeof Memory>;

export const CheckIn = v.object({ meeting: EventId, end: Instant });
export type CheckIn = v.InferOutput<typeof CheckIn>;

/** A change that waits for the link; sent under the same key however often it is tried. */
export const HeldBooking = v.object({ intent: IntentId, key: BookingKey, action: BookingAction, span: Span });
export type HeldBooking = v.InferOutput<typeof HeldBooking>;

export const Snapshot = v.object({
  room: RoomId,
  lastRead: v.nullable(Instant),
  window: Span,
  meetings: v.array(Meeting),
  checkIns: v.array(CheckIn),
  held: v.nullable(HeldBooking),
});
export type Snapshot = v.InferOutput<typeof Snapshot>;
