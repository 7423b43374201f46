import { useState } from 'preact/hooks';
import type { Screen } from '../../../src/contract/bridge/view.ts';
import { Button } from '../../ui/button.tsx';
import { ADDRESS_LAYOUT, Keyboard } from '../../ui/keyboard.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';
import { Sheet, Trouble } from './sheet.tsx';
import { useRealKeyboard } from './typed-text.ts';

const LONGEST = 200;

/** Central was not found by itself: its address is typed here. */
export function FindCentral({ screen }: { screen: Extract<Screen, { kind: 'find-central' }> }) {
  const { model, text } = usePanel();
  const [typed, setTyped] = useState('');
  const canConnect = typed !== '' && !screen.isTrying;
  const connect = () => {
    if (canConnect) model.send({ kind: 'enter-central', url: typed });
  };
  const onType = (more: string) => setTyped(before => (before + more).slice(0, LONGEST));
  const onDelete = () => setTyped(before => before.slice(0, -1));
  useRealKeyboard({ onType, onDelete, onEnter: connect });

  const url = screen.url === null ? null : plainText(screen.url);
  return (
    <Sheet name="find-central" class="typing" title={text.find.title} lead={text.find.lead}>
      <div class="entry">
        <output
          class={`field${typed === '' ? ' field-empty' : ''}`}
          aria-label={text.find.address}
          data-testid="address"
        >
          {typed === '' ? text.find.example : typed}
          <i class="caret" />
        </output>
        <Button look="primary" isDisabled={!canConnect} onPress={connect} testId="connect">
          {text.find.connect}
        </Button>
      </div>
      <div class="entry-note" role="status">
        {screen.isTrying && <p class="outside">{text.find.trying(url ?? '')}</p>}
        {!screen.isTrying && screen.problem && (
          <Trouble>
            {text.joinProblems[screen.problem]} {url && <span class="outside">{text.find.tried(url)}</span>}
          </Trouble>
        )}
      </div>
      <Keyboard layout={ADDRESS_LAYOUT} onType={onType} onDelete={onDelete} deleteLabel={text.keyboard.delete} />
    </Sheet>
  );
}
