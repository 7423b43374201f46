import type { Actions, MeetingView, RoomStatus } from '../../../src/contract/bridge/view.ts';
import type { Instant } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { usePanel } from '../panel-context.ts';

type ActionBarProps = { actions: Actions; status: RoomStatus; now: Instant };

/** What one tap can do at this moment. The view decides what is offered; nothing else is. */
export function ActionBar({ actions, status, now }: ActionBarProps) {
  const meeting = 'meeting' in status ? status.meeting : null;
  const hasMeetingAction = actions.canCheckIn || actions.extend.length > 0 || actions.canEndEarly;
  if (actions.book.length === 0 && !hasMeetingAction) return null;
  return (
    <div class="actions">
      {actions.book.length > 0 && <BookKeys book={actions.book} now={now} />}
      {meeting && hasMeetingAction && <MeetingKeys actions={actions} meeting={meeting} now={now} />}
    </div>
  );
}

function BookKeys({ book, now }: { book: Actions['book']; now: Instant }) {
  const { model, text, format } = usePanel();
  return (
    <fieldset class="keys" data-many={book.length > 5}>
      <legend>{text.action.bookNow}</legend>
      {book.map(({ length, end, isUntilNext }) => (
        <Button
          key={`${length} ${isUntilNext}`}
          look="primary"
          class="tile"
          testId="book"
          onPress={() => model.wish({ kind: 'book', end }, { start: now, end })}
        >
          <b>{isUntilNext ? text.action.untilNext : text.action.minutes(Math.round(length / 60_000))}</b>
          <span>{text.until(format.time(end))}</span>
        </Button>
      ))}
    </fieldset>
  );
}

type MeetingKeysProps = { actions: Actions; meeting: MeetingView; now: Instant };

function MeetingKeys({ actions, meeting, now }: MeetingKeysProps) {
  const { model, text, format } = usePanel();
  const { id, start, end } = meeting;
  return (
    <fieldset class="keys">
      {actions.canCheckIn && (
        <Button
          look="primary"
          class="tile tile-wide"
          testId="check-in"
          onPress={() => model.wish({ kind: 'check-in', meeting: id }, { start, end })}
        >
          <Icon name="check" />
          <b>{text.action.checkIn}</b>
        </Button>
      )}
      {actions.extend.map(({ by, end: newEnd }) => (
        <Button
          key={by}
          look="primary"
          class="tile"
          testId="extend"
          onPress={() => model.wish({ kind: 'extend', meeting: id, end: newEnd }, { start, end: newEnd })}
        >
          <b>{text.action.extendBy(text.action.minutes(Math.round(by / 60_000)))}</b>
          <span>{text.until(format.time(newEnd))}</span>
        </Button>
      ))}
      {actions.canEndEarly && <EndKey meeting={meeting} now={now} />}
    </fieldset>
  );
}

function EndKey({ meeting: { id, start }, now }: { meeting: MeetingView; now: Instant }) {
  const { model, text } = usePanel();
  const isArmed = model.isEndArmed.value;
  return (
    <Button
      look={isArmed ? 'primary' : 'key'}
      class={isArmed ? 'tile tile-armed' : 'tile'}
      testId="end-early"
      onPress={() => model.endEarly({ kind: 'end-early', meeting: id }, { start, end: now })}
    >
      <b>{isArmed ? text.action.endSure : text.action.end}</b>
      {isArmed && <span>{text.action.endHint}</span>}
    </Button>
  );
}
