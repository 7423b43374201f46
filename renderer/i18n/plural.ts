import type { Locale } from './format.ts';

/** Forms of one phrase by CLDR category; `#` stands for the number. `other` is the one every language has. */
export type PluralForms = { other: string } & Partial<Record<Exclude<Intl.LDMLPluralRule, 'other'>, string>>;

/** The phrase for `n`: `plural('en-GB')(2, { one: '# room', other: '# rooms' })` is `2 rooms`. */
export function plural(locale: Locale): (n: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', number.format(n));
}
