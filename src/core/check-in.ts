/** Who came: kept on the panel, and with it in the snapshot, until the meeting is over. */
import { spanOf } from './day.ts';
import type { Event } from './events.ts';
import { changeRoom, type Turn } from './state.ts';
import { canCheckIn, occupants } from './status.ts';

export function stepCheckIn(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  const { policy, room: place } = room.config;
  if (event.kind === 'intent-received' && event.intent.kind === 'check-in') {
    const { id, meeting } = event.intent;
    const target = occupants(room.calendar.meetings, place.zone, policy).find(o => o.meeting.id === meeting);
    if (!target || !canCheckIn(event.at, target, policy.checkIn, room.checkIns))
      return changeRoom(turn, { checkInIntent: id });
    return changeRoom(turn, { checkInIntent: id, checkIns: [...room.checkIns, { meeting, end: target.span.end }] });
  }
  if (event.kind === 'calendar-read' && event.outcome.kind === 'listed') {
    const { meetings } = event.outcome;
    // A meeting that was extended keeps its check-in; one that is over and out of the window loses it.
    const checkIns = room.checkIns
      .map(c => {
        const seen = meetings.find(m => m.id === c.meeting);
        return seen ? { ...c, end: spanOf(seen.when, place.zone).end } : c;
      })
      .filter(c => c.end > event.at);
    return checkIns.length === room.checkIns.length ? turn : changeRoom(turn, { checkIns });
  }
  return turn;
}
