/**
 * A walk-up in direct mode. Writing straight into a room's mailbox skips its booking assistant, so we look for
 * ourselves: read, write under the key, read again, and withdraw if somebody was first.
 */
import { sleep } from '../contract/values/clock.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import type { WriteOutcome } from '../core/events.ts';
import { isFirst, isOrderKnown, SETTLING } from '../core/race.ts';
import { inTheWay } from '../core/status.ts';
import { answer, type Change, failedHalfway, isUndone, type Tools, taken, UNSETTLED } from './write-outcome.ts';

const MOST_LOOKS = 3;
/** An extension over slow wires is put back later than that. */
const MOST_LOOKS_AT_AN_EXTENSION = 6;

export async function bookDirectly(
  { clock, calendar, signal }: Tools,
  { config, key, span }: Change,
  before: readonly Meeting[],
  title: string,
): Promise<WriteOutcome> {
  const earlier = before.find(m => m.bookingKey === key);
  if (!earlier && inTheWay(span, taken(before, config))) return { kind: 'refused', why: 'slot-taken' };
  const booked = earlier
    ? { kind: 'booked' as const, meeting: earlier }
    : await calendar.book({ key, span, title }, signal);
  if (booked.kind !== 'booked') return answer(booked);
  for (let looks = 1; ; looks++) {
    await sleep(clock, SETTLING, signal);
    const after = await calendar.list(span, signal);
    if (after.kind === 'failed') return failedHalfway(after);
    // What another reader sees of our booking decides, not what the write answered.
    const mine = after.meetings.find(m => m.id === booked.meeting.id) ?? booked.meeting;
    const rivals = taken(after.meetings, config).filter(o => o.meeting.id !== mine.id && inTheWay(span, [o]));
    // Only one of two panels may know who was first: whoever does not looks again, and neither guesses.
    const isUndecided = rivals.some(o => o.meeting.bookingKey !== null && !isOrderKnown(mine, o.meeting));
    if (isUndecided && looks < MOST_LOOKS) continue;
    if (isUndecided) return UNSETTLED;
    const stronger = rivals.filter(o => !isFirst(mine, o.meeting));
    if (stronger.length === 0) return { kind: 'confirmed', meeting: mine };
    // It was not in our way at the first look, so it was made longer since; who did it looks again too, and gives way.
    const mayGiveWay = stronger.every(o => o.meeting.bookingKey !== null && o.span.start < span.start);
    if (!mayGiveWay || looks >= MOST_LOOKS_AT_AN_EXTENSION) break;
  }
  const withdrawn = await calendar.cancel(booked.meeting.id, null, signal);
  if (withdrawn.kind === 'failed') return failedHalfway(withdrawn);
  return isUndone(withdrawn) ? { kind: 'refused', why: 'lost-race' } : UNSETTLED;
}
