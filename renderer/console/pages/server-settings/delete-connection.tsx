import type { ConnectionRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { focusHeading } from '../../parts/page-head.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { rooms } from '../../words.ts';
import { withFields } from './draft.ts';

type DeleteConnectionProps = {
  row: Pick<ConnectionRow, 'id' | 'name' | 'rooms'>;
  onClose: () => void;
  onDeleted?: () => void;
};

export function DeleteConnection({ row, onClose, onDeleted }: DeleteConnectionProps) {
  const { api, connections, overview, rooms: roomList, draft } = useConsole();
  const request = useRequest();
  function deleted() {
    draft.value = withFields(draft.value, row.id, null);
    const known = connections.value.value;
    if (known) connections.value.value = known.filter(({ id }) => id !== row.id);
    connections.refresh();
    overview.refresh();
    roomList.refresh();
    onClose();
    onDeleted?.();
    // The row is gone, and with it what opened this; the dialog lets go of the focus first.
    requestAnimationFrame(focusHeading);
  }
  return (
    <Confirm
      title={`Delete ${plainText(row.name)}?`}
      verb="Delete connection"
      isBusy={request.isBusy}
      failure={request.failure && <FailureNotice failure={request.failure} />}
      onConfirm={() => void request.run(() => api.deleteConnection(row.id), deleted)}
      onClose={onClose}
    >
      <p>
        Its settings{row.rooms > 0 ? `, its access token and its ${rooms(row.rooms)}` : ' and access token'} are deleted
        from central. Nothing is changed in the calendars.
      </p>
      <p>While a panel shows one of its rooms, central refuses: move or unpair those panels first.</p>
    </Confirm>
  );
}
