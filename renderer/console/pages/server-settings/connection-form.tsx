/** The fields of a connection. It renders a draft and reports changes of it. */
import { useMemo } from 'preact/hooks';
import { Combobox } from '../../parts/combobox.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Field, TextField } from '../../parts/field.tsx';
import type { Option } from '../../parts/options.ts';
import { CLOUDS, cloudOf } from './clouds.ts';
import type { Draft, FieldErrors } from './draft.ts';
import { ZoneHint } from './zone-hint.tsx';

type ConnectionFormProps = {
  draft: Draft;
  errors: FieldErrors;
  hasStoredSecret: boolean;
  redirectUri: string;
  onChange: (change: Partial<Draft>) => void;
};

export function ConnectionForm({ draft, errors, hasStoredSecret, redirectUri, onChange }: ConnectionFormProps) {
  const zones = useMemo<Option[]>(
    () =>
      ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')].map(zone => ({
        value: zone,
        label: zone,
      })),
    [],
  );
  const text = (name: 'tenantId' | 'clientId' | 'serviceAccount' | 'authority' | 'graphBase' | 'clientSecret') => ({
    name,
    value: draft[name],
    error: errors[name],
    onInput: (value: string) => onChange({ [name]: value }),
  });
  return (
    <>
      <fieldset class="card">
        <legend>Server</legend>
        <div class="pair">
          <Field label="Server type">
            {({ id }) => (
              // The only type whose provider is installed.
              <select id={id} name="serverType" class="input" value={draft.serverType}>
                <option value="office-365-graph">Office 365 / Graph OAuth 2.0</option>
              </select>
            )}
          </Field>
          <CloudField draft={draft} onChange={onChange} />
        </div>
        {draft.isTypedIn && (
          <div class="pair">
            <TextField
              {...text('authority')}
              label="Authority"
              hint="Where people sign in, without the tenant."
              placeholder="https://login.example.com"
              isCode
            />
            <TextField
              {...text('graphBase')}
              label="Graph address"
              hint="Without /v1.0."
              placeholder="https://graph.example.com"
              isCode
            />
          </div>
        )}
      </fieldset>

      <fieldset class="card">
        <legend>App registration</legend>
        <Field label="Redirect URI" hint="Register it with the app, platform Web, exactly like this.">
          {({ id, describedBy }) => (
            <div class="input-row">
              <input id={id} class="input input-code" readOnly value={redirectUri} aria-describedby={describedBy} />
              <CopyButton text={redirectUri} label="Copy redirect URI">
                Copy
              </CopyButton>
            </div>
          )}
        </Field>
        <div class="pair">
          <TextField {...text('tenantId')} label="Tenant ID" hint="Directory (tenant) ID." isCode />
          <TextField {...text('clientId')} label="Client ID" hint="Application (client) ID." isCode />
          <TextField
            {...text('clientSecret')}
            label="Client secret"
            placeholder={hasStoredSecret ? 'Stored, leave empty to keep' : ''}
            hint={
              hasStoredSecret
                ? 'It is never shown again. Type a new one to replace it.'
                : "The secret's Value, not its Secret ID. It is stored sealed and never shown again."
            }
            autocomplete="new-password"
            isSecret
            isCode
          />
          <TextField
            {...text('serviceAccount')}
            label="Service account"
            hint="Filled in on the sign-in page, so that nobody signs in with their own."
            placeholder="rooms@example.com"
            isOptional
          />
        </div>
      </fieldset>

      <fieldset class="card">
        <legend>Rooms</legend>
        <div class="pair">
          <Field label="Default time zone" error={errors.defaultZone} hint={<ZoneHint zone={draft.defaultZone} />}>
            {ids => (
              <Combobox
                {...ids}
                name="defaultZone"
                options={zones}
                value={draft.defaultZone}
                onChange={defaultZone => onChange({ defaultZone })}
                listLabel="Time zones"
                nothing="No time zone is called that. Try the largest city nearby."
              />
            )}
          </Field>
        </div>
      </fieldset>

      <details class="card advanced" open={errors.extraCa !== undefined || undefined}>
        <summary>
          Advanced{' '}
          <span class="soft">
            {draft.extraCa === '' ? 'private CA certificates' : 'private CA certificates are set'}
          </span>
        </summary>
        <Field
          label="Private CA certificates"
          isOptional
          error={errors.extraCa}
          hint="PEM, one below the other. Trusted beside the system's own by central and the panels: needed where a proxy inspects TLS or the provider has a certificate of your own."
        >
          {({ id, describedBy, isInvalid }) => (
            <textarea
              id={id}
              name="extraCa"
              class="input input-code"
              rows={7}
              spellcheck={false}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={draft.extraCa}
              aria-invalid={isInvalid}
              aria-describedby={describedBy}
              onInput={event => onChange({ extraCa: event.currentTarget.value })}
            />
          )}
        </Field>
      </details>
    </>
  );
}

function CloudField({ draft, onChange }: Pick<ConnectionFormProps, 'draft' | 'onChange'>) {
  const cloud = draft.isTypedIn ? undefined : cloudOf(draft.authority, draft.graphBase);
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
