/** Name, server type, cloud and time zone of a connection. */
import { CLOUDS } from '../../../../src/contract/values/clouds.ts';
import type { ServerType } from '../../../../src/contract/wire/console.ts';
import { Field, TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { cloudBehind } from './addresses.ts';
import { type FormPartProps, textOf } from './form-part.ts';
import { isInstalled, SERVER_TYPES } from './kinds.ts';
import { ZoneField } from './zone-field.tsx';

const TYPES = Object.keys(SERVER_TYPES).filter((name): name is ServerType => Object.hasOwn(SERVER_TYPES, name));

export function ServerFields(part: FormPartProps) {
  const { fields, onChange } = part;
  const isHere = isInstalled(fields.serverType);
  const choose = (name: string) => {
    const serverType = TYPES.find(type => type === name);
    if (serverType) onChange({ serverType });
  };
  return (
    <fieldset class="card">
      <legend>Server</legend>
      <div class="pair">
        <TextField {...textOf('name', part)} label="Name" hint="What you and your colleagues call it." />
        <Field label="Server type">
          {({ id, describedBy }) => (
            <select
              id={id}
              name="serverType"
              class="input"
              value={fields.serverType}
              aria-describedby={describedBy}
              onChange={event => choose(event.currentTarget.value)}
            >
              {TYPES.map(type => (
                <option key={type} value={type}>
                  {SERVER_TYPES[type]}
                  {!isInstalled(type) && ' (not installed)'}
                </option>
              ))}
            </select>
          )}
        </Field>
        {isHere && (
          <>
            <CloudField {...part} />
            <ZoneField {...part} />
          </>
        )}
      </div>
      {!isHere && (
        <Notice tone="warn" title={`${SERVER_TYPES[fields.serverType]} is not installed in this version`} isAnswer>
          The provider for this server type comes with a later version of Lintel. Until then nothing can be saved with
          it; what you typed for Office 365 is kept while you look.
        </Notice>
      )}
      {isHere && fields.isTypedIn && (
        <div class="pair">
          <TextField
            {...textOf('authority', part)}
            label="Authority"
            hint="Where people sign in, without the tenant."
            placeholder="https://login.example.com"
            isCode
          />
          <TextField
            {...textOf('graphBase', part)}
            label="Graph address"
            hint="Without /v1.0. Permissions are asked for at this address."
            placeholder="https://graph.example.com"
            isCode
          />
        </div>
      )}
    </fieldset>
  );
}

function CloudField({ fields, onChange }: FormPartProps) {
  const cloud = fields.isTypedIn ? undefined : cloudBehind(fields.authority, fields.graphBase);
  const onChoose = (name: string) => {
    const chosen = CLOUDS.find(candidate => candidate.name === name);
    if (chosen) onChange({ isTypedIn: false, authority: chosen.authority, graphBase: chosen.graphBase });
    else onChange({ isTypedIn: true });
  };
  return (
    <Field label="Cloud" hint={cloud && `${host(cloud.authority)} and ${host(cloud.graphBase)}`}>
      {({ id, describedBy }) => (
        <select
          id={id}
          name="cloud"
          class="input"
          value={cloud?.name ?? 'typed-in'}
          aria-describedby={describedBy}
          onChange={event => onChoose(event.currentTarget.value)}
        >
          {CLOUDS.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
          <option value="typed-in">Other: addresses typed in</option>
        </select>
      )}
    </Field>
  );
}

const host = (address: string) => new URL(address).host;
