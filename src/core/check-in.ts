/** Who came: kept on the panel, and with it in the snapshot, until the meeting is over. */
import type { EventId } from '../contract/values/ids.ts';
import type { Instant } from '../contract/values/time.ts';
import { spanOf } from './day.ts';
import type { Event } from './events.ts';
import type { CheckIn } from './remembered.ts';
import { changeRoom, type RoomState, type Turn } from './state.ts';
import { canCheckIn, occupants } from './status.ts';
import { withoutSeries } from './strikes.ts';

export function stepCheckIn(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  if (event.kind === 'intent-received' && event.intent.kind === 'check-in') {
    const { id, meeting } = event.intent;
    return changeRoom(turn, { checkInIntent: id, ...checkedIn(room, meeting, event.at) });
  }
  return event.kind === 'calendar-read' && event.outcome.kind === 'listed' ? follow(turn, room, event.at) : turn;
}

function checkedIn(room: RoomState, meeting: EventId, now: Instant): Partial<RoomState> {
  const { config, calendar, checkIns, noShow } = room;
  const { policy } = config;
  const target = occupants(calendar.meetings, config.room.zone, policy).find(o => o.meeting.id === meeting);
  // A tap in the last moment is older than the event it became: until the deadline was acted upon, it counts.
  const isStillAsked = noShow.offered?.meeting === meeting;
  if (!target || !(isStillAsked || canCheckIn(now, target, policy.checkIn, checkIns))) return {};
  const strikes = withoutSeries(noShow.strikes, target.meeting.series);
  return { checkIns: [...checkIns, { meeting, ...target.span }], noShow: { ...noShow, strikes } };
}

/**
 * A meeting that was extended, or moved by less than people have to check in, keeps its check-in. One at quite another time
 * asks anew: whoever came then may not come now. One that is over loses it.
 */
function follow(turn: Turn, room: RoomState, now: Instant): Turn {
  if (room.checkIns.length === 0) return turn;
  const { checkIn } = room.config.policy;
  const checkIns = room.checkIns.flatMap((came): CheckIn[] => {
    const seen = room.calendar.meetings.find(m => m.id === came.meeting);
    if (!seen) return came.end > now ? [came] : [];
    const { start, end } = spanOf(seen.when, room.config.room.zone);
    const moved = came.start === null ? 0 : Math.abs(start - came.start);
    // Who could check in to it at this moment anyway need not do so again.
    const isElsewhen = checkIn.kind === 'required' && moved > checkIn.grace && now < start - checkIn.opensBefore;
    return end > now && !isElsewhen ? [{ ...came, end }] : [];
  });
  return changeRoom(turn, { checkIns });
}
