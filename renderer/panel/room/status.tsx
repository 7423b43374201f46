import { Icon } from '../../ui/icon.tsx';
import type { Activity } from '../model/activity.ts';
import { usePanel } from '../panel-context.ts';
import type { Headline } from './headline.ts';
import { Mark } from './mark.tsx';
import { meetingLabel } from './meeting-label.ts';

type StatusProps = { head: Headline; activity: Activity | null; isStale: boolean };

/** The word that is read from across the corridor, and what stands behind it. */
export function Status({ head, activity, isStale }: StatusProps) {
  const { text, format } = usePanel();
  const isBooking =
    activity?.action === 'book' && (activity.state.kind === 'asked' || activity.state.kind === 'submitted');
  const word = isBooking ? `${text.status.booking}…` : head.word;
  const lead = isBooking ? text.range(format.time(activity.span.start), format.time(activity.span.end)) : head.lead;
  const isDoubtful = isStale && !isBooking && head.tone !== 'unknown';
  return (
    <div class="status" data-testid="status">
      <Mark tone={head.tone} />
      <p class="word" style={{ '--letters': word.length }} aria-live="polite">
        {word}
      </p>
      <p class="lead">
        {isDoubtful ? `${text.asFarAsKnown}, ` : ''}
        {lead}
      </p>
      {head.deadline !== null && <p class="otherwise">{text.checkInBy(format.time(head.deadline))}</p>}
      {head.meeting && <About head={head} />}
    </div>
  );
}

function About({ head: { meeting, clashes } }: { head: Headline }) {
  const { text, format } = usePanel();
  if (!meeting) return null;
  const { title, organizer } = meetingLabel(meeting, text);
  const { time } = format;
  const notes = [
    meeting.isAllDay ? null : text.range(time(meeting.start), time(meeting.end)),
    meeting.isTentative ? text.meeting.tentative : null,
    meeting.isCheckedIn ? text.meeting.checkedIn : null,
  ].filter(note => note !== null);
  return (
    <div class="about">
      <p class="about-title outside">
        {meeting.isPrivate && <Icon name="lock" />}
        {title}
      </p>
      <p class="about-facts outside">{[organizer, ...notes].filter(part => part !== null).join('  ·  ')}</p>
      {clashes[0] && (
        <p class="about-clash outside">
          <Icon name="warning" />
          {text.overlap(meetingLabel(clashes[0], text).title)}
        </p>
      )}
    </div>
  );
}
