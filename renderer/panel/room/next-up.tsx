import type { RoomView } from '../../../src/contract/bridge/view.ts';
import type { Instant } from '../../../src/contract/values/time.ts';
import { knownMeetings } from '../model/current-room.ts';
import { usePanel } from '../panel-context.ts';
import { meetingLabel } from './meeting-label.ts';

/** What comes after now, today, in one line. */
export function NextUp({ view, now, isKnown }: { view: RoomView; now: Instant; isKnown: boolean }) {
  const { text, format } = usePanel();
  if (!isKnown) return null;
  const about = 'meeting' in view.status ? view.status.meeting.id : null;
  const next = knownMeetings(view).find(m => m.start > now && m.start < view.day.span.end && m.id !== about);
  if (!next) return <p class="next">{text.nextNone}</p>;
  const { title, organizer } = meetingLabel(next, text);
  const { time } = format;
  return (
    <p class="next">
      <b>{text.next}</b>
      <span class="next-time">{text.range(time(next.start), time(next.end))}</span>
      <span class="next-title outside">{organizer ? `${title}  ·  ${organizer}` : title}</span>
    </p>
  );
}
