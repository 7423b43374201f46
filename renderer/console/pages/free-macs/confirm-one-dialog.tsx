import { useState } from 'preact/hooks';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { validCode } from './code.ts';
import { Compare } from './compare.tsx';
import { labelOf } from './waiting.ts';

type ConfirmOneDialogProps = {
  /** Null once it waits no more. */
  panel: WaitingPanel | null;
  onClose: () => void;
  onPaired: (room: string) => void;
};

/** A panel whose MAC was registered: the room is known, a person still holds code and words against the glass. */
export function ConfirmOneDialog({ panel, onClose, onPaired }: ConfirmOneDialogProps) {
  const { api, now } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const [refusal, setRefusal] = useState<string | null>(null);
  const code = panel && validCode(panel, now.value);
  const room = panel?.registration?.room.name ?? '';

  function confirm() {
    if (!panel || !code) return;
    setRefusal(null);
    void run(
      () => api.confirmPanels([{ panel: panel.panel, code }]),
      ({ refused }) => {
        const [first] = refused;
        if (first) setRefusal(first.message);
        else onPaired(room);
      },
    );
  }
  return (
    <Dialog title={panel ? `Confirm ${plainText(labelOf(panel))}` : 'Confirm'} onClose={onClose} isBusy={isBusy} isWide>
      <div class="dialog-body">
        {panel && code ? (
          <>
            <p>
              It was registered for{' '}
              <strong>
                <Foreign text={room} />
              </strong>
              .
            </p>
            <Compare code={code} words={panel.words} verb="Confirm" />
          </>
        ) : (
          <Notice tone="warn" isAnswer>
            {panel ? 'Its code ran out. Ask for a new one on the panel.' : 'This panel waits no more.'}
          </Notice>
        )}
        {refusal !== null && (
          <Notice tone="bad" isAnswer>
            <Foreign text={refusal} />
          </Notice>
        )}
        {failure && <FailureNotice failure={failure} />}
      </div>
      <footer class="dialog-foot">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" isBusy={isBusy} isDisabled={!code} onPress={confirm}>
          Confirm
        </Button>
      </footer>
    </Dialog>
  );
}
