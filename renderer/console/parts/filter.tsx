import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

export type Tab<T extends string> = { value: T; label: string; count: number };

type FilterProps<T extends string> = {
  label: string;
  name: string;
  typed: string;
  onType: (typed: string) => void;
  tabs?: readonly Tab<T>[];
  tab?: T;
  onTab?: (tab: T) => void;
};

/** A search box and the usual questions, with how many answers each has. */
export function Filter<T extends string>({ label, name, typed, onType, tabs = [], tab, onTab }: FilterProps<T>) {
  const group = useId();
  return (
    <search class="filter">
      <div class="input-box">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          name={name}
          aria-label={label}
          placeholder={label}
          value={typed}
          autocomplete="off"
          spellcheck={false}
          onInput={event => onType(event.currentTarget.value)}
        />
      </div>
      {tabs.length > 0 && (
        <fieldset class="tabs">
          <legend class="sr-only">Show</legend>
          {tabs.map(({ value, label: text, count }) => (
            <label key={value} class={value === tab ? 'tab tab-on' : 'tab'}>
              <input
                type="radio"
                name={group}
                class="sr-only"
                checked={value === tab}
                onChange={() => onTab?.(value)}
              />
              {text} <span class="soft">{count}</span>
            </label>
          ))}
        </fieldset>
      )}
    </search>
  );
}
