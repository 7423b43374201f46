/** The DEMO page: a tenant made up by central's own machine, to play with. */
import * as v from 'valibot';
import { EventId, RoomAddress } from '../../values/ids.ts';
import { Duration, hours, Instant, minutes, ZoneName } from '../../values/time.ts';

export const DemoMeeting = v.object({
  id: EventId,
  subject: v.string(),
  organizer: v.string(),
  start: Instant,
  end: Instant,
});
/** `throttle`: 429 with Retry-After; `fail`: 503; `vanish`: no answer at all. */
export const DemoFault = v.picklist(['none', 'throttle', 'fail', 'vanish']);
export type DemoFault = v.InferOutput<typeof DemoFault>;

export const DemoStatus = v.variant('kind', [
  v.object({ kind: v.literal('unavailable'), why: v.string() }),
  v.object({ kind: v.literal('off'), problem: v.nullable(v.string()) }),
  v.object({ kind: v.literal('starting') }),
  v.object({
    kind: v.literal('on'),
    zone: ZoneName,
    /** The tenant's clock, which the demo's panel follows. */
    now: Instant,
    fault: DemoFault,
    isCentralUnplugged: v.boolean(),
    rooms: v.array(v.object({ address: RoomAddress, name: v.string(), meetings: v.array(DemoMeeting) })),
    /** The room on the demo's panel; `path`: where its page is served, to be shown in a frame; null when it does not run. */
    panel: v.object({ room: RoomAddress, path: v.nullable(v.string()) }),
  }),
]);
export type DemoStatus = v.InferOutput<typeof DemoStatus>;

export const DemoSwitch = v.object({ isOn: v.boolean() });
const span = (shortest: Duration, longest: Duration) => v.pipe(Duration, v.minValue(shortest), v.maxValue(longest));
const YEAR = hours(24 * 366);

export const DemoAction = v.variant('kind', [
  /** As a colleague would from their own calendar; begins `in` from now. */
  v.object({
    kind: v.literal('book'),
    room: RoomAddress,
    in: span(minutes(0), hours(24)),
    length: span(minutes(5), hours(8)),
    isPrivate: v.boolean(),
  }),
  v.object({ kind: v.literal('cancel'), room: RoomAddress, event: EventId }),
  v.object({ kind: v.literal('fault'), fault: DemoFault }),
  v.object({ kind: v.literal('unplug-central'), isUnplugged: v.boolean() }),
  /** Null: back to the true time. */
  v.object({ kind: v.literal('jump-clock'), by: v.nullable(span(hours(-24 * 366), YEAR)) }),
]);
export type DemoAction = v.InferOutput<typeof DemoAction>;
