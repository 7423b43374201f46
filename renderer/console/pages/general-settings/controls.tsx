/** Plain controls for one setting each. What was typed stays in the box, also while it makes no value yet. */
import { useState } from 'preact/hooks';
import { type Duration, milliseconds } from '../../../../src/contract/values/time.ts';
import type { FieldIds } from '../../parts/field.tsx';

export type ControlProps<T> = FieldIds & { name: string; value: T; onChange: (value: T) => void };

const attributes = ({ id, describedBy, isInvalid, name }: FieldIds & { name: string }) => ({
  id,
  name,
  'aria-describedby': describedBy,
  'aria-invalid': isInvalid,
});

type ChoiceProps<T extends string> = ControlProps<T> & { options: readonly (readonly [T, string])[] };

export const Choice = <T extends string>(props: ChoiceProps<T>) => (
  <select
    {...attributes(props)}
    class="input"
    value={props.value}
    onChange={event => {
      const chosen = props.options.find(([value]) => value === event.currentTarget.value);
      if (chosen) props.onChange(chosen[0]);
    }}
  >
    {props.options.map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);

export const YesNo = (props: ControlProps<boolean> & { yes: string; no: string }) => (
  <Choice
    {...props}
    value={props.value ? 'yes' : 'no'}
    options={[
      ['yes', props.yes],
      ['no', props.no],
    ]}
    onChange={value => props.onChange(value === 'yes')}
  />
);

type AmountProps = ControlProps<number> & { unit: string; min: number; max: number; step?: number };

/** A whole number with its unit behind it. */
export function Amount(props: AmountProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <span class="amount">
      <input
        {...attributes(props)}
        class="input"
        type="number"
        inputMode="numeric"
        min={props.min}
        max={props.max}
        step={props.step ?? 1}
        value={typed ?? (Number.isFinite(props.value) ? String(props.value) : '')}
        onInput={event => {
          const text = event.currentTarget.value;
          setTyped(text);
          props.onChange(text.trim() === '' ? Number.NaN : Number(text));
        }}
        onBlur={() => {
          if (Number.isFinite(props.value)) setTyped(null);
        }}
      />
      <span class="soft">{props.unit}</span>
    </span>
  );
}

export const UNITS = { minutes: 60_000, seconds: 1000 } as const;

type TimeSpanProps = ControlProps<Duration> & { unit: keyof typeof UNITS; min: number; max: number };

export const TimeSpan = ({ unit, ...props }: TimeSpanProps) => (
  <Amount
    {...props}
    unit={unit}
    value={props.value / UNITS[unit]}
    onChange={n => props.onChange(Number.isFinite(n) ? milliseconds(n * UNITS[unit]) : (Number.NaN as Duration))}
  />
);

/** Several lengths, typed as `15, 30, 60`; each counts once. `?` stands for what was no number. */
export function Lengths(props: ControlProps<Duration[]>) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? props.value.map(length => (Number.isFinite(length) ? length / UNITS.minutes : '?')).join(', ');
  return (
    <span class="amount">
      <input
        {...attributes(props)}
        class="input"
        inputMode="numeric"
        autocomplete="off"
        value={text}
        onInput={event => {
          setTyped(event.currentTarget.value);
          const parts = event.currentTarget.value.split(/[\s,;]+/).filter(part => part !== '');
          const numbers = parts.map(part => (/^\d+$/.test(part) ? Number(part) * UNITS.minutes : Number.NaN));
          props.onChange([...new Set(numbers)].toSorted((a, b) => a - b) as Duration[]);
        }}
        onBlur={() => {
          if (!props.value.some(Number.isNaN)) setTyped(null);
        }}
      />
      <span class="soft">minutes</span>
    </span>
  );
}

export const Line = (props: ControlProps<string | null> & { placeholder: string }) => (
  <input
    {...attributes(props)}
    class="input"
    type="text"
    autocomplete="off"
    placeholder={props.placeholder}
    value={props.value ?? ''}
    onInput={event => props.onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
  />
);
