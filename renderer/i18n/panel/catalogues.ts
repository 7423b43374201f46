/** Every language the glass speaks. All of them are in the page: a change of language needs no network. */
import type { Language } from '../../../src/contract/values/policy.ts';
import { de } from './de.ts';
import { en, type PanelText } from './en.ts';
import { nb } from './nb.ts';

export const CATALOGUES: Record<Language, PanelText> = { en, de, nb };
