/** One switch for the whole organisation: an administrator agrees once, and nobody is asked again. */
import { useEffect, useRef } from 'preact/hooks';
import type { ConsentStatus, ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { When } from '../../parts/text.tsx';
import { adviceOn } from './aadsts.ts';
import { ConsentOff } from './consent-off.tsx';
import { ConsentOn } from './consent-on.tsx';
import { ProviderWords } from './token-problem.tsx';

type ConsentCardProps = {
  known: ServerSettings;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  saveFirst: () => Promise<boolean>;
};

export function ConsentCard({ known, isOpen, setOpen, saveFirst }: ConsentCardProps) {
  const { consent, settings, token } = known;
  const isOn = consent.kind === 'granted';
  const isSaved = settings !== null;
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // A dialog that followed another has nobody left to give the focus back to.
    if (!isOpen && document.activeElement === document.body) toggle.current?.focus();
  }, [isOpen]);
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
          onClick={() => setOpen(true)}
        >
          <span class="consent-word" aria-hidden="true">
            {isOn ? 'On' : 'Off'}
          </span>
        </button>
      </div>
      <ConsentWords consent={consent} isSaved={isSaved} isToldByToken={isSameProblem(known)} />
      {isOpen &&
        isSaved &&
        (isOn ? (
          <ConsentOff connection={known.id} hasToken={token.kind === 'issued'} onClose={() => setOpen(false)} />
        ) : (
          <ConsentOn connection={known.id} settings={settings} saveFirst={saveFirst} onClose={() => setOpen(false)} />
        ))}
    </section>
  );
}

/** The card above tells the same problem in full. */
const isSameProblem = ({ consent, token }: ServerSettings) =>
  consent.kind === 'missing' && token.problem?.code === consent.problem.code;

function ConsentWords(props: { consent: ConsentStatus; isSaved: boolean; isToldByToken: boolean }) {
  const { consent, isSaved, isToldByToken } = props;
  if (!isSaved) return <p class="soft small">Save the settings first.</p>;
  if (consent.kind === 'granted') {
    return (
      <p class="soft small">
        An administrator agreed on <When at={consent.at} />. Nobody is asked again.
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
  const { cause, mend } = adviceOn(consent.problem);
  return (
    <Notice tone="bad" title={cause}>
      <p>{mend}</p>
      <ProviderWords problem={consent.problem} />
    </Notice>
  );
}
