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
        Central forgets the sign-in, and the panels of this connection lose their access within a second. They go on
        showing the day they last knew, marked as old, and can book nothing until somebody gets a new token.
      </p>
    </Confirm>
  );
}
