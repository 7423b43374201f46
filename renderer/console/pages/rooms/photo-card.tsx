import { useState } from 'preact/hooks';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { PickFile } from '../../parts/pick-file.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { photoUrl } from '../../state/api.ts';
import { useConsole } from '../../state/console.ts';
import { scalePhoto } from './scale-photo.ts';

export function PhotoCard({ room }: { room: RoomRow }) {
  const { api, rooms } = useConsole();
  const { isBusy, failure, run, forget } = useRequest();
  const removal = useRequest();
  const [isUnreadable, setUnreadable] = useState(false);
  const [isScaling, setScaling] = useState(false);
  const [isRemoving, setRemoving] = useState(false);

  async function upload(file: File) {
    forget();
    setScaling(true);
    const scaled = await scalePhoto(file);
    setScaling(false);
    setUnreadable(scaled.kind === 'unreadable');
    if (scaled.kind === 'ok') await run(() => api.setPhoto(room.id, scaled.photo), rooms.refresh);
  }
  return (
    <section class="card room-card photo-card" aria-label="Picture">
      {room.photo === null ? (
        <div class="photo photo-none">
          <Icon name="picture" />
          <span class="soft">No picture yet</span>
        </div>
      ) : (
        <img class="photo" src={photoUrl(room.id, room.photo)} alt={`${plainText(room.name)}, as it looks`} />
      )}
      {isUnreadable && (
        <Notice tone="bad" isAnswer>
          The browser cannot read that file as a picture. Save it as JPEG or PNG, then choose it again.
        </Notice>
      )}
      {failure && <FailureNotice failure={failure} />}
      <div class="buttons">
        <PickFile
          accept="image/jpeg,image/png,image/webp,image/*"
          icon="upload"
          onFile={file => void upload(file)}
          isBusy={isBusy || isScaling}
        >
          {room.photo === null ? 'Add a picture' : 'Choose another'}
        </PickFile>
        {room.photo !== null && (
          <Button look="quiet" onPress={() => setRemoving(true)} label="Remove the picture">
            Remove
          </Button>
        )}
      </div>
      {isRemoving && (
        <Confirm
          title="Remove the picture?"
          verb="Remove"
          isBusy={removal.isBusy}
          failure={removal.failure && <FailureNotice failure={removal.failure} />}
          onConfirm={() =>
            void removal.run(
              () => api.deletePhoto(room.id),
              () => {
                setRemoving(false);
                rooms.refresh();
              },
            )
          }
          onClose={() => setRemoving(false)}
        >
          <p>The room is shown without a picture from then on.</p>
        </Confirm>
      )}
    </section>
  );
}
