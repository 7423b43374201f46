import { useState } from 'preact/hooks';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';

type UnpairDialogProps = { room: RoomRow; onClose: () => void; onUnpaired: () => void };

export function UnpairDialog({ room, onClose, onUnpaired }: UnpairDialogProps) {
  const { api } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { panel } = room;
  if (!panel) return null;

  async function unpair(id: NonNullable<RoomRow['panel']>['id']) {
    setBusy(true);
    const answer = await api.unpair(id);
    setBusy(false);
    if (answer.kind === 'ok') onUnpaired();
    else setFailure(answer);
  }
  return (
    <Confirm
      title={`Unpair the panel of ${plainText(room.name)}?`}
      verb="Unpair"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void unpair(panel.id)}
      onClose={onClose}
    >
      <p>
        <Foreign text={panel.hostname} />
        {panel.mac && (
          <>
            {' '}
            (<code>{panel.mac}</code>)
          </>
        )}{' '}
        leaves the room within a second, shows a new pairing code and waits under Free MACs. Its licence key becomes
        free.
        {panel.isConflict && ' This ends the identity conflict.'}
      </p>
    </Confirm>
  );
}
