import { useMemo, useRef, useState } from 'preact/hooks';
import { DEFAULT_CONNECTION, type RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole, useResources } from '../../state/console.ts';
import type { Answer } from '../../state/http.ts';
import { draftOf, newDraft, parseRoom, type RoomDraft } from './room-draft.ts';
import { RoomFields } from './room-fields.tsx';

export function NewRoomDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (room: RoomRow) => void }) {
  const { api, connections, zone } = useConsole();
  useResources(connections);
  const start = useMemo(() => newDraft(DEFAULT_CONNECTION, zone), []);
  const servers = connections.value.value ?? [];
  return (
    <RoomForm title="Add a room" verb="Add" start={start} servers={servers} onClose={onClose} onSaved={onAdded}>
      {draft => api.addRoom(draft)}
    </RoomForm>
  );
}

type EditRoomDialogProps = { room: RoomRow; onClose: () => void; onSaved: () => void };

/** Its address and server stay: they are what the room is. */
export function EditRoomDialog({ room, onClose, onSaved }: EditRoomDialogProps) {
  const { api } = useConsole();
  const start = useMemo(() => draftOf(room), []);
  return (
    <RoomForm title={`Edit ${plainText(room.name)}`} verb="Save" start={start} onClose={onClose} onSaved={onSaved}>
      {({ connection: _, address: __, ...place }) => api.editRoom(room.id, { source: 'hand', ...place })}
    </RoomForm>
  );
}

type Parsed = Extract<ReturnType<typeof parseRoom>, { kind: 'ok' }>['room'];
type RoomFormProps = {
  title: string;
  verb: string;
  start: RoomDraft;
  /** Where it may belong to; absent: that is settled. */
  servers?: readonly { id: string; name: string }[];
  children: (room: Parsed) => Promise<Answer<RoomRow>>;
  onClose: () => void;
  onSaved: (room: RoomRow) => void;
};

function RoomForm({ title, verb, start, servers, children: send, onClose, onSaved }: RoomFormProps) {
  const [draft, setDraft] = useState(start);
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useRequest();
  const form = useRef<HTMLFormElement>(null);
  const parsed = parseRoom(draft);

  function submit() {
    setAsked(true);
    if (parsed.kind === 'ok') return void run(() => send(parsed.room), onSaved);
    const first = Object.keys(draft).find(name => name in parsed.errors);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }
  return (
    <Dialog title={title} onClose={onClose} isBusy={isBusy} isWide>
      <form
        ref={form}
        noValidate
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-body">
          <RoomFields
            draft={draft}
            errors={isAsked && parsed.kind === 'wrong' ? parsed.errors : {}}
            servers={servers ?? null}
            onChange={change => setDraft({ ...draft, ...change })}
          />
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {verb}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
