/** What a panel runs: made by central, applied whole, or refused whole with a reason. */
import * as v from 'valibot';
import { RoomAddress } from './ids.ts';
import { Policy } from './policy.ts';
import { Room } from './room.ts';
import { PlainDate } from './time.ts';

/** Grows with every change that affects a panel; central's target and the panel's current are compared by it. */
export const ConfigVersion = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.brand('ConfigVersion'));
export type ConfigVersion = v.InferOutput<typeof ConfigVersion>;

/** The mailbox that invites rooms in booking mode `invite`. `isSignedIn`: it is the one the token is for (`/me`). */
export const Inviter = v.object({ isSignedIn: v.boolean(), address: RoomAddress });
export type Inviter = v.InferOutput<typeof Inviter>;

/**
 * How the panel reaches the room's calendar.
 * `direct-graph`: it asks central for a token and talks to Graph itself. `inviter` null: rooms cannot be invited.
 * `relay`: it asks central, which asks the provider; no provider credential reaches the panel.
 */
export const CalendarAccess = v.variant('kind', [
  v.object({
    kind: v.literal('direct-graph'),
    graphBase: v.pipe(v.string(), v.url()),
    inviter: v.optional(v.nullable(Inviter), null),
  }),
  v.object({ kind: v.literal('relay'), canInvite: v.boolean() }),
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
  /** Public holidays from yesterday on, in order, of the calendar the admin picked; a no-show on one is no strike. */
  holidays: v.optional(v.pipe(v.array(PlainDate), v.maxLength(400)), []),
});
export type PanelConfig = v.InferOutput<typeof PanelConfig>;
