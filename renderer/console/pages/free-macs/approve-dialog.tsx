import { useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import { Approval, type RoomRow, type WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import type { Option } from '../../parts/options.ts';
import { Loading } from '../../parts/page-head.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { count } from '../../words.ts';
import { placeOf } from '../rooms/panel-state.ts';
import { groupCode, validCode } from './code.ts';
import { Words } from './panel-card.tsx';

type ApproveDialogProps = {
  /** Null once it waits no more: somebody else approved it, or it went away. */
  panel: WaitingPanel | null;
  onClose: () => void;
  onApproved: (room: string) => void;
};

export function ApproveDialog({ panel, onClose, onApproved }: ApproveDialogProps) {
  const { api, rooms, licenceKeys, now } = useConsole();
  useResources(rooms, licenceKeys);
  const [roomId, setRoomId] = useState<string | null>(null);
  const [keyId, setKeyId] = useState('');
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const known = rooms.value.value;
  const freeKeys = licenceKeys.value.value?.filter(key => key.state === 'free');
  const options = useMemo(() => roomOptions(known ?? []), [known]);
  const room = known?.find(candidate => candidate.id === roomId);
  const code = panel && validCode(panel, now.value);
  const canApprove = code !== null && known !== null && known.length > 0 && freeKeys?.length !== 0 && !room?.panel;

  async function submit() {
    setAsked(true);
    const approval = v.safeParse(Approval, { room: roomId ?? '', licenceKeyId: keyId === '' ? null : keyId });
    if (!panel || !room || !approval.success || isBusy) return;
    setBusy(true);
    setFailure(null);
    const answer = await api.approve(panel.panel, approval.output);
    setBusy(false);
    if (answer.kind === 'ok') onApproved(room.name);
    else setFailure(answer);
  }

  return (
    <Dialog
      title={panel ? `Approve ${plainText(panel.mac ?? panel.hostname)}` : 'Approve'}
      onClose={onClose}
      isBusy={isBusy}
      isWide
    >
      <form
        class="dialog-form"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="dialog-body">
          {panel && code ? (
            <div class="compare">
              <div>
                <p class="soft small">Code</p>
                <p class="code">{groupCode(code)}</p>
              </div>
              <div>
                <p class="soft small">The words on the panel read</p>
                <Words words={panel.words} />
              </div>
              <p class="small">Approve only if both match. If the words differ, somebody is in between.</p>
            </div>
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
            <Notice tone="warn" action={<a href={`#/rooms?find=${encodeURIComponent(room.name)}`}>Show the room</a>}>
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
                <option value="">Any free one{freeKeys ? ` (${freeKeys.length} left)` : ''}</option>
                {freeKeys?.map(key => (
                  <option key={key.id} value={key.id}>
                    {plainText([key.hint, key.note].filter(Boolean).join(' · '))}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {freeKeys?.length === 0 && (
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

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Rooms that still want a panel come first; by name within both. Vanished rooms are not offered. */
function roomOptions(rooms: readonly RoomRow[]): Option[] {
  const names = rooms.map(({ name }) => name);
  return rooms
    .filter(room => !room.isMissing)
    .sort((a, b) => Number(a.panel !== null) - Number(b.panel !== null) || collator.compare(a.name, b.name))
    .map(room => {
      const isNameTwice = names.indexOf(room.name) !== names.lastIndexOf(room.name);
      return {
        value: room.id,
        label: room.name,
        detail: detailOf(room, isNameTwice ? room.address : null),
        keywords: room.address,
      };
    });
}

function detailOf(room: RoomRow, address: string | null): string {
  const seats = room.capacity === null ? null : count(room.capacity, { one: '# seat', other: '# seats' });
  return [room.panel ? 'has a panel' : null, placeOf(room), seats, address].filter(Boolean).join(' · ');
}
