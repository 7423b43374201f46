import { useState } from 'preact/hooks';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';

type RejectDialogProps = { panel: WaitingPanel; onClose: () => void; onRejected: () => void };

export function RejectDialog({ panel, onClose, onRejected }: RejectDialogProps) {
  const { api } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function reject() {
    setBusy(true);
    const answer = await api.reject(panel.panel);
    setBusy(false);
    if (answer.kind === 'ok') onRejected();
    else setFailure(answer);
  }
  return (
    <Confirm
      title={`Reject ${plainText(panel.mac ?? panel.hostname)}?`}
      verb="Reject"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() => void reject()}
      onClose={onClose}
    >
      <p>The panel says that it was refused. Whoever stands in front of it can ask again, with a new code.</p>
    </Confirm>
  );
}
