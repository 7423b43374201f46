import * as v from 'valibot';
import { BookingKey, EventId } from '../../contract/values/ids.ts';
import { RawTime } from './graph-time.ts';

/** What we read of an event; `transactionId` is there when an app set it. */
export const SELECTED = [
  'id',
  'changeKey',
  'subject',
  'start',
  'end',
  'isAllDay',
  'isCancelled',
  'isOrganizer',
  'organizer',
  'responseStatus',
  'sensitivity',
  'showAs',
  'type',
  'seriesMasterId',
  'iCalUId',
  'transactionId',
] as const;
// createdDateTime is not among them: "createdDateTime and lastModifiedDateTime do not support $select" on calendarView
// (learn.microsoft.com, user-list-calendarview). It is read where it comes by itself; see creation.ts for the rest.

const text = v.nullish(v.string(), null);
const flag = v.nullish(v.boolean(), null);
/** Of no weight for what occupies the room or what is private: an odd value counts as absent. */
const optionally = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullish(schema, null), null);

const EmailAddress = v.object({ name: optionally(v.string()), address: optionally(v.string()) });

/**
 * Exact where a mistake would free an occupied room or show a private subject, lenient elsewhere: enums are plain
 * strings, because Graph grows new members without notice.
 */
export const GraphEvent = v.object({
  id: EventId,
  '@odata.etag': optionally(v.string()),
  changeKey: optionally(v.string()),
  subject: text,
  start: RawTime,
  end: RawTime,
  isAllDay: flag,
  isCancelled: flag,
  isOrganizer: optionally(v.boolean()),
  organizer: optionally(v.object({ emailAddress: optionally(EmailAddress) })),
  /** `response` may be empty in Microsoft's own samples. */
  responseStatus: v.nullish(v.object({ response: text }), null),
  sensitivity: text,
  showAs: text,
  /** Of an occurrence or exception. */
  seriesMasterId: optionally(EventId),
  iCalUId: optionally(v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000))),
  transactionId: optionally(BookingKey),
  createdDateTime: optionally(v.string()),
});
export type GraphEvent = v.InferOutput<typeof GraphEvent>;

/** What must be readable of an event that is otherwise not, so that it still occupies the room. */
export const BareEvent = v.object({
  id: v.fallback(v.nullable(EventId), null),
  start: RawTime,
  end: RawTime,
  isAllDay: v.fallback(v.nullish(v.boolean(), null), null),
});
export type BareEvent = v.InferOutput<typeof BareEvent>;

/** Master of a series: never shown, its occurrences stand beside it. */
export const SeriesMaster = v.object({ type: v.literal('seriesMaster') });

/** Certainly does not occupy the room, whatever else is wrong with it. */
export const Harmless = v.union([
  v.object({ isCancelled: v.literal(true) }),
  v.object({ showAs: v.literal('free') }),
  v.object({ responseStatus: v.object({ response: v.literal('declined') }) }),
]);

export const EventPage = v.object({ value: v.array(v.unknown()), '@odata.nextLink': v.nullish(v.string(), null) });
