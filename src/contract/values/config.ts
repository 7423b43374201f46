/** What a panel runs: made by central, applied whole, or refused whole with a reason. */
import * as v from 'valibot';
import { Room } from './room.ts';
import { Duration, minutes, seconds } from './time.ts';

/** Grows by one with every change that affects a panel; central's target and the panel's current are compared by it. */
export const ConfigVersion = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.brand('ConfigVersion'));
export type ConfigVersion = v.InferOutput<typeof ConfigVersion>;

const positive = (shortest: Duration, longest: Duration) => v.pipe(Duration, v.minValue(shortest), v.maxValue(longest));

export const CheckInPolicy = v.variant('kind', [
  v.object({ kind: v.literal('off') }),
  v.object({
    kind: v.literal('required'),
    /** How long before the start the button appears. */
    opensBefore: positive(minutes(0), minutes(60)),
    /** How long after the start people have. */
    grace: positive(minutes(1), minutes(60)),
  }),
]);
export type CheckInPolicy = v.InferOutput<typeof CheckInPolicy>;

export const Policy = v.object({
  /** Time between two reads of the calendar, before jitter. */
  pollEvery: positive(seconds(5), minutes(10)),
  /** Lengths offered for a walk-up. */
  walkUps: v.pipe(v.array(positive(minutes(5), minutes(480))), v.minLength(1), v.maxLength(6)),
  /** Whether a tentative event occupies the room. */
  isTentativeBusy: v.boolean(),
  /** How long before the next meeting the room counts as starting soon. */
  startingSoon: positive(minutes(0), minutes(60)),
  checkIn: CheckInPolicy,
});
export type Policy = v.InferOutput<typeof Policy>;

export const DEFAULT_POLICY: Policy = {
  pollEvery: seconds(30),
  walkUps: [minutes(15), minutes(30), minutes(60)],
  isTentativeBusy: true,
  startingSoon: minutes(10),
  checkIn: { kind: 'off' },
};

/** How the panel reaches the room's calendar. `direct`: it asks central for a token and talks to Graph itself. */
export const CalendarAccess = v.variant('kind', [
  v.object({ kind: v.literal('direct-graph'), graphBase: v.pipe(v.string(), v.url()) }),
]);
export type CalendarAccess = v.InferOutput<typeof CalendarAccess>;

export const PanelConfig = v.object({
  version: ConfigVersion,
  room: Room,
  access: CalendarAccess,
  policy: Policy,
  /** PEM certificates of the customer's own CAs, trusted for the calendar beside the system's. */
  extraCa: v.nullable(v.string()),
});
export type PanelConfig = v.InferOutput<typeof PanelConfig>;
