import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { scopeKey } from '../../../../src/contract/values/policy-cascade.ts';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { hrefOfConnection } from '../server-settings/links.ts';
import { DeleteRoomDialog } from './delete-room-dialog.tsx';
import { FactsCard } from './facts-card.tsx';
import { FindingsCard } from './findings-card.tsx';
import { PanelCard } from './panel-card.tsx';
import { placeOf } from './panel-state.ts';
import { PhotoCard } from './photo-card.tsx';
import { EditRoomDialog } from './room-dialog.tsx';
import { seats } from './room-options.ts';
import { LargeUse } from './use-bar.tsx';

export const settingsHref = (room: Pick<RoomRow, 'id'>) =>
  `#/general-settings?scope=${encodeURIComponent(scopeKey({ kind: 'room', room: room.id }))}`;

/** Everything about one room, and what can be done to it and to its panel. */
export function RoomDetail({ room, onDeleted }: { room: RoomRow; onDeleted: () => void }) {
  const { rooms } = useConsole();
  const [asking, setAsking] = useState<'edit' | 'delete' | null>(null);
  /** What the last action came to. */
  const [said, setSaid] = useState<ComponentChildren>(null);
  const canDelete = room.panel === null && (room.source === 'hand' || room.isMissing);
  return (
    <div class="page room-page">
      <a class="back" href="#/rooms">
        <Icon name="back" />
        All rooms
      </a>
      <PageHead
        title={plainText(room.name)}
        action={
          <>
            <a class="button button-plain" href={settingsHref(room)}>
              <Icon name="sliders" />
              {room.hasOwnPolicy ? 'Its own settings' : 'Settings of this room'}
            </a>
            {room.source === 'hand' && <Button onPress={() => setAsking('edit')}>Edit</Button>}
            {canDelete && <Button onPress={() => setAsking('delete')}>Delete</Button>}
          </>
        }
      >
        <Foreign text={[placeOf(room), seats(room.capacity), room.address].filter(Boolean).join(' · ')} />
      </PageHead>
      {said && (
        <Notice tone="good" isAnswer>
          {said}
        </Notice>
      )}
      {room.isMissing && <Missing room={room} />}
      <div class="room-columns">
        <div class="room-main">
          <TodayCard room={room} />
          {room.findings > 0 && <FindingsCard room={room} />}
          <PanelCard room={room} onSaid={setSaid} />
        </div>
        <div class="room-side">
          <PhotoCard room={room} />
          <FactsCard room={room} onSaid={setSaid} />
        </div>
      </div>
      {asking === 'edit' && (
        <EditRoomDialog
          room={room}
          onClose={() => setAsking(null)}
          onSaved={() => {
            setAsking(null);
            setSaid('The room is saved.');
            rooms.refresh();
          }}
        />
      )}
      {asking === 'delete' && <DeleteRoomDialog room={room} onClose={() => setAsking(null)} onDeleted={onDeleted} />}
    </div>
  );
}

/** What a room that the directory lists no more means, and what mends it. Its panel's troubles stand with the panel. */
function Missing({ room }: { room: RoomRow }) {
  return (
    <Notice
      tone="warn"
      title="The directory did not list this room at the last import"
      action={<a href={hrefOfConnection(room.connection.id)}>Open Server Settings</a>}
    >
      {room.panel
        ? 'Nothing was deleted: the room keeps its settings, and its panel goes on as long as the calendar can be read. Was the room removed on purpose? Then unpair the panel and delete the room here. If not, check that the service account still sees it, and press Save Settings to import again.'
        : 'Nothing was deleted. Was the room removed on purpose? Then delete it here. If not, check that the service account still sees it, and press Save Settings to import again.'}
    </Notice>
  );
}

function TodayCard({ room }: { room: RoomRow }) {
  const { useOfRooms } = useConsole();
  const today = useOfRooms.value.value;
  const failure = useOfRooms.failure.value;
  const use = today?.rooms.find(each => each.room === room.id);
  return (
    <section class="card room-card" aria-labelledby="today">
      <div class="card-head">
        <h2 id="today">Today</h2>
        <span class="soft small">Times in {room.zone}</span>
      </div>
      {use && <LargeUse use={use} zone={room.zone} />}
      {!use && !today && !failure && (
        <p class="soft" role="status">
          Reading the calendar…
        </p>
      )}
      {!use && (today || failure) && (
        <p class="soft">The calendar of this room could not be read, so today's use is not known.</p>
      )}
    </section>
  );
}
