/**
 * Booking mode `invite`: the service account invites the room, and the mailbox's own booking policy decides. What the
 * room does not want, or does not answer, is taken back; if that fails the whole counts as failed, so that it is tried
 * again under the same key. The room's own copy is what counts, as everybody else sees no other.
 */
import type { Answered, Failed, Invitations, Invited, Listed, Refused } from '../calendar/room-calendar.ts';
import type { RefusalReason } from '../contract/bridge/view.ts';
import { sleep } from '../contract/values/clock.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { type Duration, type Instant, latest, type Span, seconds } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import { canExtend, howToEnd } from '../core/offers.ts';
import { inTheWay, type Occupant } from '../core/status.ts';
import {
  answer,
  type Change,
  type EndChange,
  failedHalfway,
  isUndone,
  type Tools,
  taken,
  UNSETTLED,
} from './write-outcome.ts';

/** How long the room is waited for: to answer, and to show another end. Pauses are counted, not what the clock says. */
const ANSWERS_WITHIN = seconds(90);
const CHANGES_WITHIN = seconds(60);
/** For taking back what the room did not want. */
const MENDS_WITHIN = seconds(30);

const NOT_ALLOWED: WriteOutcome = { kind: 'refused', why: 'not-allowed' };

export async function bookByInvitation(
  tools: Tools,
  { config, key, span, wasSent }: Change,
  before: readonly Meeting[],
  title: string,
): Promise<WriteOutcome> {
  const { calendar, signal } = tools;
  const { invitations } = calendar;
  if (invitations === null) return NOT_ALLOWED;
  // Written straight into the calendar, before the mode was changed.
  const earlier = before.find(m => m.bookingKey === key);
  if (earlier) return { kind: 'confirmed', meeting: earlier };
  const inOurWay = taken(before, config).filter(o => inTheWay(span, [o]));
  // If it was sent before, what is there may be ours, and what we sent has to be taken back.
  if (inOurWay.length > 0 && !wasSent) return { kind: 'refused', why: 'slot-taken' };
  const sent = await invitations.send({ key, span, title }, signal);
  if (sent.kind !== 'invited') return answer(sent);
  const isTaken = inOurWay.some(o => o.meeting.uid !== sent.uid);
  let isAccepted = false;
  for (const pause of pauses(ANSWERS_WITHIN)) {
    await sleep(tools.clock, pause, signal);
    if (!isAccepted) {
      const said = await invitations.answerTo(sent.invitation, signal);
      if (isToldToWait(said)) continue;
      if (said.kind === 'failed') return failedHalfway(said);
      // Nothing can be learnt of it any more, and it must not stand when it is told as refused.
      if (said.kind === 'refused') return withdraw(invitations, sent, said.why, signal);
      if (said.answer === 'declined') return withdraw(invitations, sent, isTaken ? 'slot-taken' : 'declined', signal);
      isAccepted = said.answer === 'accepted';
    }
    if (!isAccepted) continue;
    const seen = await calendar.list(sent.span, signal);
    if (isToldToWait(seen)) continue;
    if (seen.kind === 'failed') return failedHalfway(seen);
    const copy = copyOf(sent.uid, seen.meetings);
    if (copy) return { kind: 'confirmed', meeting: copy };
  }
  return withdraw(invitations, sent, 'no-answer', signal);
}

/** Another end for what the room was invited to: the invitation is changed, and the room asked anew by that. */
export async function changeInvitation(
  tools: Tools,
  { config, action, span }: EndChange,
  target: Occupant,
  all: readonly Occupant[],
): Promise<WriteOutcome> {
  const { invitations } = tools.calendar;
  const { meeting, span: was } = target;
  const isExtended = action.kind === 'extend';
  // The room has said yes.
  if (isExtended && was.end === span.end) return { kind: 'confirmed', meeting };
  const isAllowed = isExtended ? canExtend(target, config.policy) : howToEnd(target, config.policy) !== null;
  if (invitations === null || meeting.uid === null || !isAllowed) return NOT_ALLOWED;
  const isOver = span.end <= was.start;
  const ours = await invitations.find({ uid: meeting.uid }, tools.signal);
  // Withdrawn before, and the room has yet to take notice.
  if (isOver && ours.kind === 'refused' && ours.why === 'gone') return untilGone(tools, meeting.uid, was);
  if (ours.kind !== 'invited') return answer(ours);
  if (isOver) {
    const withdrawn = await invitations.withdraw(ours.invitation, tools.signal);
    return withdrawn.kind === 'done' ? untilGone(tools, meeting.uid, was) : answer(withdrawn);
  }
  // The room is asked anew for the whole of it, and gives all of it up if it has no time for a part.
  if (isExtended && inTheWay({ start: was.start, end: span.end }, all, meeting.id)) {
    if (ours.span.end === was.end) return { kind: 'refused', why: 'slot-taken' };
    return putBack(tools, invitations, ours, was.end, 'slot-taken');
  }
  if (ours.span.end !== span.end) {
    const changed = await invitations.changeEnd(ours.invitation, span.end, tools.signal);
    if (changed.kind !== 'done') return answer(changed);
  }
  return untilChanged(tools, invitations, ours, { was, end: span.end });
}

/** A longer end that was asked for before, and the room shows nothing: it has yet to answer, or gave all of it up. */
export async function settleExtension(tools: Tools, { span, was }: Change): Promise<WriteOutcome> {
  const { invitations } = tools.calendar;
  if (invitations === null || was === null || was.invitation === null) return NOT_ALLOWED;
  const ours = await invitations.find({ uid: was.invitation }, tools.signal);
  if (ours.kind !== 'invited') return answer(ours);
  // Put back before, and its room has yet to take it again.
  if (ours.span.end !== span.end) return { kind: 'refused', why: 'slot-taken' };
  return untilChanged(tools, invitations, ours, { was: { start: span.start, end: was.end }, end: span.end });
}

async function untilChanged(
  tools: Tools,
  invitations: Invitations,
  ours: Invited,
  { was, end }: { was: Span; end: Instant },
): Promise<WriteOutcome> {
  const { clock, calendar, signal } = tools;
  for (const pause of pauses(CHANGES_WITHIN)) {
    await sleep(clock, pause, signal);
    const seen = await calendar.list({ start: was.start, end: latest(was.end, end) }, signal);
    // Left now, a room that declines shows no copy any more by which a later try would find ours.
    const copy = seen.kind === 'listed' ? copyOf(ours.uid, seen.meetings) : undefined;
    if (copy?.when.kind === 'timed' && copy.when.end === end) return { kind: 'confirmed', meeting: copy };
    const said = await invitations.answerTo(ours.invitation, signal);
    // As above: the longer end must not stand when it is told as refused.
    if (said.kind === 'refused') return putBack(tools, invitations, ours, was.end, said.why);
    if (said.kind === 'answered' && said.answer === 'declined')
      return putBack(tools, invitations, ours, was.end, 'slot-taken');
  }
  return putBack(tools, invitations, ours, was.end, 'no-answer');
}

/** The room takes its copy away when it hears of the withdrawal. */
async function untilGone({ clock, calendar, signal }: Tools, uid: string, was: Span): Promise<WriteOutcome> {
  for (const pause of pauses(CHANGES_WITHIN)) {
    await sleep(clock, pause, signal);
    const seen = await calendar.list(was, signal);
    if (isToldToWait(seen)) continue;
    if (seen.kind === 'failed') return failedHalfway(seen);
    if (!copyOf(uid, seen.meetings)) return { kind: 'confirmed', meeting: null };
  }
  // It has ended all the same, only the room has not heard of it: the next read tells.
  return UNSETTLED;
}

/** Tried a few times on the spot: a room that declined may show no copy any more by which a later try would find ours. */
async function putBack(
  { clock, signal }: Tools,
  invitations: Invitations,
  ours: Invited,
  end: Instant,
  why: RefusalReason,
): Promise<WriteOutcome> {
  let restored = await invitations.changeEnd(ours.invitation, end, signal);
  for (const pause of pauses(MENDS_WITHIN)) {
    if (restored.kind !== 'failed' || restored.retryAfter !== null) break;
    await sleep(clock, pause, signal);
    restored = await invitations.changeEnd(ours.invitation, end, signal);
  }
  if (restored.kind === 'failed') return failedHalfway(restored);
  return isUndone(restored) ? { kind: 'refused', why } : UNSETTLED;
}

async function withdraw(
  invitations: Invitations,
  { invitation }: Invited,
  why: RefusalReason,
  signal?: AbortSignal,
): Promise<WriteOutcome> {
  const withdrawn = await invitations.withdraw(invitation, signal);
  if (withdrawn.kind === 'failed') return failedHalfway(withdrawn);
  return isUndone(withdrawn) ? { kind: 'refused', why } : UNSETTLED;
}

/** A question that has to wait is asked again for as long as there is time; the wait is kept where requests leave. */
const isToldToWait = (said: Answered | Listed | Refused | Failed) =>
  said.kind === 'failed' && said.problem === 'throttled';

const copyOf = (uid: string, meetings: readonly Meeting[]): Meeting | undefined =>
  meetings.find(m => m.uid === uid && m.occupies !== 'none');

/** 1, 2, 3, 5, 5, ... seconds, together no longer than `within`. */
function* pauses(within: Duration): Generator<Duration> {
  for (let i = 1, waited = 0; ; i++) {
    const pause = seconds(i < 4 ? i : 5);
    waited += pause;
    if (waited > within) return;
    yield pause;
  }
}
