/** What a mailbox stores for one event, one series, or one occurrence that differs from its series. */
import * as v from 'valibot';
import { Instant } from '../../contract/values/time.ts';
import { Recurrence } from './recurrence.ts';

export const Person = v.object({ name: v.string(), address: v.string() });
export type Person = v.InferOutput<typeof Person>;

export const ResponseKind = v.picklist([
  'none',
  'organizer',
  'tentativelyAccepted',
  'accepted',
  'declined',
  'notResponded',
]);
export type ResponseKind = v.InferOutput<typeof ResponseKind>;

/** `at` null: never answered; Graph shows the year 1 then. */
export const Response = v.object({ kind: ResponseKind, at: v.nullable(Instant) });
export type Response = v.InferOutput<typeof Response>;

export const Attendee = v.object({
  person: Person,
  type: v.picklist(['required', 'optional', 'resource']),
  response: Response,
});
export type Attendee = v.InferOutput<typeof Attendee>;

/**
 * Wall-clock times in `zone` (IANA), as `keptWall` writes them; `zoneName` is how the client spelled it. All-day: dates,
 * `endDate` exclusive.
 */
export const EventTime = v.variant('kind', [
  v.object({ kind: v.literal('timed'), start: v.string(), end: v.string(), zone: v.string(), zoneName: v.string() }),
  v.object({
    kind: v.literal('all-day'),
    startDate: v.string(),
    endDate: v.string(),
    zone: v.string(),
    zoneName: v.string(),
  }),
]);
export type EventTime = v.InferOutput<typeof EventTime>;

export const ShowAs = v.picklist(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']);
export type ShowAs = v.InferOutput<typeof ShowAs>;
export const Sensitivity = v.picklist(['normal', 'personal', 'private', 'confidential']);
export const Importance = v.picklist(['low', 'normal', 'high']);

/** Everything of an event but its identity. */
export const Content = v.object({
  time: EventTime,
  recurrence: v.nullable(Recurrence),
  subject: v.string(),
  bodyHtml: v.string(),
  showAs: ShowAs,
  sensitivity: Sensitivity,
  importance: Importance,
  categories: v.array(v.string()),
  locationName: v.string(),
  isCancelled: v.boolean(),
  /** Whether the calendar's owner organises it. */
  isOrganizer: v.boolean(),
  /** Null is rare and legal: imported items have none. */
  organizer: v.nullable(Person),
  attendees: v.array(Attendee),
  response: Response,
  responseRequested: v.boolean(),
  isReminderOn: v.boolean(),
  reminderMinutes: v.number(),
  isOnlineMeeting: v.boolean(),
});
export type Content = v.InferOutput<typeof Content>;

export type StoredEvent = {
  id: string;
  mailbox: string;
  /** iCalUId: the same on every attendee's copy. */
  uid: string;
  type: 'singleInstance' | 'seriesMaster' | 'exception';
  /** Exceptions: the series they belong to, and the date the occurrence had there. */
  masterId: string | null;
  originalDate: string | null;
  /** An exception that takes its occurrence away. */
  isRemoved: boolean;
  content: Content;
  transactionId: string | null;
  createdAt: Instant;
  modifiedAt: Instant;
  revision: number;
};

/** One entry of a calendar as a reader sees it: a stored event, or an occurrence computed from a series. */
export type CalendarItem = {
  id: string;
  type: StoredEvent['type'] | 'occurrence';
  content: Content;
  /** The row that holds it: for an occurrence, its series. */
  stored: StoredEvent;
  /** Occurrences and exceptions: series id and the date of the occurrence in the series. */
  masterId: string | null;
  originalDate: string | null;
};
