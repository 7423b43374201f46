import type { Instant } from '../../../../src/contract/values/time.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { plainCode } from '../../state/route.ts';

/** `BCDF-GHJK`: in two halves, as on the glass. */
export function groupCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)}-${code.slice(half)}`;
}

/** The code while it is good: central says nothing when one runs out, so the page watches the time itself. */
export const validCode = ({ code, expires }: WaitingPanel, now: Instant) =>
  code !== null && expires !== null && expires > now ? code : null;

/** Codes are made of these only: no vowel, so no word, and nothing that looks like something else. */
const LETTERS = /^[BCDFGHJKLMNPQRSTVWXZ]*$/;
/** They get longer where many panels wait. */
const SHORTEST = 8;

/** What is wrong with a typed code before anybody is asked: every try counts. Null: it may be one. */
export function codeMistake(typed: string): string | null {
  const plain = plainCode(typed);
  if (plain === '') return 'Type the code that stands on the glass';
  if (!LETTERS.test(plain)) {
    const wrong = [...new Set(plain)].filter(letter => !LETTERS.test(letter)).join(' ');
    return `Codes never hold ${wrong}: look again`;
  }
  if (plain.length < SHORTEST) return `A code has at least ${SHORTEST} letters, this has ${plain.length}`;
  return null;
}
