import { Icon } from '../../ui/icon.tsx';
import type { Activity } from '../model/activity.ts';
import { type Panel, usePanel } from '../panel-context.ts';
import type { Headline } from './headline.ts';
import { Mark } from './mark.tsx';
import { meetingLabel } from './meeting-label.ts';

type StatusProps = { head: Headline; activity: Activity | null; isStale: boolean };

/** The word that is read from across the corridor, and what stands behind it. */
export function Status({ head, activity, isStale }: StatusProps) {
  const { text, format } = usePanel();
  const { time } = format;
  const underWay = activity?.action === 'book' ? wordUnderWay(activity, text.status) : null;
  const word = underWay ? `${underWay}…` : head.word;
  const lead = underWay && activity ? text.range(time(activity.span.start), time(activity.span.end)) : head.lead;
  const isDoubtful = isStale && !underWay && head.tone !== 'unknown';
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
      {head.checkIn && (
        <p class="otherwise">
          {(head.checkIn.isReleasedThen ? text.checkInOrReleased : text.checkInBy)(time(head.checkIn.deadline))}
        </p>
      )}
      {head.meeting && <About head={head} />}
    </div>
  );
}

/** The word of a walk-up that is neither done nor refused. */
function wordUnderWay({ state }: Activity, { booking, asking }: Panel['text']['status']): string | null {
  if (state.kind === 'sent' || state.kind === 'submitted') return booking;
  return state.kind === 'asked' ? asking : null;
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
