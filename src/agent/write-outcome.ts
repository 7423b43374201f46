/** What the parts of a change to a calendar have in common. */
import type { Changed, Done, Failed, Refused, RoomCalendar } from '../calendar/room-calendar.ts';
import type { BookingAction } from '../contract/bridge/view.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey } from '../contract/values/ids.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { Span } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import type { Was } from '../core/remembered.ts';
import { type Occupant, occupants } from '../core/status.ts';

/** `config`: of the room whose calendar it is. `wasSent`: perhaps before, and the answer was lost. */
export type Change = {
  config: PanelConfig;
  key: BookingKey;
  action: BookingAction;
  span: Span;
  was: Was | null;
  wasSent: boolean;
};
/** To a meeting that is there already. */
export type EndChange = Change & { action: { kind: 'extend' | 'end-early' } };
/** `signal` ends the waiting; what was begun is found again under its key. */
export type Tools = { clock: Clock; calendar: RoomCalendar; signal?: AbortSignal };

export const taken = (meetings: readonly Meeting[], { room, policy }: PanelConfig): Occupant[] =>
  occupants(meetings, room.zone, policy);

export const answer = (no: Refused | Failed): WriteOutcome =>
  no.kind === 'refused' ? { kind: 'refused', why: no.why } : failed(no);

export const failed = ({ problem, retryAfter, isOutcomeUnknown }: Failed): WriteOutcome => ({
  kind: 'failed',
  problem,
  retryAfter,
  isOutcomeUnknown,
});

/** Something is written by then, and what should have followed failed. */
export const failedHalfway = (step: Failed): WriteOutcome => failed({ ...step, isOutcomeUnknown: true });

/** What was to be undone has gone, or is as it was; refused for another reason it stands. */
export const isUndone = (word: Done | Changed | Refused): boolean => word.kind !== 'refused' || word.why === 'gone';

/** Written, and not as it should be by now: to be looked at again. */
export const UNSETTLED: WriteOutcome = {
  kind: 'failed',
  problem: 'provider-error',
  retryAfter: null,
  isOutcomeUnknown: true,
};
