import { useMemo } from 'preact/hooks';
import { plainText } from '../../../ui/plain-text.ts';
import { Combobox } from '../../parts/combobox.tsx';
import { Field, TextField } from '../../parts/field.tsx';
import { zoneOptions } from '../../parts/zones.ts';
import type { RoomDraft, RoomErrors } from './room-draft.ts';

type RoomFieldsProps = {
  draft: RoomDraft;
  errors: RoomErrors;
  /** Null: server and address are settled. */
  servers: readonly { id: string; name: string }[] | null;
  onChange: (change: Partial<RoomDraft>) => void;
};

export function RoomFields({ draft, errors, servers, onChange }: RoomFieldsProps) {
  const zones = useMemo(zoneOptions, []);
  const text = (name: Exclude<keyof RoomDraft, 'connection' | 'zone'>) => ({
    name,
    value: draft[name],
    error: errors[name],
    onInput: (value: string) => onChange({ [name]: value }),
  });
  return (
    <>
      <TextField {...text('name')} label="Name" placeholder="As people call it" />
      {servers && (
        <TextField
          {...text('address')}
          label="Calendar's address"
          placeholder="room-1@example.com"
          hint="The e-mail address of the room's mailbox."
        />
      )}
      {servers && servers.length > 1 && (
        <Field label="Server" error={errors.connection}>
          {({ id }) => (
            <select
              id={id}
              name="connection"
              class="input"
              value={draft.connection}
              onChange={event => onChange({ connection: event.currentTarget.value })}
            >
              {servers.map(server => (
                <option key={server.id} value={server.id}>
                  {plainText(server.name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label="Time zone" error={errors.zone}>
        {ids => (
          <Combobox
            {...ids}
            name="zone"
            options={zones}
            value={draft.zone}
            onChange={zone => onChange({ zone })}
            listLabel="Time zones"
            nothing="No time zone fits."
          />
        )}
      </Field>
      <div class="room-three">
        <TextField {...text('building')} label="Building" isOptional />
        <TextField {...text('floor')} label="Floor" isOptional />
        <TextField {...text('capacity')} label="Seats" isOptional />
      </div>
      <TextField
        {...text('equipment')}
        label="Equipment"
        placeholder="Screen, Camera, Whiteboard"
        hint="Separated by commas."
        isOptional
      />
    </>
  );
}
