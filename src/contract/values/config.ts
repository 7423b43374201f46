/** What a panel runs: made by central, applied whole, or refused whole with a reason. */
import * as v from 'valibot';
import { Policy } from './policy.ts';
import { Room } from './room.ts';

/** Grows with every change that affects a panel; central's target and the panel's current are compared by it. */
export const ConfigVersion = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.brand('ConfigVersion'));
export type ConfigVersion = v.InferOutput<typeof ConfigVersion>;

/** How the panel reaches the room's calendar. `direct`: it asks central for a token and talks to Graph itself. */
export const CalendarAccess = v.variant('kind', [
  v.object({ kind: v.literal('direct-graph'), graphBase: v.pipe(v.string(), v.url()) }),
]);
export type CalendarAccess = v.InferOutput<typeof CalendarAccess>;

export const PanelConfig = v.object({
  version: ConfigVersion,
  room: Room,
  /** What the admin calls this panel; shown when it is asked to identify itself. */
  panelName: v.nullable(v.pipe(v.string(), v.maxLength(80))),
  access: CalendarAccess,
  policy: Policy,
  /** PEM certificates of the customer's own CAs, trusted for the calendar beside the system's. */
  extraCa: v.nullable(v.string()),
});
export type PanelConfig = v.InferOutput<typeof PanelConfig>;
