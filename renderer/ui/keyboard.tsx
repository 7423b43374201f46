import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** Rows of keys; every key types its own text. */
export type KeyboardLayout = readonly (readonly string[])[];

/** For host names and addresses. */
export const ADDRESS_LAYOUT: KeyboardLayout = [
  [...'1234567890:'],
  [...'qwertyuiop/'],
  [...'asdfghjkl-_'],
  [...'zxcvbnm.'],
];

/** Crockford base32: no I, L, O or U, which are mistaken for others. */
export const LICENCE_LAYOUT: KeyboardLayout = [[...'1234567890'], [...'QWERTYP'], [...'ASDFGHJK'], [...'ZXCVBNM']];

export type KeyboardProps = {
  layout: KeyboardLayout;
  onType: (text: string) => void;
  onDelete: () => void;
  deleteLabel: string;
};

/** An on-screen keyboard. It holds no text: it tells what was pressed, and whoever owns the field decides. */
export function Keyboard({ layout, onType, onDelete, deleteLabel }: KeyboardProps) {
  return (
    <fieldset class="keyboard">
      {layout.map((row, index) => (
        <div class="keyboard-row" key={row.join('')}>
          {row.map(text => (
            <Button key={text} class="keyboard-key" onPress={() => onType(text)}>
              {text}
            </Button>
          ))}
          {index === layout.length - 1 && (
            <Button class="keyboard-key keyboard-delete" label={deleteLabel} onPress={onDelete}>
              <Icon name="backspace" />
            </Button>
          )}
        </div>
      ))}
    </fieldset>
  );
}
