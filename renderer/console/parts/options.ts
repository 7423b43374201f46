/** What a combobox offers, and how typing narrows it. */
export type Option = {
  value: string;
  label: string;
  /** Said behind the label, softer; also searched. */
  detail?: string;
  /** Searched, but not said. */
  keywords?: string;
};

/** What texts are compared by: case, accents and `_/-` do not matter. */
export const fold = (text: string) =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[_/-]/g, ' ').toLowerCase();

/** Options are folded once: with thousands of them every key that is pressed would cost a tenth of a second. */
const folded = new WeakMap<Option, string>();
function textOf(option: Option): string {
  const known = folded.get(option);
  if (known !== undefined) return known;
  const text = fold(`${option.label} ${option.detail ?? ''} ${option.keywords ?? ''}`);
  folded.set(option, text);
  return text;
}

/**
 * Options that hold every typed word anywhere; case, accents and `_/-` do not matter. In their order, but first those that
 * hold the words side by side: "floor 1" means floor 1 before floor 2 with 14 seats.
 */
export function narrow(options: readonly Option[], typed: string): Option[] {
  const phrase = fold(typed).trim();
  const words = phrase.split(/\s+/).filter(Boolean);
  const found = options
    .map(option => ({ option, text: textOf(option) }))
    .filter(({ text }) => words.every(word => text.includes(word)));
  return [
    ...found.filter(({ text }) => text.includes(phrase)),
    ...found.filter(({ text }) => !text.includes(phrase)),
  ].map(({ option }) => option);
}

/** True when every typed word stands in one of the texts: the same forgiving search for tables. */
export const matches = (typed: string, ...texts: (string | null)[]) =>
  narrow([{ value: '', label: texts.filter(Boolean).join(' ') }], typed).length > 0;
