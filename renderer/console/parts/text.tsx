/** Small pieces of text: strings from outside, states, times. */
import type { ComponentChildren } from 'preact';
import { between, type Instant, toIso } from '../../../src/contract/values/time.ts';
import { plainText } from '../../ui/plain-text.ts';
import { useConsole } from '../state/console.ts';
import { relative } from '../words.ts';

/** A string that a panel or a directory made: laid out so that it cannot turn around or hide what stands beside it. */
export const Foreign = ({ text }: { text: string }) => <bdi>{plainText(text)}</bdi>;

export type StateTone = 'good' | 'warn' | 'bad' | 'off';

/** A dot and a word: the colour never says it alone. */
export const State = ({ tone, children }: { tone: StateTone; children: ComponentChildren }) => (
  <span class={`state state-${tone}`}>{children}</span>
);

/** `5 min ago`; the full date on hover. */
export function Ago({ at }: { at: Instant }) {
  const { now, format } = useConsole();
  return (
    <time dateTime={toIso(at)} title={format.dateTime(at)}>
      {relative(between(now.value, at))}
    </time>
  );
}

/** `20 Nov 2026, 14:30` and how far that is from now. */
export function When({ at }: { at: Instant }) {
  const { now, format } = useConsole();
  return (
    <time dateTime={toIso(at)}>
      {format.dateTime(at)} <span class="soft no-wrap">({relative(between(now.value, at))})</span>
    </time>
  );
}
