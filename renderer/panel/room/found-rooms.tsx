import type { FindView, FoundRoom } from '../../../src/contract/bridge/view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel, type Words } from '../panel-context.ts';

/** The best first, each a key of its own. More than fit are reached with a finger, like the day beside them. */
export function FoundRooms({ found }: { found: Extract<FindView, { kind: 'found' }> }) {
  const panel = usePanel();
  const { model, text, format } = panel;
  return (
    <>
      <p class="finder-hint">{text.otherRooms.tap(format.time(found.end))}</p>
      <ul class="rooms found" data-testid="found">
        {found.rooms.map(room => (
          <li key={room.room}>
            <Button
              class="rooms-key found-key"
              look="quiet"
              testId="found-room"
              onPress={() => model.bookElsewhere(room)}
            >
              <b class="outside">{plainText(room.name)}</b>
              <span class="found-until">
                {room.freeUntil === null ? text.otherRooms.restOfDay : text.until(format.time(room.freeUntil))}
              </span>
              <span class="found-facts outside">{facts(room, panel)}</span>
              <Icon name="arrow-right" />
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Central's own word, where the directory only says yes; the rest stands as somebody wrote it. First, as whoever needs it needs it most. */
const WHEELCHAIR = 'Wheelchair accessible';

/** Where it is as seen from here, then what it holds: nobody on this floor needs to be told its number. */
function facts({ nearness, floor, building, capacity, equipment }: FoundRoom, { text }: Words): string {
  const level = nearness === 'floor' ? text.otherRooms.thisFloor : floor && text.floor(plainText(floor));
  const parts = [
    level,
    nearness === 'elsewhere' && building && plainText(building),
    capacity && text.seats(capacity),
    ...(equipment.includes(WHEELCHAIR) ? [text.otherRooms.wheelchair] : []),
    ...equipment.filter(word => word !== WHEELCHAIR).map(plainText),
  ];
  // The dot stays with what stands before it when the line breaks.
  return parts.filter(part => typeof part === 'string' && part !== '').join('\u00a0\u00a0·\u00a0 ');
}
