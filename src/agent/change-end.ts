/**
 * Another end for a meeting that stands in the room's own calendar: ours, or somebody else's as far as the policy lets.
 * The verb follows from whose it is: what the room organises it changes or cancels, the rest it declines. Always the one
 * occurrence, never its series.
 */
import { sleep } from '../contract/values/clock.ts';
import { latest } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import { canExtend, howToEnd } from '../core/offers.ts';
import { SETTLING } from '../core/race.ts';
import { inTheWay, type Occupant } from '../core/status.ts';
import { endedEarlyLetter } from './letters.ts';
import {
  answer,
  type EndChange,
  failed,
  failedHalfway,
  isUndone,
  type Tools,
  taken,
  UNSETTLED,
} from './write-outcome.ts';

export async function changeEnd(
  tools: Tools,
  change: EndChange,
  target: Occupant,
  all: readonly Occupant[],
): Promise<WriteOutcome> {
  return change.action.kind === 'extend' ? extend(tools, change, target, all) : endEarly(tools, change, target);
}

/** Writes, then looks again, as a walk-up does; whoever came into the longer part meanwhile keeps it. */
async function extend(
  { clock, calendar, signal }: Tools,
  { config, span, was: before, wasSent }: EndChange,
  target: Occupant,
  all: readonly Occupant[],
): Promise<WriteOutcome> {
  const { meeting, span: was } = target;
  if (!canExtend(target, config.policy)) return { kind: 'refused', why: 'not-allowed' };
  // Nothing to write when an earlier try got through, or another panel was faster; then only the second look is missing.
  const isWritten = was.end === span.end;
  const isOurs = !isWritten || wasSent;
  if (!isWritten && inTheWay({ start: was.end, end: span.end }, all, meeting.id)) {
    return { kind: 'refused', why: 'slot-taken' };
  }
  const changed = isWritten
    ? { kind: 'changed' as const, meeting }
    : await calendar.changeEnd(meeting.id, meeting.version, span.end, signal);
  if (changed.kind !== 'changed') return answer(changed);
  await sleep(clock, SETTLING, signal);
  const after = await calendar.list(span, signal);
  if (after.kind === 'failed') return isOurs ? failedHalfway(after) : failed(after);
  const rival = inTheWay({ start: was.start, end: span.end }, taken(after.meetings, config), meeting.id);
  if (!isOurs || rival === null) {
    // What another reader sees of it decides, not what the write answered.
    const now = taken(after.meetings, config).find(o => o.meeting.id === meeting.id);
    if (now?.span.end !== span.end) return { kind: 'refused', why: 'changed-meanwhile' };
    // Whoever wrote it puts it back.
    return rival === null ? { kind: 'confirmed', meeting: now.meeting } : { kind: 'refused', why: 'slot-taken' };
  }
  // As it was; of what an earlier try wrote, what the other one leaves, and no less than there was.
  const end = isWritten ? latest(rival.span.start, before?.end ?? was.start) : was.end;
  const putBack = await calendar.changeEnd(meeting.id, changed.meeting.version, end, signal);
  if (putBack.kind === 'failed') return failedHalfway(putBack);
  // Exchange's own assistants touch what was just written: another version, and the longer end still stands.
  return isUndone(putBack) ? { kind: 'refused', why: 'lost-race' } : UNSETTLED;
}

async function endEarly(
  { calendar, signal }: Tools,
  { config, span }: EndChange,
  target: Occupant,
): Promise<WriteOutcome> {
  const { meeting, span: was } = target;
  const how = howToEnd(target, config.policy);
  if (how === null) return { kind: 'refused', why: 'not-allowed' };
  // Ended within the minute it began: nothing would be left of it.
  const isNothingLeft = span.end <= was.start;
  if (!meeting.isRoomOrganizer && (how === 'decline' || isNothingLeft)) {
    const { room, policy } = config;
    const letter = endedEarlyLetter({ room, policy, span: was, at: span.end });
    const declined = await calendar.decline(meeting.id, letter, signal);
    return declined.kind === 'done' ? { kind: 'confirmed', meeting: null } : answer(declined);
  }
  if (isNothingLeft) {
    const cancelled = await calendar.cancel(meeting.id, meeting.version, signal);
    return cancelled.kind === 'done' ? { kind: 'confirmed', meeting: null } : answer(cancelled);
  }
  const changed = await calendar.changeEnd(meeting.id, meeting.version, span.end, signal);
  if (changed.kind === 'changed') return { kind: 'confirmed', meeting: changed.meeting };
  // Taken away between our look and our write: it has ended.
  return changed.kind === 'refused' && changed.why === 'gone' ? { kind: 'confirmed', meeting: null } : answer(changed);
}
