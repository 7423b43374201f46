import type { RoomRow, RoomUse } from '../../../../src/contract/wire/console.ts';
import { None } from '../../parts/facts.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { Address } from './address.tsx';
import { ConfigLine } from './config-line.tsx';
import { Markers } from './markers.tsx';
import { panelName, panelProblems, placeOf, summarise } from './panel-state.ts';
import { seats } from './room-options.ts';
import { Thumb } from './thumb.tsx';
import { SmallUse } from './use-bar.tsx';

/** Today's use by room; `isReading` while nothing was read yet. */
export type UseByRoom = { of: ReadonlyMap<string, RoomUse>; isReading: boolean };
type RoomTableProps = { rooms: readonly RoomRow[]; use: UseByRoom };

export const roomHref = (room: Pick<RoomRow, 'id'>) => `#/rooms?room=${encodeURIComponent(room.id)}`;

export const RoomTable = ({ rooms, use }: RoomTableProps) => (
  <div class="table-box">
    <table class="table table-rooms">
      <caption class="sr-only">Rooms</caption>
      <thead>
        <tr>
          <th scope="col">Room</th>
          <th scope="col" class="wide-only">
            Place, time zone
          </th>
          <th scope="col" class="wide-only number">
            Seats
          </th>
          <th scope="col" class="wide-only roomy-only">
            Equipment
          </th>
          <th scope="col" class="wide-only">
            Today 07–19
          </th>
          <th scope="col">Panel</th>
        </tr>
      </thead>
      <tbody>
        {rooms.map(room => (
          <Row key={room.id} room={room} use={use} />
        ))}
      </tbody>
    </table>
  </div>
);

function Row({ room, use }: { room: RoomRow; use: UseByRoom }) {
  const place = placeOf(room);
  const today = <SmallUse use={use.of.get(room.id)} isReading={use.isReading} />;
  return (
    <tr data-room={room.id}>
      <th scope="row">
        <div class="room-cell">
          <Thumb room={room} />
          <div>
            <a class="room-link" href={roomHref(room)}>
              <Foreign text={room.name} />
            </a>
            <div class="row-more">
              <Address text={room.address} />
            </div>
            <div class="narrow-only row-more">
              {(place || room.capacity !== null) && (
                <Foreign text={[place, seats(room.capacity)].filter(Boolean).join(' · ')} />
              )}
              {today}
            </div>
            <Markers room={room} />
          </div>
        </div>
      </th>
      <td class="wide-only place">
        {place ? <Foreign text={place} /> : <None />}
        <div class="row-more">
          {room.zone}
          {room.isZoneOwn && ' (set here)'}
        </div>
      </td>
      <td class="wide-only number">{room.capacity ?? <None />}</td>
      <td class="wide-only roomy-only">
        <Equipment names={room.equipment} most={3} />
      </td>
      <td class="wide-only today">{today}</td>
      <td>
        <PanelCell room={room} />
      </td>
    </tr>
  );
}

export function Equipment({ names, most = Number.POSITIVE_INFINITY }: { names: readonly string[]; most?: number }) {
  if (names.length === 0) return <None />;
  const more = names.slice(most);
  return (
    <ul class="chips">
      {names.slice(0, most).map(name => (
        <li key={name}>
          <Foreign text={name} />
        </li>
      ))}
      {more.length > 0 && <li title={more.join(', ')}>+{more.length}</li>}
    </ul>
  );
}

/** Which machine it is, how it does, and for one that is away since when. */
function PanelCell({ room }: { room: RoomRow }) {
  const { panel } = room;
  const { tone, word } = summarise(room);
  if (!panel) return <State tone={tone}>{word}</State>;
  const problems = panelProblems(panel);
  return (
    <>
      <div class="panel-cell">
        <State tone={tone}>{word}</State>
        <span class="soft">
          <Foreign text={panelName(panel)} />
        </span>
      </div>
      <div class="row-more">
        {!panel.isOnline && panel.lastSeen !== null && (
          <span>
            Seen <Ago at={panel.lastSeen} />
          </span>
        )}
        {problems.length > 0 && (
          <ul class="problems">
            {problems.map(text => (
              <li key={text}>
                <Foreign text={text} />
              </li>
            ))}
          </ul>
        )}
        <ConfigLine panel={panel} />
      </div>
    </>
  );
}
