import type { LicenceKeyRow } from '../../../../src/contract/wire/console.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';

type RevokeDialogProps = { row: LicenceKeyRow; onClose: () => void; onRevoked: () => void };

export function RevokeDialog({ row, onClose, onRevoked }: RevokeDialogProps) {
  const { api, licenceKeys, licence, overview } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const revoke = () =>
    run(
      () => api.revokeLicenceKey(row.id),
      revoked => {
        const known = licenceKeys.value.value ?? [];
        licenceKeys.value.value = known.map(other => (other.id === revoked.id ? revoked : other));
        licence.refresh();
        overview.refresh();
        onRevoked();
      },
    );
  return (
    <Confirm
      title={`Revoke the key ${row.hint}?`}
      verb="Revoke"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      {row.panel && (
        <p>
          The panel{' '}
          {row.room ? (
            <>
              of <Foreign text={row.room} />{' '}
            </>
          ) : (
            ''
          )}
          was paired under it: it loses the room within a second.
        </p>
      )}
      {!row.panel && row.room && (
        <p>
          It is registered for <Foreign text={row.room} />: the panel meant for it needs another key.
        </p>
      )}
      {!row.panel && !row.room && <p>No panel can be paired under it any more.</p>}
      <p>A revoked key never becomes valid again. Its seat is free for a new key.</p>
    </Confirm>
  );
}
