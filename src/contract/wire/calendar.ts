/**
 * A panel's calendar through central (access `relay`), below `/panel/v1/calendar`: the RoomCalendar port, message by message.
 * POST, with a proof like everything else of wire/panel.ts. Every request names a room: the panel's own, or one it may
 * offer, of which only `list` (spans alone: no title, no organiser; the UID only of what we invited it to), `book`, `cancel` of what it booked, `schedule` and
 * `invitations` are answered; 403 `not-your-room` otherwise, 409 `not-relayed` where the connection is direct.
 *
 *   /list               ListRequest           -> ListAnswer
 *   /book               RelayedBooking        -> BookAnswer
 *   /change-end         ChangeEndRequest      -> ChangeAnswer
 *   /cancel             CancelRequest         -> DoneAnswer
 *   /decline            DeclineRequest        -> DoneAnswer
 *   /decline-series     DeclineSeriesRequest  -> DoneAnswer
 *   /schedule           ScheduleRequest       -> ScheduleAnswer
 *   /invitations/send       RelayedBooking        -> InvitedAnswer
 *   /invitations/find       FindInvitation        -> InvitedAnswer
 *   /invitations/answer     InvitationRequest     -> AnsweredAnswer
 *   /invitations/change-end InvitationEndRequest  -> DoneAnswer
 *   /invitations/withdraw   InvitationRequest     -> DoneAnswer
 *
 * What the provider said, a refusal or a failure included, is a 200: the panel tells it apart by `kind`.
 */
import * as v from 'valibot';
import { BookingKey, EventId, RoomAddress, RoomId } from '../values/ids.ts';
import { Meeting } from '../values/meeting.ts';
import { Duration, hours, Instant, Span, seconds } from '../values/time.ts';
import { ReadProblem } from '../values/trust.ts';

/** Central answers within so long, however slow the provider is; then it says that it has no answer. */
export const ANSWERED_WITHIN = seconds(8);
/** A panel waits longer, by what a new connection to central may take: given up earlier, a write would be in doubt for nothing. */
export const GIVEN_UP_AFTER = seconds(15);

const words = v.pipe(v.string(), v.maxLength(500));
/** It becomes a header. */
const version = v.pipe(v.string(), v.maxLength(200), v.regex(/^[\x20-\x7e]*$/));
/** Longer than any panel asks for, and short enough for every provider. */
const window = v.pipe(
  Span,
  v.check(({ start, end }) => start < end && end - start <= hours(24 * 8), 'a window of up to eight days'),
);
const room = RoomId;

export const ListRequest = v.object({ room, window, isShareable: v.boolean() });
export type ListRequest = v.InferOutput<typeof ListRequest>;
export const RelayedBooking = v.object({ room, key: BookingKey, span: window, title: words });
export type RelayedBooking = v.InferOutput<typeof RelayedBooking>;
export const ChangeEndRequest = v.object({ room, event: EventId, version, end: Instant });
export type ChangeEndRequest = v.InferOutput<typeof ChangeEndRequest>;
export const CancelRequest = v.object({ room, event: EventId, version: v.nullable(version) });
export type CancelRequest = v.InferOutput<typeof CancelRequest>;
export const DeclineRequest = v.object({ room, event: EventId, comment: words });
export type DeclineRequest = v.InferOutput<typeof DeclineRequest>;
export const DeclineSeriesRequest = v.object({ room, series: EventId, comment: words });
export type DeclineSeriesRequest = v.InferOutput<typeof DeclineSeriesRequest>;
/** `room` is the panel's own, whose connection is asked. */
export const ScheduleRequest = v.object({ room, rooms: v.pipe(v.array(RoomAddress), v.maxLength(60)), window });
export type ScheduleRequest = v.InferOutput<typeof ScheduleRequest>;
export const FindInvitation = v.union([
  v.object({ room, uid: v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000), v.regex(/^\P{Cs}*$/u)) }),
  v.object({ room, key: BookingKey, span: window }),
]);
export type FindInvitation = v.InferOutput<typeof FindInvitation>;
export const InvitationRequest = v.object({ room, invitation: EventId });
export type InvitationRequest = v.InferOutput<typeof InvitationRequest>;
export const InvitationEndRequest = v.object({ room, invitation: EventId, end: Instant });
export type InvitationEndRequest = v.InferOutput<typeof InvitationEndRequest>;

const failed = v.object({
  kind: v.literal('failed'),
  problem: ReadProblem,
  retryAfter: v.nullable(Duration),
  isOutcomeUnknown: v.boolean(),
  detail: words,
});
const refused = v.object({
  kind: v.literal('refused'),
  why: v.picklist(['changed-meanwhile', 'gone', 'not-allowed', 'slot-taken', 'invalid']),
  detail: words,
});

/**
 * `age`: how old the read was when central answered; `serverTime`: what the provider's clock said at that moment. Where it
 * says nothing the panel goes by central's own.
 */
export const ListAnswer = v.variant('kind', [
  v.object({ kind: v.literal('listed'), meetings: v.array(Meeting), serverTime: v.nullable(Instant), age: Duration }),
  failed,
]);
export const BookAnswer = v.variant('kind', [
  v.object({ kind: v.literal('booked'), meeting: Meeting }),
  refused,
  failed,
]);
export const ChangeAnswer = v.variant('kind', [
  v.object({ kind: v.literal('changed'), meeting: Meeting }),
  refused,
  failed,
]);
export const DoneAnswer = v.variant('kind', [v.object({ kind: v.literal('done') }), refused, failed]);
export const ScheduleAnswer = v.variant('kind', [
  v.object({
    kind: v.literal('scheduled'),
    rooms: v.array(
      v.object({
        room: RoomAddress,
        busy: v.nullable(v.array(v.object({ span: Span, isTentative: v.boolean() }))),
      }),
    ),
  }),
  failed,
]);
export const InvitedAnswer = v.variant('kind', [
  v.object({ kind: v.literal('invited'), invitation: EventId, uid: v.string(), span: Span }),
  refused,
  failed,
]);
export const AnsweredAnswer = v.variant('kind', [
  v.object({ kind: v.literal('answered'), answer: v.picklist(['accepted', 'declined', 'pending']) }),
  refused,
  failed,
]);
