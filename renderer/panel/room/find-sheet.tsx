import type { ComponentChildren } from 'preact';
import type { FindView, RoomView } from '../../../src/contract/bridge/view.ts';
import { type Duration, minutes } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import type { ShownFind } from '../model/find.ts';
import { usePanel, type Words } from '../panel-context.ts';
import { FoundRooms } from './found-rooms.tsx';
import type { Headline } from './headline.ts';

/** Other rooms that are free now, in the place of this one, whose colour and state stay in sight. */
export function FindSheet({ view, find, head }: { view: RoomView; find: ShownFind; head: Headline }) {
  const { model, text } = usePanel();
  const { otherRooms } = text;
  return (
    <section class="finder" data-testid="find" data-find={find.kind}>
      <header class="finder-head">
        <div class="finder-words">
          <p class="finder-room outside">{`${plainText(view.room.name)}: ${head.word}, ${head.lead}`}</p>
          <h1>{otherRooms.title}</h1>
        </div>
        <Button class="finder-close" onPress={model.closeFind} testId="close-find">
          <Icon name="cross" />
          {otherRooms.close}
        </Button>
      </header>
      <Lengths lengths={view.findLengths} chosen={find.length} />
      <Outcome find={find} />
    </section>
  );
}

function Lengths({ lengths, chosen }: { lengths: readonly Duration[]; chosen: Duration }) {
  const { model, text } = usePanel();
  return (
    <fieldset class="finder-lengths">
      <legend>{text.otherRooms.lengths}</legend>
      {lengths.map(length => (
        <Button
          key={length}
          look={length === chosen ? 'primary' : 'key'}
          isPressed={length === chosen}
          testId="find-length"
          onPress={() => model.findRooms(length)}
        >
          {text.action.minutes(length / minutes(1))}
        </Button>
      ))}
    </fieldset>
  );
}

function Outcome({ find }: { find: ShownFind }) {
  const panel = usePanel();
  const { otherRooms, booking } = panel.text;
  switch (find.kind) {
    case 'searching':
      return <Message icon="clock" title={otherRooms.searching} />;
    case 'found':
      if (find.rooms.length > 0) return <FoundRooms found={find} />;
      return (
        <Message icon="cross" title={otherRooms.none(panel.duration(find.length))} detail={otherRooms.noneDetail} />
      );
    case 'failed':
      return (
        <Message icon="warning" title={otherRooms.failed} detail={reason(find.why, panel)}>
          <TryAgain length={find.length} />
        </Message>
      );
    case 'unanswered':
      return (
        <Message icon="warning" title={booking.unanswered}>
          <TryAgain length={find.length} />
        </Message>
      );
  }
}

function TryAgain({ length }: { length: Duration }) {
  const { model, text } = usePanel();
  return (
    <Button look="primary" testId="find-again" onPress={() => model.findRooms(length)}>
      <Icon name="repeat" />
      {text.otherRooms.tryAgain}
    </Button>
  );
}

type MessageProps = {
  icon: Parameters<typeof Icon>[0]['name'];
  title: string;
  detail?: string;
  children?: ComponentChildren;
};

function Message({ icon, title, detail, children }: MessageProps) {
  return (
    <div class="finder-message" role="status">
      <Icon name={icon} />
      <div>
        <p class="finder-title">{title}</p>
        {detail && <p class="finder-detail">{detail}</p>}
      </div>
      {children}
    </div>
  );
}

function reason(why: Extract<FindView, { kind: 'failed' }>['why'], { text }: Words): string {
  // The same words as for the room's own calendar, but where those speak of this room.
  return why === 'no-access' ? text.otherRooms.noAccess : text.readProblems[why];
}
