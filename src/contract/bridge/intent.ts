/** What the glass asks of the agent. Every intent carries an id of its own, so that the answer finds the button. */
import * as v from 'valibot';
import { EventId, IntentId, RoomId } from '../values/ids.ts';
import { LicenceKey } from '../values/licence-key.ts';
import { Instant } from '../values/time.ts';

const id = IntentId;
export const Intent = v.variant('kind', [
  v.object({ kind: v.literal('book'), id, end: Instant }),
  v.object({ kind: v.literal('extend'), id, meeting: EventId, end: Instant }),
  v.object({ kind: v.literal('end-early'), id, meeting: EventId }),
  v.object({ kind: v.literal('check-in'), id, meeting: EventId }),
  /** The person has read the booking's outcome. */
  v.object({ kind: v.literal('dismiss-booking'), id }),
  v.object({ kind: v.literal('enter-central'), id, url: v.pipe(v.string(), v.maxLength(500)) }),
  v.object({ kind: v.literal('enter-licence-key'), id, key: LicenceKey }),
  v.object({ kind: v.literal('choose-room'), id, room: RoomId }),
  /** A new code after the old one ran out, or a new try after a refusal. */
  v.object({ kind: v.literal('ask-new-code'), id }),
]);
export type Intent = v.InferOutput<typeof Intent>;
export type IntentInput = v.InferInput<typeof Intent>;
