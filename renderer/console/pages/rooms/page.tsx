import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { minutes } from '../../../../src/contract/values/time.ts';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Notice } from '../../parts/notice.tsx';
import { focusHeading, Loading, PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { RoomDetail } from './detail.tsx';
import { type ListView, RoomList, STEP } from './list.tsx';
import { NewRoomDialog } from './room-dialog.tsx';
import { NO_FILTER } from './room-filter.ts';
import { roomHref } from './table.tsx';

/** Meetings are booked all day; asking the provider for every room more often would be too much. */
const USE_EVERY = minutes(5);

export function RoomsPage({ find, room: roomId }: { find: string; room: string | null }) {
  const { rooms, useOfRooms, clock } = useConsole();
  useResources(rooms, useOfRooms);
  const [view, setView] = useState<ListView>({ filter: { ...NO_FILTER, typed: find }, limit: STEP });
  /** What was deleted, said above the list. */
  const [deleted, setDeleted] = useState<string | null>(null);
  const known = rooms.value.value;
  const room = known?.find(({ id }) => id === roomId);
  useEffect(() => {
    if (find !== '') setView({ filter: { ...NO_FILTER, typed: find }, limit: STEP });
  }, [find]);
  useEffect(() => {
    let stop = clock.after(USE_EVERY, again);
    function again() {
      useOfRooms.refresh();
      stop = clock.after(USE_EVERY, again);
    }
    return () => stop();
  }, []);
  useEffect(() => {
    if (room) setDeleted(null);
  }, [roomId]);
  useReturn(roomId);
  if (roomId !== null && room) {
    return (
      <RoomDetail
        key={room.id}
        room={room}
        onDeleted={() => {
          setDeleted(room.name);
          rooms.value.value = (known ?? []).filter(({ id }) => id !== room.id);
          rooms.refresh();
          window.location.hash = '#/rooms';
        }}
      />
    );
  }
  return (
    <ListPage
      known={known}
      isGone={roomId !== null && known !== null && deleted === null}
      deleted={deleted}
      view={view}
      onView={setView}
    />
  );
}

type ListPageProps = {
  known: RoomRow[] | null;
  /** The address names a room that is no longer there. */
  isGone: boolean;
  deleted: string | null;
  view: ListView;
  onView: (view: ListView) => void;
};

function ListPage({ known, isGone, deleted, view, onView }: ListPageProps) {
  const { rooms, useOfRooms, overview } = useConsole();
  const [isAdding, setAdding] = useState(false);
  const conflicts = known?.filter(room => room.panel?.isConflict) ?? [];
  const isUseRead = useOfRooms.value.value !== null || useOfRooms.failure.value !== null;
  return (
    <div class="page">
      <PageHead
        title="Rooms"
        action={
          known && (
            <Button icon="plus" onPress={() => setAdding(true)}>
              Add a room
            </Button>
          )
        }
      >
        Imported from your directory whenever the server settings are saved.
      </PageHead>
      {isGone && (
        <Notice tone="info" isAnswer>
          That room is no longer there.
        </Notice>
      )}
      {deleted && (
        <Notice tone="good" isAnswer>
          <Foreign text={deleted} /> is deleted.
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
          action={<a href={roomHref(room)}>Show how to end it</a>}
        >
          A disk or its data was copied, so central believes neither of them.
        </Notice>
      ))}
      {!known && <Loading failure={rooms.failure.value} onRetry={rooms.refresh} />}
      {known?.length === 0 && <NoRooms isConnected={overview.value.value?.serverSettings === 'ok'} />}
      {known && known.length > 0 && (
        <>
          {useOfRooms.failure.value && (
            <p class="soft small" role="status">
              Today's use could not be read. It is tried again every few minutes.
            </p>
          )}
          <RoomList rooms={known} use={useOfRooms.value.value} isUseRead={isUseRead} view={view} onView={onView} />
        </>
      )}
      {isAdding && (
        <NewRoomDialog
          onClose={() => setAdding(false)}
          onAdded={room => {
            setAdding(false);
            rooms.value.value = [...(rooms.value.value ?? []), room];
            rooms.refresh();
            window.location.hash = roomHref(room);
          }}
        />
      )}
    </div>
  );
}

/** Into a room and back again: the heading gets the focus, and on the way back the row one came from. */
function useReturn(roomId: string | null) {
  const last = useRef(roomId);
  useLayoutEffect(() => {
    const from = last.current;
    last.current = roomId;
    if (from === roomId) return;
    if (roomId === null && from !== null) {
      const row = document.querySelector<HTMLElement>(`tr[data-room="${CSS.escape(from)}"] .room-link`);
      if (row) {
        row.focus({ preventScroll: true });
        row.scrollIntoView({ block: 'center' });
        return;
      }
    }
    window.scrollTo(0, 0);
    focusHeading();
  }, [roomId]);
}

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
      <p>Central is connected, but no rooms were imported. Press Save Settings to import them, or add rooms by hand.</p>
    ) : (
      <p>
        Connect central to your calendars and get an access token. Your rooms are imported as soon as you save. Where a
        directory gives no list, add rooms by hand.
      </p>
    )}
  </EmptyState>
);
