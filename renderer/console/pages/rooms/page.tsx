import { useEffect, useState } from 'preact/hooks';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Filter, type Tab } from '../../parts/filter.tsx';
import { Notice } from '../../parts/notice.tsx';
import { matches } from '../../parts/options.ts';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { needsAttention } from './panel-state.ts';
import { RoomTable } from './table.tsx';
import { UnpairDialog } from './unpair-dialog.tsx';

type Show = 'all' | 'attention' | 'no-panel';

export function RoomsPage({ find }: { find: string }) {
  const { rooms, overview } = useConsole();
  useResources(rooms);
  const [unpairing, setUnpairing] = useState<RoomRow | null>(null);
  const [unpaired, setUnpaired] = useState<string | null>(null);
  const known = rooms.value.value;
  const conflicts = known?.filter(room => room.panel?.isConflict) ?? [];
  return (
    <div class="page">
      <PageHead title="Rooms">Imported from your directory whenever the server settings are saved.</PageHead>
      {unpaired && (
        <Notice tone="good" action={<a href="#/free-macs">Show Free MACs</a>} isAnswer>
          The panel of <Foreign text={unpaired} /> is unpaired and waits under Free MACs when it runs.
        </Notice>
      )}
      {conflicts.map(room => (
        <Notice
          key={room.id}
          tone="bad"
          title={
            <>
              <Foreign text={room.name} />: two machines use the identity of its panel
            </>
          }
          action={
            <Button
              onPress={() => setUnpairing(room)}
              label={`Unpair the panel of ${room.name} to end its identity conflict`}
            >
              Unpair
            </Button>
          }
        >
          A disk or its data was copied, so central believes neither. Take the copy off the network, then unpair: the
          panel starts anew and waits under Free MACs.
        </Notice>
      ))}
      {!known && <Loading failure={rooms.failure.value} onRetry={rooms.refresh} />}
      {known?.length === 0 && <NoRooms isConnected={overview.value.value?.serverSettings === 'ok'} />}
      {known && known.length > 0 && <RoomList rooms={known} find={find} onUnpair={setUnpairing} />}
      {unpairing && (
        <UnpairDialog
          room={unpairing}
          onClose={() => setUnpairing(null)}
          onUnpaired={() => {
            setUnpaired(unpairing.name);
            setUnpairing(null);
            rooms.refresh();
            overview.refresh();
          }}
        />
      )}
    </div>
  );
}

type RoomListProps = { rooms: RoomRow[]; find: string; onUnpair: (room: RoomRow) => void };

function RoomList({ rooms, find, onUnpair }: RoomListProps) {
  const [typed, setTyped] = useState(find);
  const [show, setShow] = useState<Show>('all');
  useEffect(() => setTyped(find), [find]);
  const tabs: Tab<Show>[] = [
    { value: 'all', label: 'All', count: rooms.length },
    { value: 'attention', label: 'Needs attention', count: rooms.filter(needsAttention).length },
    { value: 'no-panel', label: 'No panel', count: rooms.filter(room => !room.panel).length },
  ];
  const shown = rooms
    .filter(room => show === 'all' || (show === 'attention' ? needsAttention(room) : !room.panel))
    .filter(({ name, address, building, floor, panel }) =>
      matches(typed, name, address, building, floor, panel?.hostname ?? null, panel?.mac ?? null),
    )
    .sort(byName);
  return (
    <>
      <Filter label="Find a room" name="find" typed={typed} onType={setTyped} tabs={tabs} tab={show} onTab={setShow} />
      {shown.length > 0 ? (
        <RoomTable rooms={shown} onUnpair={onUnpair} />
      ) : (
        <p class="nothing" role="status">
          {typed === '' && show === 'attention' ? 'Every room is well.' : 'No room fits.'}
        </p>
      )}
    </>
  );
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const byName = (a: RoomRow, b: RoomRow) => collator.compare(a.name, b.name);

const NoRooms = ({ isConnected }: { isConnected: boolean }) => (
  <EmptyState
    icon="rooms"
    title="No rooms yet"
    action={
      <a class="button button-primary" href="#/server-settings">
        Open Server Settings
      </a>
    }
  >
    {isConnected ? (
      <p>Central is connected, but no rooms were imported. Press Save Settings to import them.</p>
    ) : (
      <p>Connect central to your calendars and get an access token. Your rooms are imported as soon as you save.</p>
    )}
  </EmptyState>
);
