/**
 * What is being done at somebody's wish, as the glass shows it. From the tap until the agent's first view about it the
 * wish itself is shown; from then on the agent's word.
 *
 *   tap -> sent -> (view) submitted -> confirmed | refused | held | asked (the room was invited and has yet to answer)
 *            `-> unanswered, when no view speaks of it in time
 *
 * Ending early is confirmed by the colour of the glass too: once the room's own calendar has the meeting over, it has
 * ended, whether or not the agent's change has been answered by then.
 */
import type { IntentInput } from '../../../src/contract/bridge/intent.ts';
import type {
  BookingAction,
  BookingView,
  RefusalReason,
  RoomStatus,
  RoomView,
} from '../../../src/contract/bridge/view.ts';
import type { IntentId } from '../../../src/contract/values/ids.ts';
import { type Instant, plus, type Span, seconds } from '../../../src/contract/values/time.ts';

export const ANSWER_WITHIN = seconds(10);
/** How long an outcome stays before the glass dismisses it by itself. */
export const CONFIRMED_SHOWN = seconds(6);
/** Where to go has to be read and remembered. */
export const CONFIRMED_ELSEWHERE_SHOWN = seconds(15);
export const REFUSED_SHOWN = seconds(30);

/** A wish that changes a calendar. */
export type Wish = Extract<IntentInput, { kind: 'book' | 'extend' | 'end-early' | 'check-in' | 'book-elsewhere' }>;
/** Another room, as people find it. */
export type Place = Pick<Extract<BookingAction, { kind: 'book-elsewhere' }>, 'name' | 'floor' | 'building'>;
export type Pending = { id: IntentId; wish: Wish; span: Span; elsewhere: Place | null; at: Instant };

export type Activity = {
  id: IntentId;
  action: Wish['kind'];
  span: Span;
  /** Which room it is about; null: this one. */
  elsewhere: Place | null;
  state:
    | { kind: 'sent' | 'submitted' | 'asked' | 'confirmed' | 'unanswered' }
    | { kind: 'held'; canTakeBack?: false }
    | { kind: 'refused'; why: RefusalReason };
};

/** `status`: as it is shown. `dismissed`: the outcome somebody has read already; the agent may not have heard of that yet. */
export function currentActivity(
  view: RoomView,
  status: RoomStatus,
  pending: Pending | null,
  dismissed: IntentId | null,
  now: Instant,
): Activity | null {
  if (pending && !isAnswered(view, pending)) return settled(fromPending(pending, now), status);
  if (view.booking) return view.booking.intent === dismissed ? null : settled(fromBooking(view.booking), status);
  if (view.checkInIntent && view.actions.canCheckIn) return checkingIn(view, view.checkInIntent);
  return null;
}

function settled(activity: Activity, status: RoomStatus): Activity {
  const hasEnded = status.kind === 'free' || status.kind === 'starting-soon';
  const isEnding = activity.action === 'end-early' && ['sent', 'submitted', 'asked'].includes(activity.state.kind);
  return isEnding && hasEnded ? { ...activity, state: { kind: 'confirmed' } } : activity;
}

export const isAnswered = (view: RoomView, { id }: Pending): boolean =>
  view.booking?.intent === id || view.checkInIntent === id;

/** A new wish is taken only when no other one is on its way. */
export const isBusy = (activity: Activity | null): boolean =>
  activity !== null && ['sent', 'submitted', 'asked', 'held'].includes(activity.state.kind);

/** A wish that was sent is answered first; one that waits for the link, or for a room to answer, may be taken back. */
export function canDismiss({ action, state }: Activity): boolean {
  if (state.kind === 'held') return state.canTakeBack !== false;
  if (state.kind === 'asked') return action === 'book' || action === 'book-elsewhere';
  return state.kind !== 'sent' && state.kind !== 'submitted';
}

/** When an outcome is taken off the glass, given when it was first seen. Null: it stays until the agent says otherwise. */
export function dismissalDue({ action, state }: Activity, seenAt: Instant): Instant | null {
  if (state.kind === 'confirmed')
    return plus(seenAt, action === 'book-elsewhere' ? CONFIRMED_ELSEWHERE_SHOWN : CONFIRMED_SHOWN);
  if (state.kind === 'refused' || state.kind === 'unanswered') return plus(seenAt, REFUSED_SHOWN);
  return null;
}

function fromPending({ id, wish, span, elsewhere, at }: Pending, now: Instant): Activity {
  const isLate = now >= plus(at, ANSWER_WITHIN);
  return { id, action: wish.kind, span, elsewhere, state: { kind: isLate ? 'unanswered' : 'sent' } };
}

function fromBooking({ intent, action, span, state }: BookingView): Activity {
  return {
    id: intent,
    action: action.kind,
    span,
    elsewhere: action.kind === 'book-elsewhere' ? action : null,
    state: state.kind === 'confirmed' ? { kind: 'confirmed' } : state,
  };
}

function checkingIn(view: RoomView, id: IntentId): Activity | null {
  if (!('meeting' in view.status)) return null;
  const { start, end } = view.status.meeting;
  return { id, action: 'check-in', span: { start, end }, elsewhere: null, state: { kind: 'submitted' } };
}
