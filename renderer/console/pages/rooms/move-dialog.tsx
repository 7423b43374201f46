import { useMemo, useState } from 'preact/hooks';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole, useResources } from '../../state/console.ts';
import type { PanelDialogProps } from './panel-dialogs.tsx';
import { panelName } from './panel-state.ts';
import { roomOptions } from './room-options.ts';
import { roomHref } from './table.tsx';

export function MoveDialog({ room, panel, onClose, onDone }: PanelDialogProps) {
  const { api, rooms } = useConsole();
  useResources(rooms);
  const [to, setTo] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useRequest();
  const known = rooms.value.value ?? [];
  const options = useMemo(() => roomOptions(known.filter(({ id }) => id !== room.id)), [known]);
  const target = known.find(({ id }) => id === to);

  function submit() {
    setAsked(true);
    if (!target || target.panel) return;
    void run(
      () => api.movePanel(panel.id, target.id),
      () =>
        onDone(
          <>
            The panel shows{' '}
            <a href={roomHref(target)}>
              <Foreign text={target.name} />
            </a>{' '}
            from now on.
          </>,
          true,
        ),
    );
  }
  return (
    <Dialog title={`Move ${plainText(panelName(panel))}`} onClose={onClose} isBusy={isBusy} isWide>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-body">
          <p>
            It leaves <Foreign text={room.name} /> and shows the other room within a second. Licence key and name stay
            with it.
          </p>
          <Field label="To room" error={isAsked && !target ? 'Choose the room it hangs at now' : undefined}>
            {ids => (
              <Combobox
                {...ids}
                name="room"
                options={options}
                value={to}
                onChange={setTo}
                placeholder="Search by name, floor or address"
                listLabel="Rooms"
                nothing={options.length === 0 ? 'There is no other room.' : 'No room fits.'}
                isInline
              />
            )}
          </Field>
          {target?.panel && (
            <Notice tone="warn" action={<a href={roomHref(target)}>Show the room</a>}>
              <Foreign text={target.name} /> has a panel already. Unpair that one first.
            </Notice>
          )}
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy} isDisabled={Boolean(target?.panel)}>
            Move
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
