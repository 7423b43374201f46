import { useState } from 'preact/hooks';
import type { JoinProblem, Screen } from '../../../src/contract/bridge/view.ts';
import { between, type Instant } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';
import { Fact, Facts } from './facts.tsx';
import { LicenceEntry } from './licence-entry.tsx';
import { QrCode } from './qr-code.tsx';
import { Sheet, Trouble } from './sheet.tsx';

type PairingScreen = Extract<Screen, { kind: 'pairing' }>;

/** The code an admin looks for in the console; or, on the other side, a licence key typed here. */
export function Pairing({ screen }: { screen: PairingScreen }) {
  const { model, text } = usePanel();
  const [isTyping, setTyping] = useState(screen.isKeySubmitted || isAboutKey(screen.problem));
  const problem = screen.problem && text.joinProblems[screen.problem];
  if (isTyping) {
    // The code's own troubles are no business of somebody who types a key.
    const keyProblem = isAboutCode(screen.problem) ? null : problem;
    return <LicenceEntry isSubmitted={screen.isKeySubmitted} problem={keyProblem} onBack={() => setTyping(false)} />;
  }
  const isExpired = screen.expires !== null && model.now.value >= screen.expires;
  const needsNewCode = isExpired || isAboutCode(screen.problem);
  return (
    <Sheet name="pairing" class="pairing" title={text.pairing.title}>
      <ol class="steps">
        <li>{text.pairing.step1}</li>
        <li>
          {text.pairing.step2}
          <Code code={screen.code} expires={screen.expires} isExpired={isExpired} isAsked={!needsNewCode} />
        </li>
        <li>
          {text.pairing.step3}
          <p class="words" data-testid="words">
            {screen.words.map(word => (
              <span key={word}>{plainText(word)}</span>
            ))}
          </p>
        </li>
      </ol>
      <div class="pairing-side">
        {screen.code !== null && !needsNewCode && (
          <QrCode text={`${screen.centralUrl}/console/#/free-macs?code=${screen.code}`} label={text.pairing.qr} />
        )}
        <Facts>
          <Fact name={text.pairing.central} value={plainText(screen.centralUrl)} />
          <Fact name={text.pairing.mac} value={screen.mac ?? text.pairing.noMac} />
        </Facts>
      </div>
      <div class="sheet-actions">
        {problem && screen.problem !== 'code-expired' && <Trouble>{problem}</Trouble>}
        {needsNewCode && (
          <Button look="primary" testId="new-code" onPress={() => model.send({ kind: 'ask-new-code' })}>
            <Icon name="repeat" />
            {text.pairing.newCode}
          </Button>
        )}
        <Button testId="enter-key" onPress={() => setTyping(true)}>
          <Icon name="key" />
          {text.pairing.enterKey}
        </Button>
      </div>
    </Sheet>
  );
}

const isAboutKey = (problem: JoinProblem | null) =>
  problem?.startsWith('key-') === true && problem !== 'key-store-unusable';

const isAboutCode = (problem: JoinProblem | null) => problem === 'code-expired' || problem === 'rejected';

type CodeProps = { code: string | null; expires: Instant | null; isExpired: boolean; isAsked: boolean };

/** In two halves, as people read it out to each other. */
function Code({ code, expires, isExpired, isAsked }: CodeProps) {
  const { model, text, format } = usePanel();
  // Nothing is asked for while it says that the code ran out.
  if (code === null) return isAsked ? <p class="code-note">{text.pairing.asking}</p> : null;
  const plain = code.replaceAll(/[^A-Z0-9]/gi, '');
  const half = Math.ceil(plain.length / 2);
  return (
    <>
      <p class="code" data-expired={isExpired} data-testid="code">
        <span>{plain.slice(0, half)}</span>
        <span>{plain.slice(half)}</span>
      </p>
      <p class="code-note" role="timer">
        {isExpired
          ? text.pairing.expired
          : expires !== null && text.pairing.expiresIn(format.countdown(between(model.now.value, expires)))}
      </p>
    </>
  );
}
