/** How central signs in, and what it signs in with. */
import { useState } from 'preact/hooks';
import type { ServerSettings, SignInKind } from '../../../../src/contract/wire/console.ts';
import { Field, TextField } from '../../parts/field.tsx';
import { FileButton } from '../../parts/file-button.tsx';
import { Foreign, When } from '../../parts/text.tsx';
import type { Held } from './draft.ts';
import { type FormPartProps, textOf } from './form-part.ts';
import { SIGN_INS } from './kinds.ts';
import { readPem } from './pem.ts';

type Certificate = NonNullable<ServerSettings['settings']>['certificate'];
type CredentialsProps = FormPartProps & { held: Held; certificate: Certificate };
const SERVICE_ACCOUNT = {
  signsIn: {
    label: 'Service account',
    hint: 'Filled in on the sign-in page, so that nobody signs in with their own. Also used in the commands that grant rights. Where rooms are invited, it is the one that invites them: better an account that is for this alone than somebody’s own.',
  },
  invites: {
    label: 'Mailbox that invites rooms',
    hint: 'Only for booking by invitation (General Settings): the application invites rooms from its calendar, and needs rights to it. Better a mailbox that is for this alone than somebody’s own.',
  },
};
const KINDS = Object.keys(SIGN_INS).filter((name): name is SignInKind => Object.hasOwn(SIGN_INS, name));

export function Credentials({ held, certificate, ...part }: CredentialsProps) {
  const { fields, onChange } = part;
  return (
    <fieldset class="card">
      <legend>Sign-in</legend>
      <div class="sign-in-kinds">
        {KINDS.map(kind => (
          <label key={kind} class="sign-in-kind">
            <input
              type="radio"
              name="signIn"
              value={kind}
              checked={fields.signIn === kind}
              onChange={() => onChange({ signIn: kind })}
            />
            <span>
              <span class="sign-in-kind-name">{SIGN_INS[kind].label}</span>
              <span class="soft small">{SIGN_INS[kind].when}</span>
            </span>
          </label>
        ))}
      </div>
      {fields.signIn === 'app-certificate' ? (
        <CertificateField {...part} certificate={certificate} />
      ) : (
        <SecretFields {...part} isHeld={held.clientSecret} />
      )}
      <div class="pair">
        <TextField
          {...textOf('serviceAccount', part)}
          {...SERVICE_ACCOUNT[fields.signIn === 'delegated' ? 'signsIn' : 'invites']}
          placeholder="rooms@example.com"
          isOptional
        />
      </div>
    </fieldset>
  );
}

const SecretFields = ({ isHeld, ...part }: FormPartProps & { isHeld: boolean }) => (
  <div class="pair">
    <TextField
      {...textOf('clientSecret', part)}
      label="Client secret"
      placeholder={isHeld ? 'Stored, leave empty to keep' : ''}
      hint={
        isHeld
          ? 'It is never shown again. Type a new one to replace it.'
          : "The secret's Value, not its Secret ID. It is stored sealed and never shown again."
      }
      autocomplete="new-password"
      isSecret
      isCode
    />
    <Field
      label="Secret expires on"
      isOptional
      error={part.errors.clientSecretExpires}
      hint="As Entra shows it beside the secret. You are warned 30, 7 and 1 day ahead."
    >
      {({ id, describedBy, isInvalid }) => (
        <input
          id={id}
          class="input"
          type="date"
          name="clientSecretExpires"
          value={part.fields.clientSecretExpires}
          aria-invalid={isInvalid}
          aria-describedby={describedBy}
          onInput={event => part.onChange({ clientSecretExpires: event.currentTarget.value })}
        />
      )}
    </Field>
  </div>
);

function CertificateField({ fields, errors, onChange, certificate }: FormPartProps & { certificate: Certificate }) {
  const [isUnreadable, setUnreadable] = useState(false);
  async function take(files: File[]) {
    const pem = await readPem(files);
    setUnreadable(pem === null);
    if (pem !== null) onChange({ certificate: pem });
  }
  const unreadable = isUnreadable
    ? 'That file holds no PEM text. Turn a .pfx into one: openssl pkcs12 -in app.pfx -out app.pem -nodes'
    : undefined;
  return (
    <>
      {certificate && (
        <dl class="facts stored-certificate">
          <dt>Stored certificate</dt>
          <dd>
            <Foreign text={certificate.subject} />
          </dd>
          <dt>Thumbprint</dt>
          <dd>
            <code>
              <Foreign text={certificate.thumbprint} />
            </code>
          </dd>
          <dt>Expires</dt>
          <dd>
            <When at={certificate.expires} />
          </dd>
        </dl>
      )}
      <Field
        label={certificate ? 'New certificate and private key' : 'Certificate and private key'}
        isOptional={certificate !== null}
        error={unreadable ?? errors.certificate}
        hint="PEM: the certificate, and its private key below it. Register only the certificate with the app, under Certificates & secrets. The key is stored sealed and never shown again."
      >
        {({ id, describedBy, isInvalid }) => (
          <>
            <textarea
              id={id}
              name="certificate"
              class="input input-code"
              rows={5}
              spellcheck={false}
              autocomplete="off"
              placeholder={certificate ? 'Leave empty to keep the stored one' : '-----BEGIN CERTIFICATE-----'}
              value={fields.certificate}
              aria-invalid={isInvalid}
              aria-describedby={describedBy}
              onInput={event => {
                setUnreadable(false);
                onChange({ certificate: event.currentTarget.value });
              }}
            />
            <div class="buttons">
              <FileButton accept=".pem,.crt,.cer,.key" onFiles={files => void take(files)}>
                Choose files…
              </FileButton>
            </div>
          </>
        )}
      </Field>
    </>
  );
}
