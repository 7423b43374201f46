import { useState } from 'preact/hooks';
import * as v from 'valibot';
import { LicenceKey, normaliseLicenceKey } from '../../../src/contract/values/licence-key.ts';
import { Button } from '../../ui/button.tsx';
import { Keyboard, LICENCE_LAYOUT } from '../../ui/keyboard.tsx';
import { usePanel } from '../panel-context.ts';
import { Sheet, Trouble } from './sheet.tsx';
import { useRealKeyboard } from './typed-text.ts';

const LENGTH = 25;
const PLACES = [0, 1, 2, 3, 4];
const GROUPS = PLACES;

type LicenceEntryProps = { isSubmitted: boolean; problem: string | null; onBack: () => void };

/** A licence key, typed in groups of five. Its check character is looked at here, before central is asked anything. */
export function LicenceEntry({ isSubmitted, problem, onBack }: LicenceEntryProps) {
  const { model, text } = usePanel();
  const [typed, setTyped] = useState('');
  const groups = normaliseLicenceKey(typed).split('-');
  const key = v.safeParse(LicenceKey, typed);
  const isComplete = typed.length === LENGTH;
  const canUse = key.success && !isSubmitted;
  const use = () => {
    if (canUse) model.send({ kind: 'enter-licence-key', key: key.output });
  };
  const onType = (more: string) =>
    setTyped(before => (before + more.replaceAll(/[^0-9a-zA-Z]/g, '').toUpperCase()).slice(0, LENGTH));
  const onDelete = () => setTyped(before => before.slice(0, -1));
  useRealKeyboard({ onType, onDelete, onEnter: use });

  return (
    <Sheet name="licence-entry" class="typing" title={text.licence.title} lead={text.licence.lead}>
      <div class="entry">
        <output class="field field-key" aria-label={text.licence.field} data-testid="licence-key">
          {GROUPS.map(index => (
            <Group
              key={index}
              typed={groups[index] ?? ''}
              isNext={index === Math.min(4, Math.floor(typed.length / 5))}
            />
          ))}
        </output>
        <Button look="primary" isDisabled={!canUse} onPress={use} testId="use-key">
          {text.licence.use}
        </Button>
      </div>
      <div class="entry-note" role="status">
        {note()}
      </div>
      <Keyboard layout={LICENCE_LAYOUT} onType={onType} onDelete={onDelete} deleteLabel={text.keyboard.delete} />
      <Button look="quiet" class="entry-back" onPress={onBack}>
        {text.licence.back}
      </Button>
    </Sheet>
  );

  function note() {
    if (isSubmitted) return <p>{text.licence.checking}</p>;
    if (isComplete && !key.success) return <Trouble>{text.licence.wrong}</Trouble>;
    if (problem !== null) return <Trouble>{problem}</Trouble>;
    return <p>{isComplete ? text.licence.good : text.licence.left(LENGTH - typed.length)}</p>;
  }
}

function Group({ typed, isNext }: { typed: string; isNext: boolean }) {
  return (
    <span class="group" data-at={isNext}>
      {PLACES.map(place => (typed[place] ? <b key={place}>{typed[place]}</b> : <i key={place}>·</i>))}
    </span>
  );
}
