import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { type Activity, canDismiss } from '../model/activity.ts';
import { usePanel, type Words } from '../panel-context.ts';

/** Where the wish stands: it takes the place of the buttons until it is settled and read. */
export function ActivityStrip({ activity, canFindRoom }: { activity: Activity; canFindRoom: boolean }) {
  const panel = usePanel();
  const { state } = activity;
  const { title, detail } = words(activity, panel);
  return (
    <div class="strip" data-state={state.kind} data-testid="activity" role="status">
      <Icon name={ICONS[state.kind]} />
      <div class="strip-words">
        <p class="strip-title outside">{title}</p>
        {detail && <p class="strip-detail outside">{detail}</p>}
      </div>
      {canFindRoom && isRoomGone(activity) && (
        <Button look="primary" testId="find-instead" onPress={panel.model.findInstead}>
          {activity.action === 'book-elsewhere' ? panel.text.otherRooms.again : panel.text.otherRooms.key}
        </Button>
      )}
      {canDismiss(activity) && (
        <Button look="key" testId="dismiss" onPress={panel.model.dismiss}>
          {state.kind === 'held' || state.kind === 'asked' ? panel.text.action.takeBack : panel.text.action.dismiss}
        </Button>
      )}
    </div>
  );
}

const ICONS: Record<Activity['state']['kind'], IconName> = {
  sent: 'clock',
  submitted: 'clock',
  asked: 'clock',
  confirmed: 'check',
  refused: 'cross',
  held: 'link-off',
  unanswered: 'warning',
};

/** Somebody wanted a room and did not get it, whichever one it was. */
function isRoomGone({ action, state }: Activity): boolean {
  if (state.kind !== 'refused') return false;
  if (action === 'book-elsewhere') return true;
  return action === 'book' && ['slot-taken', 'lost-race', 'declined', 'no-answer'].includes(state.why);
}

function words(activity: Activity, panel: Words): { title: string; detail: string | null } {
  const { action, state, elsewhere } = activity;
  const { booking, refusals } = panel.text;
  switch (state.kind) {
    case 'sent':
    case 'submitted':
      return { title: phrase(activity, booking.sent, panel), detail: booking.sentDetail };
    case 'asked':
      return {
        title: phrase(activity, booking.asked, panel),
        detail: action === 'end-early' ? booking.endAskedDetail : booking.askedDetail,
      };
    case 'confirmed':
      return { title: phrase(activity, booking.confirmed, panel), detail: elsewhere && whereIs(elsewhere, panel) };
    case 'held':
      return { title: phrase(activity, booking.held, panel), detail: booking.heldDetail };
    case 'unanswered':
      return { title: booking.unanswered, detail: booking.unansweredDetail };
    case 'refused': {
      const title = elsewhere
        ? booking.refused.elsewhere(shortName(elsewhere.name))
        : booking.refused[action === 'book-elsewhere' ? 'book' : KEYS[action]];
      return { title, detail: refusals[state.why] };
    }
  }
}

const KEYS = { book: 'book', extend: 'extend', 'end-early': 'endEarly', 'check-in': 'checkIn' } as const;

type Phrases = Words['text']['booking']['sent' | 'asked' | 'confirmed' | 'held'];

function phrase({ action, span, elsewhere }: Activity, phrases: Phrases, { text, format }: Words): string {
  const end = format.time(span.end);
  if (elsewhere) return phrases.elsewhere(shortName(elsewhere.name), end);
  if (action === 'extend') return phrases.extend(end);
  if (action === 'end-early') return phrases.endEarly;
  return action === 'check-in' ? phrases.checkIn : phrases.book(text.range(format.time(span.start), end));
}

/** Short enough to leave room for the end of the sentence. */
function shortName(name: string): string {
  const letters = [...plainText(name)];
  return letters.length > LONGEST_NAME
    ? `${letters
        .slice(0, LONGEST_NAME - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('');
}
const LONGEST_NAME = 40;

function whereIs({ floor, building }: NonNullable<Activity['elsewhere']>, { text }: Words): string | null {
  const parts = [floor && text.floor(plainText(floor)), building && plainText(building)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}
