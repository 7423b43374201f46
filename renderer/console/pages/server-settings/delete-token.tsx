import type { TokenStatus } from '../../../../src/contract/wire/console.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';

type DeleteTokenProps = { connection: string; onDeleted: (token: TokenStatus) => void; onClose: () => void };

export function DeleteToken({ connection, onDeleted, onClose }: DeleteTokenProps) {
  const { api } = useConsole();
  const request = useRequest();
  return (
    <Confirm
      title="Delete the access token?"
      verb="Delete Access Token"
      isBusy={request.isBusy}
      failure={request.failure && <FailureNotice failure={request.failure} />}
      onConfirm={() => void request.run(() => api.deleteAccessToken(connection), onDeleted)}
      onClose={onClose}
    >
      <p>
        Central forgets it, and the panels of this connection lose their access within a second. Panels keep showing
        what they know and say how old it is; bookings wait until there is a token again.
      </p>
    </Confirm>
  );
}
