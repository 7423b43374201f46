/** The fields of a connection. It renders what was typed and reports changes of it. */
import type { ServerSettings } from '../../../../src/contract/wire/console.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Field, TextField } from '../../parts/field.tsx';
import { Advanced } from './advanced-fields.tsx';
import { CalendarFields, type Served } from './calendar-fields.tsx';
import { Credentials } from './credential-fields.tsx';
import type { Held } from './draft.ts';
import { type FormPartProps, textOf } from './form-part.ts';
import { isInstalled } from './kinds.ts';
import { ServerFields } from './server-fields.tsx';

type ConnectionFormProps = FormPartProps & {
  held: Held;
  /** The certificate that is stored. */
  certificate: NonNullable<ServerSettings['settings']>['certificate'];
  redirectUri: string;
  served: Served | null;
};

export function ConnectionForm({ held, certificate, redirectUri, served, ...part }: ConnectionFormProps) {
  if (!isInstalled(part.fields.serverType)) return <ServerFields {...part} />;
  return (
    <>
      <ServerFields {...part} />
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
          <TextField {...textOf('tenantId', part)} label="Tenant ID" hint="Directory (tenant) ID." isCode />
          <TextField {...textOf('clientId', part)} label="Client ID" hint="Application (client) ID." isCode />
        </div>
      </fieldset>
      <Credentials {...part} held={held} certificate={certificate} />
      <CalendarFields {...part} served={served} />
      <Advanced {...part} />
    </>
  );
}
