import { useState } from 'preact/hooks';
import type { Screen } from '../../../src/contract/bridge/view.ts';
import type { RoomId } from '../../../src/contract/values/ids.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';
import { Sheet, Trouble } from './sheet.tsx';

/** The rooms the licence key allows, to tap on. */
export function ChooseRoom({ screen }: { screen: Extract<Screen, { kind: 'choose-room' }> }) {
  const { model, text } = usePanel();
  const [chosen, setChosen] = useState<RoomId | null>(null);
  const choose = (room: RoomId) => {
    if (chosen !== null) return;
    setChosen(room);
    model.send({ kind: 'choose-room', room });
  };
  if (screen.rooms.length === 0) {
    return (
      <Sheet name="choose-room" title={text.chooseRoom.title}>
        <div class="rooms-none">
          <Trouble>{text.chooseRoom.none}</Trouble>
        </div>
      </Sheet>
    );
  }
  return (
    <Sheet name="choose-room" title={text.chooseRoom.title} lead={text.chooseRoom.lead}>
      <ul class="rooms">
        {screen.rooms.map(room => (
          <li key={room.id}>
            <Button
              class="rooms-key"
              look={room.id === chosen ? 'primary' : 'quiet'}
              isDisabled={chosen !== null && room.id !== chosen}
              onPress={() => choose(room.id)}
            >
              <b class="outside">{plainText(room.name)}</b>
              {room.detail && <span class="outside">{plainText(room.detail)}</span>}
              <Icon name="arrow-right" />
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
