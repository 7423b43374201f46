import type { Actions, MeetingView } from '../../../src/contract/bridge/view.ts';
import type { Duration, Instant } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { lengthToFind } from '../model/find.ts';
import { usePanel } from '../panel-context.ts';
import { EndKey } from './end-key.tsx';

type ActionBarProps = {
  actions: Actions;
  /** The meeting that may be checked in to, extended or ended. */
  meeting: MeetingView | null;
  findLengths: readonly Duration[];
  now: Instant;
};

/** What one tap can do at this moment. The view decides what is offered; nothing else is. */
export function ActionBar({ actions, meeting, findLengths, now }: ActionBarProps) {
  const { model } = usePanel();
  const { book, extend, canCheckIn, canEndEarly } = actions;
  const hasMeetingKeys = meeting !== null && (canCheckIn || extend.length > 0 || canEndEarly);
  const lengthWanted = actions.canFindRoom ? lengthToFind(findLengths) : null;
  if (book.length === 0 && !hasMeetingKeys && lengthWanted === null) return null;
  const isCrowded = hasMeetingKeys && book.length > 2;
  const isForOthers = book.length === 0 && extend.length === 0 && !canCheckIn;
  // What is about to be ended asks for the whole width: there is something to read first.
  const isExplaining = model.isEndArmed.value && actions.endEarly !== 'own';
  return (
    <div class="actions" data-crowded={isCrowded}>
      {hasMeetingKeys && !isExplaining && <MeetingKeys actions={actions} meeting={meeting} now={now} />}
      {hasMeetingKeys && isExplaining && <EndKey meeting={meeting} does={actions.endEarly} now={now} />}
      {book.length > 0 && <BookKeys book={book} now={now} />}
      {lengthWanted !== null && !isExplaining && <FindKey length={lengthWanted} isLoud={isForOthers} />}
    </div>
  );
}

function BookKeys({ book, now }: { book: Actions['book']; now: Instant }) {
  const { model, text, format } = usePanel();
  return (
    <fieldset class="keys keys-book" data-many={book.length > 4} style={{ '--keys': Math.min(book.length, 4) }}>
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
  const { canCheckIn, extend, canEndEarly } = actions;
  return (
    <fieldset class="keys" style={{ '--keys': extend.length + (canCheckIn ? 2 : 0) + (canEndEarly ? 1 : 0) }}>
      {canCheckIn && (
        <Button
          look="primary"
          class="tile tile-wide"
          testId="check-in"
          onPress={() => model.wish({ kind: 'check-in', meeting: id }, { start, end })}
        >
          <Icon name="check" />
          <span class="tile-words">
            <b>{text.action.checkIn}</b>
            {now < start && <span>{text.action.checkInFor(format.time(start))}</span>}
          </span>
        </Button>
      )}
      {extend.map(({ by, end: newEnd }) => (
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
      {canEndEarly && <EndKey meeting={meeting} does={actions.endEarly} now={now} />}
    </fieldset>
  );
}

/** Loud where this room has nothing to offer: then it is what people came for. */
function FindKey({ length, isLoud }: { length: Duration; isLoud: boolean }) {
  const { model, text } = usePanel();
  return (
    <Button
      look={isLoud ? 'primary' : 'key'}
      class={isLoud ? 'tile tile-find tile-wide' : 'tile tile-find'}
      testId="find-room"
      onPress={() => model.findRooms(length)}
    >
      <Icon name="search" />
      <span class="tile-words">
        <b>{isLoud ? text.otherRooms.keyTaken : text.otherRooms.key}</b>
        {isLoud && <span>{text.otherRooms.keyTakenHint}</span>}
      </span>
    </Button>
  );
}
