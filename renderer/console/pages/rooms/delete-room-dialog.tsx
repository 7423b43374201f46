import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';

type DeleteRoomDialogProps = { room: RoomRow; onClose: () => void; onDeleted: () => void };

export function DeleteRoomDialog({ room, onClose, onDeleted }: DeleteRoomDialogProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Delete ${plainText(room.name)}?`}
      verb="Delete"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void run(() => api.deleteRoom(room.id), onDeleted)}
      onClose={onClose}
    >
      <p>
        Central forgets the room, its picture and its own settings. The calendar itself is not touched.
        {room.source === 'directory' && ' Should the directory list it again, the next import brings it back.'}
      </p>
    </Confirm>
  );
}
