import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { count } from '../../words.ts';
import { placeOf, summarise } from './panel-state.ts';

type RoomTableProps = { rooms: readonly RoomRow[]; onUnpair: (room: RoomRow) => void };

export const RoomTable = ({ rooms, onUnpair }: RoomTableProps) => (
  <div class="table-box">
    <table class="table table-rooms">
      <caption class="sr-only">Rooms</caption>
      <thead>
        <tr>
          <th scope="col">Room</th>
          <th scope="col" class="wide-only">
            Building, floor
          </th>
          <th scope="col" class="wide-only number">
            Seats
          </th>
          <th scope="col" class="wide-only">
            Address
          </th>
          <th scope="col" class="wide-only">
            Time zone
          </th>
          <th scope="col">Panel</th>
          <th scope="col" class="wide-only">
            Last read
          </th>
          <th scope="col" class="wide-only">
            Problem
          </th>
          <th scope="col" class="wide-only">
            <span class="sr-only">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rooms.map(room => (
          <Row key={room.id} room={room} onUnpair={onUnpair} />
        ))}
      </tbody>
    </table>
  </div>
);

function Row({ room, onUnpair }: { room: RoomRow; onUnpair: (room: RoomRow) => void }) {
  const { panel } = room;
  const place = placeOf(room);
  const { tone, word } = summarise(room);
  const seats = room.capacity === null ? null : count(room.capacity, { one: '# seat', other: '# seats' });
  const unpair = panel && (
    <Button look="quiet" onPress={() => onUnpair(room)} label={`Unpair the panel of ${room.name}`}>
      Unpair
    </Button>
  );
  return (
    <tr class={room.isMissing ? 'row-missing' : undefined}>
      <th scope="row">
        <Foreign text={room.name} />
        <div class="narrow-only row-more">
          {(place || seats) && <Foreign text={[place, seats].filter(Boolean).join(' · ')} />}
          <Address text={room.address} />
        </div>
      </th>
      <td class="wide-only place">{place ? <Foreign text={place} /> : <None />}</td>
      <td class="wide-only number">{room.capacity ?? <None />}</td>
      <td class="wide-only address">
        <Address text={room.address} />
      </td>
      <td class="wide-only">{room.zone}</td>
      <td>
        <div class="panel-cell">
          <State tone={tone}>{word}</State>
          <PanelDetail room={room} />
        </div>
        <div class="narrow-only row-more">
          {panel?.lastRead && (
            <span>
              Read <Ago at={panel.lastRead} />
            </span>
          )}
          <Problems room={room} />
          {unpair}
        </div>
      </td>
      <td class="wide-only">
        {panel?.lastRead ? <Ago at={panel.lastRead} /> : panel ? <span class="soft">never</span> : <None />}
      </td>
      <td class="wide-only problem">
        <Problems room={room} />
      </td>
      <td class="wide-only">{unpair}</td>
    </tr>
  );
}

/** Which machine it is, and for one that is away since when. */
function PanelDetail({ room: { panel } }: { room: RoomRow }) {
  if (!panel) return null;
  return (
    <div class="row-more">
      <Foreign text={panel.hostname} />
      {!panel.isOnline && panel.lastSeen && (
        <span>
          seen <Ago at={panel.lastSeen} />
        </span>
      )}
    </div>
  );
}

function Problems({ room }: { room: RoomRow }) {
  const { problems, notes } = summarise(room);
  if (problems.length + notes.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map(text => (
        <li key={text}>
          <Foreign text={text} />
        </li>
      ))}
      {notes.map(text => (
        <li key={text} class="soft">
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Breaks behind the @ rather than in the middle of a name. */
function Address({ text }: { text: string }) {
  const [local = '', domain = ''] = plainText(text).split(/@(?=[^@]*$)/);
  return (
    <bdi>
      {local}@<wbr />
      {domain}
    </bdi>
  );
}

const None = () => (
  <span class="soft" aria-hidden="true">
    –
  </span>
);
