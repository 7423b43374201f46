/**
 * The one port through which a room's calendar is read and changed. Providers map their own shapes to values here, once,
 * and mask private meetings. Expected outcomes are returned; only bugs are thrown.
 */
import type { BookingKey, EventId, RoomAddress } from '../contract/values/ids.ts';
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

/**
 * `serverTime`: what the provider's clock says now, to one second; a relay gives its own where the provider is silent.
 * `age`: how long ago the provider was read; more than nothing only where one read is shared (a relay).
 */
export type Listed = { kind: 'listed'; meetings: Meeting[]; serverTime: Instant | null; age: Duration };
export type Booked = { kind: 'booked'; meeting: Meeting };
export type Changed = { kind: 'changed'; meeting: Meeting };
export type Done = { kind: 'done' };

/** What takes a room's time; null: it could not be read, and nobody may take it for free. */
export type BusySpan = { span: Span; isTentative: boolean };
export type Scheduled = { kind: 'scheduled'; rooms: { room: RoomAddress; busy: BusySpan[] | null }[] };

export type BookRequest = { key: BookingKey; span: Span; title: string };

/** An invitation as it stands in the inviter's calendar; `uid` is the same in the room's. */
export type Invited = { kind: 'invited'; invitation: EventId; uid: string; span: Span };
/** What the room said to it. `pending`: not yet, or its owner still has to approve. */
export type Answered = { kind: 'answered'; answer: 'accepted' | 'declined' | 'pending' };

export type Sought = { uid: string } | Pick<BookRequest, 'key' | 'span'>;

/** Booking mode `invite`: the service account invites the room, and the mailbox's own booking policy decides. */
export interface Invitations {
  /** Repeating a call with the same key never invites twice. */
  send(request: BookRequest, signal?: AbortSignal): Promise<Invited | Refused | Failed>;
  /** Ours, by the UID it shares with the room's copy or by the key it was sent under; `gone` when the inviter has none. */
  find(sought: Sought, signal?: AbortSignal): Promise<Invited | Refused | Failed>;
  /** `gone` also when this room is not invited by it; `not-allowed` for what no panel booked. */
  answerTo(invitation: EventId, signal?: AbortSignal): Promise<Answered | Refused | Failed>;
  /** Asks the room anew, for another end. */
  changeEnd(invitation: EventId, end: Instant, signal?: AbortSignal): Promise<Done | Refused | Failed>;
  /** The room's copy goes with it. One that is already gone counts as done. */
  withdraw(invitation: EventId, signal?: AbortSignal): Promise<Done | Refused | Failed>;
}

/** Every call has a deadline of its own inside the provider; `signal` only cancels earlier. */
export interface RoomCalendar {
  /**
   * All events that overlap the window (half open), recurrences expanded, series masters left out, in order of start.
   * `shareable`: what somebody else has just read will do, with its age; otherwise the provider is asked now.
   */
  list(window: Span, signal?: AbortSignal, sharing?: 'shareable'): Promise<Listed | Failed>;
  /** Writes into the room's own calendar. Repeating a call with the same key never books twice. */
  book(request: BookRequest, signal?: AbortSignal): Promise<Booked | Refused | Failed>;
  /** Moves the end of one event or one occurrence, if it still is at `version`. */
  changeEnd(event: EventId, version: string, end: Instant, signal?: AbortSignal): Promise<Changed | Refused | Failed>;
  /** Takes away an event the room organises. An event that is already gone counts as done. */
  cancel(event: EventId, version: string | null, signal?: AbortSignal): Promise<Done | Refused | Failed>;
  /** The room declines somebody else's occurrence; the organiser is told `comment`. */
  decline(event: EventId, comment: string, signal?: AbortSignal): Promise<Done | Refused | Failed>;
  /** The room declines a whole series, by the id in `Meeting.series`: only where the policy says so. */
  declineSeries(series: EventId, comment: string, signal?: AbortSignal): Promise<Done | Refused | Failed>;
  /** When these rooms are taken, in the order asked for; any number of them. */
  schedule(rooms: readonly RoomAddress[], window: Span, signal?: AbortSignal): Promise<Scheduled | Failed>;
  /** Null where nobody can invite. */
  readonly invitations: Invitations | null;
}
