import { useEffect, useRef, useState } from 'preact/hooks';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page-head.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole, useResources } from '../../state/console.ts';
import { groupCode, validCode } from '../free-macs/code.ts';
import { Compare } from '../free-macs/compare.tsx';
import type { PanelDialogProps } from './panel-dialogs.tsx';

export function ReplaceDialog({ room, panel, onClose, onDone }: PanelDialogProps) {
  const { api, freeMacs, now } = useConsole();
  useResources(freeMacs);
  const [by, setBy] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useRequest();
  const waiting = freeMacs.value.value?.filter(
    each => !each.isRejected && !each.isRevoked && !each.isConflict && validCode(each, now.value) !== null,
  );
  const chosen = waiting?.find(each => each.panel === by);
  const code = chosen && validCode(chosen, now.value);
  const form = useRef<HTMLFormElement>(null);
  const hasChoice = waiting !== undefined && waiting.length > 0;
  // They come after the dialog has opened: whoever types or presses Enter then means the box.
  useEffect(() => {
    if (hasChoice) form.current?.querySelector<HTMLElement>('[role=combobox]')?.focus();
  }, [hasChoice]);
  const options = (waiting ?? []).map(each => ({
    value: each.panel,
    label: groupCode(each.code ?? ''),
    detail: [each.words.join(' '), each.mac, each.hostname].filter(Boolean).join(' · '),
  }));

  function submit() {
    setAsked(true);
    if (!chosen || !code) return;
    void run(
      () => api.replacePanel(panel.id, chosen.panel, code),
      () => onDone('The new panel has taken over. The old one is revoked.'),
    );
  }
  return (
    <Dialog title={`Replace the panel of ${plainText(room.name)}`} onClose={onClose} isBusy={isBusy} isWide>
      <form
        ref={form}
        noValidate
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-body">
          <p>
            Hang up the new panel and switch it on; it shows a code. It takes over room, licence key, name and settings,
            and the old one is revoked, all at once.
          </p>
          {!waiting && <Loading failure={freeMacs.failure.value} onRetry={freeMacs.refresh} />}
          {waiting?.length === 0 && (
            <Notice tone="info" isAnswer>
              No panel waits with a valid code. It appears here by itself as soon as one does.
            </Notice>
          )}
          {hasChoice && (
            <Field label="New panel" error={isAsked && !chosen ? 'Choose the panel that takes over' : undefined}>
              {ids => (
                <Combobox
                  {...ids}
                  name="panel"
                  options={options}
                  value={by}
                  onChange={setBy}
                  placeholder="Search by code, words or MAC"
                  listLabel="Panels that wait"
                  nothing="No panel fits."
                  isInline
                />
              )}
            </Field>
          )}
          {chosen && code && <Compare code={code} words={chosen.words} verb="Replace" />}
          {by && !chosen && (
            <Notice tone="warn" isAnswer>
              That panel waits no more, or its code ran out. Ask for a new one on the panel.
            </Notice>
          )}
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy} isDisabled={!hasChoice}>
            Replace
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
