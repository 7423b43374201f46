import { useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import { ZoneName } from '../../../../src/contract/values/time.ts';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { zoneOptions } from '../../parts/zones.ts';
import { useConsole } from '../../state/console.ts';

type ZoneDialogProps = { room: RoomRow; onClose: () => void; onSaved: () => void };

/** The one thing of a directory's room that is changed here. */
export function ZoneDialog({ room, onClose, onSaved }: ZoneDialogProps) {
  const { api, now } = useConsole();
  const [zone, setZone] = useState<string>(room.zone);
  const options = useMemo(zoneOptions, []);
  const { isBusy, failure, run } = useRequest();
  const save = (chosen: ZoneName | null) =>
    void run(() => api.editRoom(room.id, { source: 'directory', zone: chosen }), onSaved);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  return (
    <Dialog title="Time zone of the room" onClose={onClose} isBusy={isBusy}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault();
          save(v.parse(ZoneName, zone));
        }}
      >
        <div class="dialog-body">
          <Field
            label="Time zone"
            hint={`It is ${time.format(now.value)} there now. An import leaves a zone that was set here.`}
          >
            {ids => (
              <Combobox
                {...ids}
                name="zone"
                options={options}
                value={zone}
                onChange={setZone}
                listLabel="Time zones"
                nothing="No time zone fits."
                isInline
              />
            )}
          </Field>
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          {room.isZoneOwn && (
            <Button onPress={() => save(null)} isBusy={isBusy}>
              As the directory says
            </Button>
          )}
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
