/** Turning it on: what to do, the link, and what the people concerned will see. */
import { useEffect, useState } from 'preact/hooks';
import type * as v from 'valibot';
import type { ConsentLink as ConsentLinkSchema, ConsentStatus } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { When } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import type { Stored } from './draft.ts';
import { permissionsOf } from './permissions.ts';

type ConsentLink = v.InferOutput<typeof ConsentLinkSchema>;
type ConsentOnProps = {
  connection: string;
  settings: Stored;
  consent: ConsentStatus;
  saveFirst: () => Promise<boolean>;
  onClose: () => void;
};

export function ConsentOn({ connection, settings, consent, saveFirst, onClose }: ConsentOnProps) {
  const { api } = useConsole();
  const request = useRequest();
  const [link, setLink] = useState<ConsentLink | null>(null);
  const [before] = useState(consent);
  const isAgreed = consent.kind === 'granted' && !(before.kind === 'granted' && before.at === consent.at);
  async function fetchLink() {
    // What is unsaved would be missing from the link; when it cannot be saved, the form says why.
    if (await saveFirst()) await request.run(() => api.consentLink(connection), setLink);
    else onClose();
  }
  useEffect(() => void fetchLink(), []);
  if (isAgreed) {
    // Another key: a new dialog, which takes the focus that stood in what is gone.
    return (
      <Dialog key="agreed" title="Turn on for the whole organisation" onClose={onClose} isWide>
        <div class="dialog-body">
          <Notice tone="good" isAnswer>
            An administrator agreed.
          </Notice>
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Done</Button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Turn on for the whole organisation" onClose={onClose} isWide>
      <div class="dialog-body">
        <ol class="steps-plain">
          <li>Open the link below signed in as an administrator of the tenant, or send it to one.</li>
          <li>
            The administrator sees the app’s name and its permissions ({permissionNames(settings)}) and presses Accept.
          </li>
          <li>This page then shows the switch on. Nobody else is asked, at no panel and at no sign-in.</li>
        </ol>
        {request.failure && (
          <>
            <FailureNotice failure={request.failure} />
            <div class="buttons">
              <Button onPress={() => void fetchLink()} isBusy={request.isBusy}>
                Try again
              </Button>
            </div>
          </>
        )}
        {!link && !request.failure && (
          <p class="soft" role="status">
            Asking central for the link…
          </p>
        )}
        {link && (isSafe(link.url) ? <Link link={link} name={settings.name} /> : <UnsafeLink />)}
        <details class="raw">
          <summary>It says “Need admin approval” or “Approval required” while signing in</summary>
          <div class="prose">
            <p>
              “Approval required” with a box for a reason (<code>AADSTS90094</code>): the request can be sent from
              there. Administrators find it in Entra under Enterprise applications, Admin consent requests. Once they
              have approved it, get the access token again.
            </p>
            <p>
              “Need admin approval” without a box (<code>AADSTS90094</code> or <code>AADSTS65001</code>): people in this
              organisation may not send requests. Send the link above instead; it asks the administrator directly.
            </p>
          </div>
        </details>
      </div>
      <footer class="dialog-foot">
        <Button onPress={onClose}>Done</Button>
      </footer>
    </Dialog>
  );
}

const permissionNames = ({ signIn }: Stored) =>
  permissionsOf(signIn)
    .map(({ name }) => name)
    .join(', ');

const isSafe = (url: string) => URL.canParse(url) && new URL(url).protocol === 'https:';

function Link({ link, name }: { link: ConsentLink; name: string }) {
  const { format } = useConsole();
  return (
    <>
      <Field
        label="Link for the administrator"
        hint={
          <>
            Works in any browser until <When at={link.expires} />.
          </>
        }
      >
        {({ id, describedBy }) => (
          <input
            id={id}
            class="input input-code"
            readOnly
            value={link.url}
            aria-describedby={describedBy}
            onFocus={event => event.currentTarget.select()}
          />
        )}
      </Field>
      <div class="buttons">
        <CopyButton text={link.url} look="primary">
          Copy link
        </CopyButton>
        <a class="button button-plain" href={link.url} target="_blank" rel="noreferrer">
          Open
        </a>
        <a class="button button-plain" href={mailTo(link.url, name, format.dateTime(link.expires))}>
          Send by mail
        </a>
      </div>
    </>
  );
}

const UnsafeLink = () => (
  <Notice tone="bad" isAnswer>
    Central gave a link that is no web address. Check the authority in the settings.
  </Notice>
);

const mailTo = (url: string, name: string, expires: string) =>
  `mailto:?subject=${encodeURIComponent('Please allow the room panels to use our calendars')}&body=${encodeURIComponent(
    [
      'Hello,',
      '',
      'our room panels (Lintel) show and book the calendars of our meeting rooms.',
      'For that an administrator of our Microsoft 365 tenant has to agree once:',
      '',
      url,
      '',
      `Please open the link signed in as an administrator and press Accept. It works until ${expires}.`,
      `It is for the connection “${name}”. Nobody else is asked after that.`,
      '',
      'Thank you',
    ].join('\r\n'),
  )}`;
