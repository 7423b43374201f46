/** Giving a room back that nobody came to: look once more, take the meeting off the room's calendar, tell its organiser. */
import type { Failed, RoomCalendar } from '../calendar/room-calendar.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { contains, plus } from '../contract/values/time.ts';
import { spanOf } from '../core/day.ts';
import type { StrikeNote } from '../core/effects.ts';
import type { ReleaseOutcome } from '../core/events.ts';
import { occupants } from '../core/status.ts';
import { noShowLetter } from './letters.ts';

export type ReleaseRequest = {
  config: PanelConfig;
  /** As it was when the deadline passed. */
  meeting: Meeting;
  strike: StrikeNote | null;
  /** An earlier try failed, and may have been done all the same. */
  isRepeated: boolean;
};

/** `signal` cancels; then the outcome is a failure. Only the occurrence is touched, but for what `strike` asks for. */
export async function releaseRoom(
  calendar: RoomCalendar,
  { config, meeting, strike, isRepeated }: ReleaseRequest,
  signal?: AbortSignal,
): Promise<ReleaseOutcome> {
  const { room, policy } = config;
  const span = spanOf(meeting.when, room.zone);
  if (policy.checkIn.kind === 'off') return { kind: 'let-be' };
  const deadline = plus(span.start, policy.checkIn.grace);
  const comment = noShowLetter({ room, policy, span, deadline, strike });

  // Asked of the provider itself: what somebody else read a moment ago will not do here.
  const listed = await calendar.list(span, signal);
  if (listed.kind === 'failed') return failed(listed);
  const found = listed.meetings.find(m => m.id === meeting.id);
  const isGone = found === undefined || found.occupies === 'none';
  if (isGone && !isRepeated) return { kind: 'let-be' };
  if (!isGone) {
    const others = occupants(listed.meetings, room.zone, policy).filter(o => o.meeting.id !== meeting.id);
    // Whoever is inside may belong to another meeting that has come up since; see core/no-show.ts.
    if (!isStillSo(found, meeting) || others.some(o => contains(o.span, deadline))) return { kind: 'let-be' };
    // Whoever organises cannot decline. Cancelled by its organiser, a meeting is cancelled for everybody.
    const given = meeting.isRoomOrganizer
      ? await calendar.cancel(found.id, found.version, signal)
      : await calendar.decline(found.id, comment, signal);
    if (given.kind === 'failed') return failed(given);
    if (given.kind === 'refused') return { kind: 'let-be' };
  }
  if (!strike?.declines || meeting.isRoomOrganizer) return { kind: 'released', isSeriesDeclined: false };
  // Should it fail, the room is free all the same, and the next no-show tries again.
  const declined = await calendar.declineSeries(strike.series, comment, signal);
  return { kind: 'released', isSeriesDeclined: declined.kind === 'done' };
}

/** The same time, and as much in the way as before; who changed its words only may do so. */
const isStillSo = (found: Meeting, meeting: Meeting) =>
  found.occupies === meeting.occupies &&
  found.when.kind === 'timed' &&
  meeting.when.kind === 'timed' &&
  found.when.start === meeting.when.start &&
  found.when.end === meeting.when.end;

const failed = ({ problem, retryAfter }: Failed): ReleaseOutcome => ({ kind: 'failed', problem, retryAfter });
