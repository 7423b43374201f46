/** What the glass asks of the agent. Every intent carries an id of its own, so that the answer finds the button. */
import * as v from 'valibot';
import { EventId, IntentId, RoomId } from '../values/ids.ts';
import { LicenceKey } from '../values/licence-key.ts';
import { Duration, Instant } from '../values/time.ts';

const id = IntentId;
export const Intent = v.variant('kind', [
  v.object({ kind: v.literal('book'), id, end: Instant }),
  v.object({ kind: v.literal('extend'), id, meeting: EventId, end: Instant }),
  v.object({ kind: v.literal('end-early'), id, meeting: EventId }),
  v.object({ kind: v.literal('check-in'), id, meeting: EventId }),
  /** The person has read the booking's outcome, or gives up one that is held; `booking`: which. */
  v.object({ kind: v.literal('dismiss-booking'), id, booking: IntentId }),
  /** Which other rooms are free for this long? Asked again for another length. */
  v.object({ kind: v.literal('find-rooms'), id, length: Duration }),
  v.object({ kind: v.literal('close-find'), id }),
  /** One of the rooms that were found, from now until the end that was shown. */
  v.object({ kind: v.literal('book-elsewhere'), id, room: RoomId, end: Instant }),
  v.object({ kind: v.literal('enter-central'), id, url: v.pipe(v.string(), v.maxLength(500)) }),
  v.object({ kind: v.literal('enter-licence-key'), id, key: LicenceKey }),
  v.object({ kind: v.literal('choose-room'), id, room: RoomId }),
  /** A new code after the old one ran out, or a new try after a refusal. */
  v.object({ kind: v.literal('ask-new-code'), id }),
  /** The service page; `pin` null when nobody was asked for one yet. */
  v.object({ kind: v.literal('open-service'), id, pin: v.nullable(v.pipe(v.string(), v.regex(/^\d{1,12}$/))) }),
  v.object({ kind: v.literal('close-service'), id }),
  /** From the open service page: agent and page start anew. */
  v.object({ kind: v.literal('restart'), id }),
  /** From the open service page, and only behind a PIN: forgets central and its room, and asks where to find one. */
  v.object({ kind: v.literal('leave-central'), id }),
]);
export type Intent = v.InferOutput<typeof Intent>;
export type IntentInput = v.InferInput<typeof Intent>;
