import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { type Activity, canDismiss } from '../model/activity.ts';
import { usePanel, type Words } from '../panel-context.ts';

/** Where the wish stands: it takes the place of the buttons until it is settled and read. */
export function ActivityStrip({ activity }: { activity: Activity }) {
  const panel = usePanel();
  const { state } = activity;
  const { title, detail } = words(activity, panel);
  return (
    <div class="strip" data-state={state.kind} data-testid="activity" role="status">
      <Icon name={ICONS[state.kind]} />
      <div class="strip-words">
        <p class="strip-title">{title}</p>
        {detail && <p class="strip-detail">{detail}</p>}
      </div>
      {canDismiss(activity) && (
        <Button look="key" testId="dismiss" onPress={panel.model.dismiss}>
          {state.kind === 'held' ? panel.text.action.takeBack : panel.text.action.dismiss}
        </Button>
      )}
    </div>
  );
}

const ICONS: Record<Activity['state']['kind'], IconName> = {
  asked: 'clock',
  submitted: 'clock',
  confirmed: 'check',
  refused: 'cross',
  held: 'link-off',
  unanswered: 'warning',
};

function words({ action, span, state }: Activity, { text, format }: Words): { title: string; detail: string | null } {
  const { time } = format;
  const range = text.range(time(span.start), time(span.end));
  const phrase = (phrases: Phrases['asked' | 'confirmed' | 'held']) => {
    if (action === 'book') return phrases.book(range);
    if (action === 'extend') return phrases.extend(time(span.end));
    return action === 'end-early' ? phrases.endEarly : phrases.checkIn;
  };
  switch (state.kind) {
    case 'asked':
    case 'submitted':
      return { title: phrase(text.booking.asked), detail: text.booking.askedDetail };
    case 'confirmed':
      return { title: phrase(text.booking.confirmed), detail: null };
    case 'held':
      return { title: phrase(text.booking.held), detail: text.booking.heldDetail };
    case 'unanswered':
      return { title: text.booking.unanswered, detail: text.booking.unansweredDetail };
    case 'refused': {
      const key = action === 'end-early' ? 'endEarly' : action === 'check-in' ? 'checkIn' : action;
      return { title: text.booking.refused[key], detail: text.refusals[state.why] };
    }
  }
}

type Phrases = Words['text']['booking'];
