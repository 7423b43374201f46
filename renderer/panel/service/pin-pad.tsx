import { useState } from 'preact/hooks';
import type { ServiceView } from '../../../src/contract/bridge/view.ts';
import { between, seconds } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { usePanel } from '../panel-context.ts';
import { Sheet, Trouble } from '../setup/sheet.tsx';
import { useRealKeyboard } from '../setup/typed-text.ts';

/** What the contract takes at most. */
const LONGEST = 12;
const DIGITS = [...'123456789'];

type Asking = Extract<ServiceView, { kind: 'asking' }>;

/** Keys of our own for the PIN, which is shown as dots and forgotten as soon as it is sent. */
export function PinPad({ asking }: { asking: Asking }) {
  const { model, text, format } = usePanel();
  const [typed, setTyped] = useState('');
  const { isChecking, problem } = asking;
  const lockedFor = problem?.kind === 'locked' ? between(model.now.value, problem.until) : seconds(0);
  const isLocked = lockedFor > 0;
  const isShut = isChecking || isLocked;
  const onType = (digit: string) => {
    if (!isShut && /^\d$/.test(digit)) setTyped(before => (before + digit).slice(0, LONGEST));
  };
  const onDelete = () => setTyped(before => before.slice(0, -1));
  const unlock = () => {
    if (isShut || typed === '') return;
    model.openService(typed);
    setTyped('');
  };
  useRealKeyboard({ onType, onDelete, onEnter: unlock, onEscape: model.closeService });

  return (
    <Sheet name="service-pin" class="pin" title={text.service.pinTitle} hasSpot={false}>
      <div class="pin-state">
        <output class="dots" data-testid="pin">
          <span class="for-readers">{text.service.digits(typed.length)}</span>
          {[...typed].map((_, index) => (
            <i key={index} class="dot" />
          ))}
        </output>
        <div class="pin-note" role="status">
          {note()}
        </div>
      </div>
      <fieldset class="pin-keys">
        {DIGITS.map(key)}
        <Button class="pin-key" label={text.keyboard.delete} isDisabled={isShut} onPress={onDelete}>
          <Icon name="backspace" />
        </Button>
        {key('0')}
        <Button
          class="pin-key"
          look="primary"
          label={text.service.unlock}
          isDisabled={isShut || typed === ''}
          onPress={unlock}
          testId="unlock"
        >
          <Icon name="check" />
        </Button>
      </fieldset>
      <div class="sheet-actions">
        <Button onPress={model.closeService} testId="close-service">
          {text.service.close}
        </Button>
      </div>
    </Sheet>
  );

  function key(digit: string) {
    return (
      <Button key={digit} class="pin-key" isDisabled={isShut} onPress={() => onType(digit)} testId={`digit-${digit}`}>
        {digit}
      </Button>
    );
  }

  function note() {
    if (isChecking) return <p>{text.service.checking}</p>;
    if (isLocked) return <Trouble>{text.service.locked(format.countdown(lockedFor))}</Trouble>;
    return problem?.kind === 'wrong' && typed === '' ? <Trouble>{text.service.wrong}</Trouble> : null;
  }
}
