/**
 * How a panel behaves and looks. Settings cascade (policy-cascade.ts): general, then the building, the floor and the room;
 * a panel only ever gets the whole that comes out.
 */
import * as v from 'valibot';
import { Duration, minutes, seconds } from './time.ts';

const duration = (shortest: Duration, longest: Duration) => v.pipe(Duration, v.minValue(shortest), v.maxValue(longest));
const lengths = v.pipe(
  v.array(duration(minutes(5), minutes(480))),
  v.minLength(1, 'at least one length is needed'),
  v.maxLength(6, 'at most six lengths fit on the glass'),
);

export const CheckInPolicy = v.variant('kind', [
  v.object({ kind: v.literal('off') }),
  v.object({
    kind: v.literal('required'),
    /** How long before the start the button appears. */
    opensBefore: duration(minutes(0), minutes(60)),
    /** How long after the start people have. */
    grace: duration(minutes(1), minutes(60)),
  }),
]);
export type CheckInPolicy = v.InferOutput<typeof CheckInPolicy>;

/** What happens when nobody checks in to meetings of one series, `after` times in a row. Public holidays do not count. */
const strikes = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(10));
export const StrikePolicy = v.variant('kind', [
  v.object({ kind: v.literal('off') }),
  /** The organiser is told, with the release, that it was so many in a row. */
  v.object({ kind: v.literal('tell'), after: strikes }),
  /** And the room declines the rest of the series. */
  v.object({ kind: v.literal('decline-series'), after: strikes }),
]);
export type StrikePolicy = v.InferOutput<typeof StrikePolicy>;

/** Languages the glass speaks, by BCP 47 tag. */
export const Language = v.picklist(['en', 'de', 'nb']);
export type Language = v.InferOutput<typeof Language>;

/** A picture as a data address, at most 24 KiB of picture. */
export const Logo = v.pipe(
  v.string(),
  v.maxLength(33_000, 'the picture is larger than 24 KiB'),
  v.regex(/^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/, 'not a PNG, JPEG, WebP or SVG picture'),
);

/** Wall-clock time in the room's zone, `HH:MM`; `24:00` ends a day. */
const TimeOfDay = v.pipe(v.string(), v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'not a time of day such as 08:00'));

export const WorkingHours = v.pipe(
  v.object({
    /** ISO 8601: 1 is Monday, 7 Sunday. */
    days: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))), v.maxLength(7)),
    start: TimeOfDay,
    end: TimeOfDay,
  }),
  v.check(({ start, end }) => start < end, 'working hours must end after they start'),
);
export type WorkingHours = v.InferOutput<typeof WorkingHours>;

export const Dimming = v.variant('kind', [
  v.object({ kind: v.literal('off') }),
  /** Outside the working hours, while nothing goes on in the room. `brightness`: per cent of full. */
  v.object({
    kind: v.literal('outside-working-hours'),
    brightness: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(80)),
  }),
]);
export type Dimming = v.InferOutput<typeof Dimming>;

/** What the corridor may read. Meetings marked private or confidential are always masked. */
export const Privacy = v.object({
  subjects: v.picklist(['shown', 'hidden']),
  organizers: v.picklist(['shown', 'hidden']),
  /** Whether a meeting marked personal is masked like a private one. */
  isPersonalPrivate: v.boolean(),
});
export type Privacy = v.InferOutput<typeof Privacy>;

/** The panel access PIN as a salted scrypt hash (platform/pin.ts); both base64url. */
export const PinHash = v.object({
  salt: v.pipe(v.string(), v.regex(/^[\w-]{22}$/)),
  hash: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
});
export type PinHash = v.InferOutput<typeof PinHash>;

export const Policy = v.object({
  language: Language,
  hourCycle: v.picklist(['12h', '24h']),
  theme: v.picklist(['dark', 'light']),
  logo: v.nullable(Logo),
  /** Whom to call when something does not work; stands small on the glass. */
  helpContact: v.nullable(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(80))),
  workingHours: WorkingHours,
  dimming: Dimming,

  /**
   * `direct`: the panel writes into the room's calendar. `invite`: the service account invites the room, so that the
   * mailbox's own booking policy decides; shown as asked until it did. `off`: the panel shows and books nothing.
   */
  bookingMode: v.picklist(['direct', 'invite', 'off']),
  /** Lengths offered for a walk-up. */
  walkUps: lengths,
  /** No walk-up, nor one that was extended, gets longer than this. */
  longestBooking: duration(minutes(15), minutes(1440)),
  /** Lengths offered to extend by. */
  extensions: lengths,
  /**
   * `own`: what was booked at the door may be ended there. `shorten`: other meetings too, in the room's calendar only, so
   * that the organiser's own still shows the old end. `decline`: other meetings too; the room declines what is left and the
   * organiser is told. `off`: nothing may.
   */
  endEarly: v.picklist(['own', 'shorten', 'decline', 'off']),
  /** Whether the panel offers other rooms. */
  canFindRoom: v.boolean(),
  /** Whether a tentative event occupies the room. */
  isTentativeBusy: v.boolean(),
  /** How long before the next meeting the room counts as starting soon. */
  startingSoon: duration(minutes(0), minutes(60)),

  checkIn: CheckInPolicy,
  /** What becomes of a meeting nobody checked in to. `keep`: it stays. `release`: the room declines, the organiser is told. */
  noShow: v.picklist(['keep', 'release']),
  /** Meetings of this length or longer are never released; all-day ones never are. */
  neverReleaseFrom: duration(minutes(30), minutes(1440)),
  strikes: StrikePolicy,

  privacy: Privacy,

  /** Time between two reads of the calendar, before jitter. */
  pollEvery: duration(seconds(5), minutes(10)),
  /** Asked before the panel's service page opens; null: it opens to anybody, and shows less. */
  pin: v.nullable(PinHash),
});
export type Policy = v.InferOutput<typeof Policy>;

export const DEFAULT_POLICY: Policy = {
  language: 'en',
  hourCycle: '24h',
  theme: 'light',
  logo: null,
  helpContact: null,
  workingHours: { days: [1, 2, 3, 4, 5], start: '07:00', end: '19:00' },
  dimming: { kind: 'off' },
  bookingMode: 'direct',
  walkUps: [minutes(15), minutes(30), minutes(60)],
  longestBooking: minutes(180),
  extensions: [minutes(15), minutes(30), minutes(60)],
  endEarly: 'own',
  canFindRoom: true,
  isTentativeBusy: true,
  startingSoon: minutes(10),
  checkIn: { kind: 'off' },
  noShow: 'keep',
  neverReleaseFrom: minutes(480),
  strikes: { kind: 'off' },
  privacy: { subjects: 'shown', organizers: 'shown', isPersonalPrivate: true },
  pollEvery: seconds(30),
  pin: null,
};

/** Some of the settings: what one scope says; what is absent is inherited. */
export const PolicyValues = v.partial(Policy);
export type PolicyValues = v.InferOutput<typeof PolicyValues>;
export type PolicyField = keyof Policy;
export const POLICY_FIELDS = Object.keys(Policy.entries) as PolicyField[];
