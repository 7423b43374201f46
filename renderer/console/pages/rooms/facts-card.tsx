import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { None } from '../../parts/facts.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { hrefOfConnection } from '../server-settings/links.ts';
import { Address } from './address.tsx';
import { Equipment } from './table.tsx';
import { ZoneDialog } from './zone-dialog.tsx';

type FactsCardProps = { room: RoomRow; onSaid: (said: ComponentChildren) => void };

export function FactsCard({ room, onSaid }: FactsCardProps) {
  const { rooms } = useConsole();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <section class="card room-card" aria-labelledby="facts">
      <h2 id="facts">About the room</h2>
      <dl class="facts">
        <dt>Address</dt>
        <dd>
          <Address text={room.address} />
        </dd>
        <dt>Building</dt>
        <dd>{room.building ? <Foreign text={room.building} /> : <None />}</dd>
        <dt>Floor</dt>
        <dd>{room.floor ? <Foreign text={room.floor} /> : <None />}</dd>
        <dt>Seats</dt>
        <dd>{room.capacity ?? <None />}</dd>
        <dt>Equipment</dt>
        <dd>
          <Equipment names={room.equipment} />
        </dd>
        <dt>Time zone</dt>
        <dd>
          {room.zone}
          {room.source === 'directory' && (
            <div class="row-more">
              <span>{room.isZoneOwn ? 'Set here for this room' : 'As the directory or the server settings say'}</span>
              <span>
                <Button onPress={() => setChoosing(true)} label={`Change the time zone, now ${room.zone}`}>
                  Change
                </Button>
              </span>
            </div>
          )}
        </dd>
        <dt>Room lists</dt>
        <dd>
          {room.roomLists.length === 0 ? (
            <None />
          ) : (
            <ul>
              {room.roomLists.map(name => (
                <li key={name}>
                  <Foreign text={name} />
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>Server</dt>
        <dd>
          <a href={hrefOfConnection(room.connection.id)}>
            <Foreign text={room.connection.name} />
          </a>
        </dd>
        <dt>Comes from</dt>
        <dd>
          {room.source === 'hand'
            ? 'Added by hand; an import never changes it'
            : 'The directory; name, seats and equipment are changed there'}
        </dd>
      </dl>
      {isChoosing && (
        <ZoneDialog
          room={room}
          onClose={() => setChoosing(false)}
          onSaved={() => {
            setChoosing(false);
            onSaid('The time zone is saved. Its panel follows within a second.');
            rooms.refresh();
          }}
        />
      )}
    </section>
  );
}
