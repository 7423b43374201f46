import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PanelOfRoom, RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm, Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { panelName } from './panel-state.ts';

export type PanelDialogProps = {
  room: RoomRow;
  panel: PanelOfRoom;
  onClose: () => void;
  /** `panelLeft`: the room has no panel any more. */
  onDone: (said: ComponentChildren, panelLeft?: boolean) => void;
};

const LONGEST_NAME = 80;

export function RenameDialog({ panel, onClose, onDone }: PanelDialogProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const [name, setName] = useState(panel.name ?? '');
  const isTooLong = name.trim().length > LONGEST_NAME;
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('input')?.select(), []);
  return (
    <Dialog title="Rename the panel" onClose={onClose} isBusy={isBusy}>
      <form
        ref={form}
        noValidate
        onSubmit={event => {
          event.preventDefault();
          if (isTooLong) return;
          void run(
            () => api.renamePanel(panel.id, name.trim() === '' ? null : name.trim()),
            () => onDone('The panel is renamed.'),
          );
        }}
      >
        <div class="dialog-body">
          <TextField
            label="Name"
            name="name"
            value={name}
            onInput={setName}
            error={isTooLong ? `At most ${LONGEST_NAME} characters` : undefined}
            hint={
              <>
                Empty: it is listed by its host name, <Foreign text={panel.hostname} />.
              </>
            }
          />
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy} isDisabled={isTooLong}>
            Rename
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

export function RestartDialog({ panel, onClose, onDone }: PanelDialogProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Restart ${plainText(panelName(panel))}?`}
      verb="Restart"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() =>
        void run(
          () => api.restartPanel(panel.id),
          () => onDone(null),
        )
      }
      onClose={onClose}
    >
      <p>The glass is dark for some seconds. A booking that somebody is just making there may be lost.</p>
    </Confirm>
  );
}

export function UnpairDialog({ room, panel, onClose, onDone }: PanelDialogProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Unpair the panel of ${plainText(room.name)}?`}
      verb="Unpair"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() =>
        void run(
          () => api.unpair(panel.id),
          () =>
            onDone(
              <>
                The panel is unpaired and waits under <a href="#/free-macs">Free MACs</a> when it runs.
              </>,
              true,
            ),
        )
      }
      onClose={onClose}
    >
      <p>
        <Which panel={panel} /> leaves the room within a second, shows a new pairing code and waits under Free MACs. Its
        licence key becomes free.
        {panel.isConflict && ' This ends the identity conflict.'}
      </p>
    </Confirm>
  );
}

export function RevokePanelDialog({ room, panel, onClose, onDone }: PanelDialogProps) {
  const { api } = useConsole();
  const { isBusy, failure, run } = useRequest();
  return (
    <Confirm
      title={`Revoke the panel of ${plainText(room.name)}?`}
      verb="Revoke"
      isBusy={isBusy}
      failure={failure && <FailureNotice failure={failure} />}
      onConfirm={() =>
        void run(
          () => api.revokePanel(panel.id),
          () => onDone('The panel is revoked. Its licence key is free again.', true),
        )
      }
      onClose={onClose}
    >
      <p>
        <Which panel={panel} /> is cut off within a second: it loses the room and the access to the calendar, and
        central answers it no more. Its licence key becomes free.
      </p>
      <p>To hang up another one in its place, use Replace.</p>
    </Confirm>
  );
}

const Which = ({ panel }: { panel: PanelOfRoom }) => (
  <>
    <Foreign text={panelName(panel)} />
    {panel.mac && (
      <>
        {' '}
        (<code>{panel.mac}</code>)
      </>
    )}
  </>
);
