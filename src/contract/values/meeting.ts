/** What the panel may know of an event. Privacy is already applied: a private subject never gets this far. */
import * as v from 'valibot';
import { BookingKey, EventId } from './ids.ts';
import { Instant, PlainDate } from './time.ts';

/** All-day events are dates in the ROOM's zone, not instants; `endDate` is exclusive. */
export const When = v.variant('kind', [
  v.object({ kind: v.literal('timed'), start: Instant, end: Instant }),
  v.object({ kind: v.literal('all-day'), startDate: PlainDate, endDate: PlainDate }),
]);
export type When = v.InferOutput<typeof When>;

export const Title = v.variant('kind', [
  v.object({ kind: v.literal('public'), text: v.pipe(v.string(), v.nonEmpty(), v.maxLength(255)) }),
  /** No subject, or the room mailbox put the organiser's name in its place. */
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('private') }),
]);
export type Title = v.InferOutput<typeof Title>;

export const Meeting = v.object({
  id: EventId,
  /** The provider's change tag (Graph: `@odata.etag`), sent back as If-Match when the event is changed. */
  version: v.string(),
  when: When,
  title: Title,
  /** Display name; null when unknown or withheld with a private meeting. */
  organizer: v.nullable(v.string()),
  /** `none`: does not occupy the room (cancelled, declined, shown as free). Unknown values occupy. */
  occupies: v.picklist(['busy', 'tentative', 'none']),
  /** Whether the room itself organises it, so that its calendar may change and cancel it. */
  isRoomOrganizer: v.boolean(),
  /** Set when a Lintel panel wrote it into the room's calendar (booking mode `direct`). */
  bookingKey: v.nullable(BookingKey),
  /** Whether the service account organises it: asked for by a panel in booking mode `invite`. */
  isInvitedByUs: v.optional(v.boolean(), false),
  /** The series it is an occurrence or exception of, by its id in this calendar; null for a single event. */
  series: v.optional(v.nullable(EventId), null),
  /** iCalendar UID: the same on every copy of one meeting, whoever's calendar it is in. Null where not told. */
  uid: v.optional(v.nullable(v.string()), null),
  /** When the provider first stored it, where known: decides who was first when two bookings collide. */
  createdAt: v.nullable(Instant),
});
export type Meeting = v.InferOutput<typeof Meeting>;
