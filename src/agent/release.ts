/** Giving a room back that nobody came to: look once more, take the meeting off the room's calendar, tell its organiser. */
import type { Failed, RoomCalendar } from '../calendar/room-calendar.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { Meeting } from '../contract/values/meeting.ts';
import { between, earliest, hours, type Instant, milliseconds, overlaps, plus } from '../contract/values/time.ts';
import { spanOf } from '../core/day.ts';
import type { StrikeNote } from '../core/effects.ts';
import type { ReleaseOutcome } from '../core/events.ts';
import { occupants } from '../core/status.ts';
import { noShowLetter, seriesDeclinedLetter } from './letters.ts';

/** No provider and no relay is asked for more at a time. */
const PIECE = hours(24 * 7);

export type ReleaseRequest = {
  config: PanelConfig;
  /** As it was when the deadline passed. */
  meeting: Meeting;
  strike: StrikeNote | null;
  /** An earlier try was sent, and may have been done although its answer was lost. */
  mayBeDone: boolean;
  /** When this was asked for, and until when it may be sent. */
  at: Instant;
  until: Instant;
};

/** `signal` cancels; then the outcome is a failure. Only the occurrence is touched, but for what `strike` asks for. */
export async function releaseRoom(
  { calendar, clock }: { calendar: RoomCalendar; clock: Clock },
  { config, meeting, strike, mayBeDone, at, until }: ReleaseRequest,
  signal?: AbortSignal,
): Promise<ReleaseOutcome> {
  const { room, policy } = config;
  const span = spanOf(meeting.when, room.zone);
  if (policy.checkIn.kind === 'off') return { kind: 'let-be' };
  const deadline = plus(span.start, policy.checkIn.grace);

  const began = clock.now();
  const isRow = strike && (await isInARow(calendar, { config, meeting, strike }, signal));
  // Asked of the provider itself: what somebody else read a moment ago will not do here.
  const listed = await calendar.list(span, signal);
  if (listed.kind === 'failed') return failed(listed, mayBeDone);
  // The look may have taken long, and the machine may have slept meanwhile.
  const took = between(began, clock.now());
  const now = plus(at, took);
  const found = listed.meetings.find(m => m.id === meeting.id);
  const isGone = found === undefined || found.occupies === 'none';
  if (isGone && !mayBeDone) return { kind: 'let-be' };
  if (!isGone) {
    if (took < 0 || now > until) return { kind: 'let-be' };
    const waited = { start: deadline, end: plus(now, milliseconds(1)) };
    const others = occupants(listed.meetings, room.zone, policy).filter(o => o.meeting.id !== meeting.id);
    // Whoever is inside may belong to another meeting that has come up since; see core/no-show.ts.
    if (!isStillSo(found, meeting) || others.some(o => overlaps(o.span, waited))) return { kind: 'let-be' };
    // Whoever organises cannot decline. Cancelled by its organiser, a meeting is cancelled for everybody.
    const comment = noShowLetter({ room, policy, span, deadline, strike: isRow ? strike : null });
    const given = meeting.isRoomOrganizer
      ? await calendar.cancel(found.id, found.version, signal)
      : await calendar.decline(found.id, comment, signal);
    if (given.kind === 'failed') return failed(given, mayBeDone || given.isOutcomeUnknown);
    if (given.kind === 'refused') return { kind: 'let-be' };
  }
  if (!isRow || !strike?.declines || meeting.isRoomOrganizer)
    return { kind: 'released', isSeriesDeclined: false, isRow };
  // Should it fail, the room is free all the same, and the next no-show tries again.
  const declined = await calendar.declineSeries(strike.series, seriesDeclinedLetter({ room, policy, strike }), signal);
  return { kind: 'released', isSeriesDeclined: declined.kind === 'done', isRow };
}

/**
 * Whether no occurrence between still takes the room: those nobody came to were given back. One that does was held, perhaps
 * while this panel was off. Null when it could not be read.
 */
async function isInARow(
  calendar: RoomCalendar,
  { config, meeting, strike }: { config: PanelConfig; meeting: Meeting; strike: StrikeNote },
  signal?: AbortSignal,
): Promise<boolean | null> {
  const { zone } = config.room;
  const end = spanOf(meeting.when, zone).start;
  for (let start = strike.since; start < end; start = plus(start, PIECE)) {
    const listed = await calendar.list({ start, end: earliest(plus(start, PIECE), end) }, signal);
    if (listed.kind === 'failed') return null;
    const seen = occupants(listed.meetings, zone, config.policy);
    if (seen.some(o => o.meeting.series === strike.series && o.meeting.id !== meeting.id)) return false;
  }
  return true;
}

/** The same time, and as much in the way as before; who changed its words only may do so. */
const isStillSo = (found: Meeting, meeting: Meeting) =>
  found.occupies === meeting.occupies &&
  found.when.kind === 'timed' &&
  meeting.when.kind === 'timed' &&
  found.when.start === meeting.when.start &&
  found.when.end === meeting.when.end;

const failed = ({ problem, retryAfter }: Failed, mayBeDone: boolean): ReleaseOutcome => ({
  kind: 'failed',
  problem,
  retryAfter,
  mayBeDone,
});
