import { useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import { Approval, type WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole, useResources } from '../../state/console.ts';
import { roomOptions } from '../rooms/room-options.ts';
import { roomHref } from '../rooms/table.tsx';
import { validCode } from './code.ts';
import { Compare } from './compare.tsx';
import { labelOf } from './waiting.ts';

type ApproveDialogProps = {
  /** Null once it waits no more: somebody else approved it, or it went away. */
  panel: WaitingPanel | null;
  onClose: () => void;
  onApproved: (room: string) => void;
};

export function ApproveDialog({ panel, onClose, onApproved }: ApproveDialogProps) {
  const { api, rooms, licenceKeys, now } = useConsole();
  useResources(rooms, licenceKeys);
  const [roomId, setRoomId] = useState<string | null>(panel?.registration?.room.id ?? null);
  const [keyId, setKeyId] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useRequest();
  const isRegistered = Boolean(panel?.registration);
  const known = rooms.value.value;
  const freeKeys = licenceKeys.value.value?.filter(key => key.state === 'free');
  const options = useMemo(() => roomOptions(known ?? []), [known]);
  const room = known?.find(candidate => candidate.id === roomId);
  const code = panel && validCode(panel, now.value);
  const hasKey = freeKeys?.length !== 0 || isRegistered;
  const canApprove = Boolean(code) && known !== null && known.length > 0 && hasKey && !room?.panel;

  function submit() {
    setAsked(true);
    // The code that stands on the page now is the one that was compared: central turns down any other.
    const approval = v.safeParse(Approval, { room: roomId ?? '', licenceKeyId: keyId === '' ? null : keyId, code });
    if (!panel || !room || !approval.success) return;
    void run(
      () => api.approve(panel.panel, approval.output),
      () => onApproved(room.name),
    );
  }

  return (
    <Dialog title={panel ? `Approve ${plainText(labelOf(panel))}` : 'Approve'} onClose={onClose} isBusy={isBusy} isWide>
      <form
        class="dialog-form"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-body">
          {panel && code ? (
            <Compare code={code} words={panel.words} verb="Approve" />
          ) : (
            <Notice tone="warn" isAnswer>
              {panel ? 'Its code ran out. Ask for a new one on the panel.' : 'This panel waits no more.'}
            </Notice>
          )}
          {!known && rooms.failure.value && <Loading failure={rooms.failure.value} onRetry={rooms.refresh} />}
          {/* Also there while the rooms are read: it has the focus, and one may type already. */}
          <Field label="Room" error={isAsked && !room ? 'Choose the room this panel hangs at' : undefined}>
            {ids => (
              <Combobox
                {...ids}
                name="room"
                options={options}
                value={roomId}
                onChange={setRoomId}
                placeholder="Search by name, floor or address"
                listLabel="Rooms"
                nothing={
                  known ? (known.length === 0 ? 'There are no rooms yet.' : 'No room fits.') : 'Reading the rooms…'
                }
                isInline
              />
            )}
          </Field>
          {known?.length === 0 && (
            <Notice tone="warn" action={<a href="#/server-settings">Open Server Settings</a>}>
              Import your rooms first.
            </Notice>
          )}
          {room?.panel && (
            <Notice tone="warn" action={<a href={roomHref(room)}>Show the room</a>}>
              <Foreign text={room.name} /> has a panel already. Unpair that one first.
            </Notice>
          )}
          <Field label="Licence key">
            {({ id }) => (
              <select
                id={id}
                name="licenceKeyId"
                class="input"
                value={keyId}
                onChange={event => setKeyId(event.currentTarget.value)}
              >
                <option value="">
                  {isRegistered ? 'The registered one, or any free one' : 'Any free one'}
                  {freeKeys ? ` (${freeKeys.length} left)` : ''}
                </option>
                {freeKeys?.map(key => (
                  <option key={key.id} value={key.id}>
                    {plainText([key.hint, key.note, key.room && `kept for ${key.room}`].filter(Boolean).join(' · '))}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {!hasKey && (
            <Notice tone="warn" action={<a href="#/licence-keys">Create keys</a>}>
              No licence key is free.
            </Notice>
          )}
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy} isDisabled={!canApprove}>
            Approve
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
