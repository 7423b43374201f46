/**
 * The one port through which a room's calendar is read and changed. Providers map their own shapes to values here, once,
 * and mask private meetings. Expected outcomes are returned; only bugs are thrown.
 */
import type { BookingKey, EventId } from '../contract/values/ids.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { Duration, Instant, Span } from '../contract/values/time.ts';
import type { ReadProblem } from '../contract/values/trust.ts';

/** No usable answer. `detail` is for the log and the admin: it holds no token, no subject, no address of a person. */
export type Failed = {
  kind: 'failed';
  problem: ReadProblem;
  /** How long the provider asked us to wait, counted from now; obeyed in full. */
  retryAfter: Duration | null;
  /** True when a write was sent and its fate is not known: repeat it under the same key, or read. */
  isOutcomeUnknown: boolean;
  detail: string;
};

/** The provider understood and said no. */
export type Refused = {
  kind: 'refused';
  why: 'changed-meanwhile' | 'gone' | 'not-allowed' | 'slot-taken' | 'invalid';
  detail: string;
};

/** `serverTime`: the provider's own clock when it answered, where it says so, to one second. */
export type Listed = { kind: 'listed'; meetings: Meeting[]; serverTime: Instant | null };
export type Booked = { kind: 'booked'; meeting: Meeting };
export type Changed = { kind: 'changed'; meeting: Meeting };
export type Done = { kind: 'done' };

export type BookRequest = { key: BookingKey; span: Span; title: string };

/** Every call has a deadline of its own inside the provider; `signal` only cancels earlier. */
export interface RoomCalendar {
  /** All events that overlap the window (half open), recurrences expanded, series masters left out, in order of start. */
  list(window: Span, signal?: AbortSignal): Promise<Listed | Failed>;
  /** Writes into the room's own calendar. Repeating a call with the same key never books twice. */
  book(request: BookRequest, signal?: AbortSignal): Promise<Booked | Refused | Failed>;
  /** Moves the end of one event or one occurrence, if it still is at `version`. */
  changeEnd(event: EventId, version: string, end: Instant, signal?: AbortSignal): Promise<Changed | Refused | Failed>;
  /** Takes away an event the room organises. An event that is already gone counts as done. */
  cancel(event: EventId, version: string | null, signal?: AbortSignal): Promise<Done | Refused | Failed>;
  /** The room declines somebody else's occurrence; the organiser is told `comment`. */
  decline(event: EventId, comment: string, signal?: AbortSignal): Promise<Done | Refused | Failed>;
}
