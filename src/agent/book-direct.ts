/**
 * Changing the room's calendar in direct mode. Writing straight into a room's mailbox skips its booking assistant, so
 * we look for ourselves: read, write under the key, read again, and withdraw if somebody was first.
 */
import type { Failed, Refused, RoomCalendar } from '../calendar/room-calendar.ts';
import type { BookingAction } from '../contract/bridge/view.ts';
import { type Clock, sleep } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { BookingKey } from '../contract/values/ids.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { latest, minutes, plus, type Span } from '../contract/values/time.ts';
import type { WriteOutcome } from '../core/events.ts';
import { isFirst, SETTLING } from '../core/race.ts';
import { inTheWay, occupants } from '../core/status.ts';

export type Change = { config: PanelConfig; key: BookingKey; action: BookingAction; span: Span };

export async function changeDirectly(
  clock: Clock,
  calendar: RoomCalendar,
  change: Change,
  title: string,
): Promise<WriteOutcome> {
  const { start, end } = change.span;
  // Ended within the minute it began, a meeting spans nothing; it still has to be found.
  const before = await calendar.list({ start, end: latest(end, plus(start, minutes(1))) });
  if (before.kind === 'failed') return failed(before);
  return change.action.kind === 'book'
    ? book(clock, calendar, change, before.meetings, title)
    : changeEnd(calendar, change, change.action, before.meetings);
}

async function book(
  clock: Clock,
  calendar: RoomCalendar,
  { config, key, span }: Change,
  before: Meeting[],
  title: string,
): Promise<WriteOutcome> {
  const earlier = before.find(m => m.bookingKey === key);
  if (!earlier && inTheWay(span, taken(before, config))) return { kind: 'refused', why: 'slot-taken' };
  const booked = earlier ? { kind: 'booked' as const, meeting: earlier } : await calendar.book({ key, span, title });
  if (booked.kind !== 'booked') return answer(booked);
  await sleep(clock, SETTLING);
  const after = await calendar.list(span);
  if (after.kind === 'failed') return failed(after);
  // What another reader sees of our booking decides, not what the write answered.
  const mine = after.meetings.find(m => m.id === booked.meeting.id) ?? booked.meeting;
  const rivals = taken(after.meetings, config).filter(o => o.meeting.id !== mine.id && inTheWay(span, [o]));
  if (rivals.every(o => isFirst(mine, o.meeting))) return { kind: 'confirmed', meeting: mine };
  const withdrawn = await calendar.cancel(mine.id, null);
  return withdrawn.kind === 'failed' ? failed(withdrawn) : { kind: 'refused', why: 'lost-race' };
}

async function changeEnd(
  calendar: RoomCalendar,
  { config, span }: Change,
  action: BookingAction & { kind: 'extend' | 'end-early' },
  before: Meeting[],
): Promise<WriteOutcome> {
  const all = taken(before, config);
  const target = all.find(o => o.meeting.id === action.meeting);
  if (!target) return { kind: 'refused', why: 'gone' };
  const { meeting, span: was } = target;
  if (was.end === span.end) return { kind: 'confirmed', meeting };
  if (action.kind === 'extend' && inTheWay({ start: was.end, end: span.end }, all, meeting.id)) {
    return { kind: 'refused', why: 'slot-taken' };
  }
  // Ended within the minute it began: nothing would be left of it.
  if (span.end <= was.start) {
    const cancelled = await calendar.cancel(meeting.id, meeting.version);
    return cancelled.kind === 'done' ? { kind: 'confirmed', meeting: null } : answer(cancelled);
  }
  const changed = await calendar.changeEnd(meeting.id, meeting.version, span.end);
  return changed.kind === 'changed' ? { kind: 'confirmed', meeting: changed.meeting } : answer(changed);
}

const taken = (meetings: Meeting[], { room, policy }: PanelConfig) => occupants(meetings, room.zone, policy);

const answer = (no: Refused | Failed): WriteOutcome =>
  no.kind === 'refused' ? { kind: 'refused', why: no.why } : failed(no);

const failed = ({ problem, retryAfter }: Failed): WriteOutcome => ({ kind: 'failed', problem, retryAfter });
