import { contains, type Instant } from '../../../src/contract/values/time.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Block } from '../model/day-layout.ts';
import { usePanel } from '../panel-context.ts';
import { meetingLabel } from './meeting-label.ts';

/** One meeting on the timeline. Its look says past, now or to come; tentative ones are outlined only. */
export function TimelineBlock({ block: { meeting, top, height, lane, lanes }, now }: { block: Block; now: Instant }) {
  const { text, format } = usePanel();
  const { title, organizer } = meetingLabel(meeting, text);
  const when = contains(meeting, now) ? 'now' : meeting.end <= now ? 'past' : 'ahead';
  const { time } = format;
  return (
    <div
      class="block"
      data-when={when}
      data-tentative={meeting.isTentative}
      style={{ '--top': top, '--height': height, '--lane': lane, '--lanes': lanes }}
    >
      <p class="block-title outside">
        {meeting.isConflict && <Icon name="warning" />}
        {meeting.isPrivate && <Icon name="lock" />}
        {title}
      </p>
      <p class="block-facts outside">
        {text.range(time(meeting.start), time(meeting.end))}
        {organizer ? `  ·  ${organizer}` : ''}
      </p>
    </div>
  );
}
