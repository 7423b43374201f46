/** One switch for the whole organisation: an administrator agrees once, and nobody is asked again. */
import { useEffect, useRef } from 'preact/hooks';
import type { ConsentStatus, ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { When } from '../../parts/text.tsx';
import { adviceOn } from './aadsts.ts';
import { ConsentOff } from './consent-off.tsx';
import { ConsentOn } from './consent-on.tsx';
import { isApplication } from './kinds.ts';
import { ProviderWords } from './token-problem.tsx';

export type ConsentDialog = 'turn-on' | 'turn-off';
type ConsentCardProps = {
  known: ServerSettings;
  /** The open one. It stays what it is when consent comes or goes meanwhile. */
  dialog: ConsentDialog | null;
  setDialog: (dialog: ConsentDialog | null) => void;
  saveFirst: () => Promise<boolean>;
};

export function ConsentCard({ known, dialog, setDialog, saveFirst }: ConsentCardProps) {
  const { consent, settings, token } = known;
  const isOn = consent.kind === 'granted';
  const isSaved = settings !== null;
  const toggle = useRef<HTMLButtonElement>(null);
  const close = () => setDialog(null);
  useEffect(() => {
    // A dialog that followed another has nobody left to give the focus back to.
    if (dialog === null && document.activeElement === document.body) toggle.current?.focus();
  }, [dialog]);
  return (
    <section class="card consent" aria-labelledby="consent-title">
      <h2 id="consent-title" class="sr-only">
        Consent
      </h2>
      <div class="consent-row">
        <span id="consent-label" class="consent-label">
          Calendar integration for the whole organisation
        </span>
        <button
          ref={toggle}
          type="button"
          role="switch"
          class="consent-switch"
          aria-checked={isOn}
          aria-labelledby="consent-label"
          disabled={!isSaved}
          onClick={() => setDialog(isOn ? 'turn-off' : 'turn-on')}
        >
          <span class="consent-word" aria-hidden="true">
            {isOn ? 'On' : 'Off'}
          </span>
        </button>
      </div>
      <ConsentWords
        consent={consent}
        isSaved={isSaved}
        isApp={settings !== null && isApplication(settings.signIn)}
        isToldByToken={isSameProblem(known)}
      />
      {isSaved && dialog === 'turn-on' && (
        <ConsentOn connection={known.id} settings={settings} consent={consent} saveFirst={saveFirst} onClose={close} />
      )}
      {isSaved && dialog === 'turn-off' && (
        <ConsentOff connection={known.id} hasToken={token.kind === 'issued'} onClose={close} />
      )}
    </section>
  );
}

/** The card above tells the same problem in full. */
const isSameProblem = ({ consent, token }: ServerSettings) =>
  consent.kind === 'missing' && token.problem?.code === consent.problem.code;

function ConsentWords(props: { consent: ConsentStatus; isSaved: boolean; isApp: boolean; isToldByToken: boolean }) {
  const { consent, isSaved, isApp, isToldByToken } = props;
  if (!isSaved) return <p class="soft small">Save the settings first.</p>;
  if (consent.kind === 'granted') {
    return (
      <p class="soft small">
        Allowed for the whole organisation, as central last heard on <When at={consent.at} />. Nobody is asked again.
      </p>
    );
  }
  if (consent.kind === 'unknown') {
    return (
      <p class="soft small">
        Not given yet, as far as central has heard. Turn it on to get a link for an administrator, who agrees once for
        everybody.
      </p>
    );
  }
  if (isToldByToken) {
    return <p class="soft small">Not given: see above. Turn it on to get a link for an administrator.</p>;
  }
  const { cause, mend } = adviceOn(consent.problem, isApp);
  return (
    <Notice tone="bad" title={cause}>
      <p>{mend}</p>
      <ProviderWords problem={consent.problem} />
    </Notice>
  );
}
