import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { labelOf } from './waiting.ts';

type AskProps = { panel: WaitingPanel; onClose: () => void; onDone: () => void };

export function RejectDialog({ panel, onClose, onDone }: AskProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Reject ${plainText(labelOf(panel))}?`}
      verb="Reject"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void run(() => api.reject(panel.panel), onDone)}
      onClose={onClose}
    >
      <p>The panel says that it was refused. Whoever stands in front of it can ask again, with a new code.</p>
    </Confirm>
  );
}

export function LetInDialog({ panel, onClose, onDone }: AskProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Let ${plainText(labelOf(panel))} in again?`}
      verb="Let it in again"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void run(() => api.unpair(panel.panel), onDone)}
      onClose={onClose}
    >
      <p>
        The panel waits again, like a new one. When it is running, it shows a new code within five minutes: compare it,
        then approve it.
      </p>
    </Confirm>
  );
}

export function EndConflictDialog({ panel, onClose, onDone }: AskProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`End the conflict of ${plainText(labelOf(panel))}?`}
      verb="End the conflict"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void run(() => api.unpair(panel.panel), onDone)}
      onClose={onClose}
    >
      <p>
        Take the copied machine off the network first, or the conflict comes back. The panel then starts anew with a new
        code.
      </p>
    </Confirm>
  );
}
