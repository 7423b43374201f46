import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FieldIds } from './field.tsx';
import { Icon } from './icon.tsx';
import { narrow, type Option } from './options.ts';
import { Foreign } from './text.tsx';

type ComboboxProps = FieldIds & {
  name: string;
  options: readonly Option[];
  value: string | null;
  onChange: (value: string) => void;
  /** Always shows the list below the box, instead of over what follows. */
  isInline?: boolean;
  placeholder?: string;
  /** Said when nothing fits what was typed. */
  nothing: string;
  listLabel: string;
};

/** Enough for every time zone. Thousands of rooms would make each key slow, and nobody reads that far. */
const MOST = 450;

/** A select one can search: the editable combobox of the ARIA Authoring Practices, with a list that narrows. */
export function Combobox(props: ComboboxProps) {
  const { id, describedBy, isInvalid, name, options, value, onChange, isInline = false } = props;
  /** What is being typed; null: nothing, the box shows the choice. */
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const chosen = options.find(option => option.value === value);
  const found = useMemo(() => narrow(options, typed ?? ''), [options, typed]);
  const shown = found.length > MOST ? found.slice(0, MOST) : found;
  const isListShown = isOpen || isInline;

  function reveal() {
    const child = list.current?.children[active === -1 ? shown.findIndex(option => option.value === value) : active];
    child?.scrollIntoView({ block: 'nearest' });
  }
  useLayoutEffect(reveal, [active, isListShown]);

  function settle() {
    setTyped(null);
    setOpen(false);
    setActive(-1);
  }
  function choose(option: Option) {
    onChange(option.value);
    settle();
  }
  function onBlur() {
    // A name typed out in full counts as chosen; anything else falls back to the last choice.
    const exact = typed === null ? undefined : shown.find(option => option.label.toLowerCase() === typed.toLowerCase());
    if (exact) choose(exact);
    else settle();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const from = active === -1 && event.key === 'ArrowUp' ? shown.length : active;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setOpen(true);
      setActive(Math.max(0, Math.min(shown.length - 1, from + step)));
    } else if (event.key === 'Enter' && (isOpen || typed !== null)) {
      event.preventDefault();
      const option = shown[active] ?? (typed === null ? undefined : shown[0]);
      if (option) choose(option);
    } else if (event.key === 'Escape' && (isOpen || typed !== null)) {
      // Closes the list only, not the dialog around it.
      event.preventDefault();
      settle();
    }
  }

  return (
    <div class={isInline ? 'combobox combobox-inline' : 'combobox'}>
      <div class="input-box">
        <input
          id={id}
          name={name}
          class="input"
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          value={typed ?? chosen?.label ?? ''}
          placeholder={props.placeholder ?? ''}
          aria-expanded={isListShown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isListShown && active >= 0 ? `${id}-option-${active}` : undefined}
          aria-invalid={isInvalid}
          aria-describedby={describedBy}
          onFocus={event => {
            event.currentTarget.select();
            // A dialog shows itself after what is in it was laid out: only now is there anything to scroll.
            reveal();
          }}
          onClick={() => setOpen(true)}
          onInput={event => {
            setTyped(event.currentTarget.value);
            setOpen(true);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={onBlur}
        />
        <Icon name={isInline ? 'search' : 'down'} />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        tabIndex={-1}
        aria-label={props.listLabel}
        class="options"
        hidden={!isListShown}
        // The box keeps the focus, also when somebody scrolls here.
        onMouseDown={event => event.preventDefault()}
      >
        {isListShown &&
          shown.map((option, index) => (
            // The keyboard reaches options through the box above (aria-activedescendant).
            <div
              key={option.value}
              id={`${id}-option-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={option.value === value}
              class={index === active ? 'option option-active' : 'option'}
              onClick={() => choose(option)}
              onKeyDown={onKeyDown}
            >
              <Foreign text={option.label} />
              {option.detail && (
                <span class="option-detail">
                  <Foreign text={option.detail} />
                </span>
              )}
            </div>
          ))}
      </div>
      {isListShown && found.length > shown.length && (
        <p class="options-nothing" role="status">
          {found.length - shown.length} more: type to narrow the list.
        </p>
      )}
      {isListShown && shown.length === 0 && (
        <p class="options-nothing" role="status">
          {props.nothing}
        </p>
      )}
    </div>
  );
}
