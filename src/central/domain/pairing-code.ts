/** The short code on a panel's glass. Letters and rules of RFC 8628 section 6.1: no vowels, no digits, no look-alikes. */
import { type Instant, minutes, plus } from '../../contract/values/time.ts';

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const SHORTEST = 8;
/** OWASP ASVS 5.0, 6.5.5. */
export const CODE_LIFE = minutes(10);
/** Wrong tries in all that anybody gets within the life of a code (code-tries.ts). */
export const WRONG_TRIES = 5;
/** What all the tries within a code's life may have as their chance to hit any code at all, RFC 8628 section 5.1. */
export const HIT_BUDGET = 2 ** -32;

export type PairingCode = { code: string; expires: Instant };

/** `random(n)` draws evenly from 0..n-1 and is secure; `pending`: how long the other codes are that are valid right now. */
export function makePairingCode(
  random: (below: number) => number,
  pending: readonly number[],
  now: Instant,
): PairingCode {
  const length = codeLength(pending);
  const code = Array.from({ length }, () => ALPHABET.charAt(random(ALPHABET.length))).join('');
  return { code, expires: plus(now, CODE_LIFE) };
}

/**
 * How long the next code must be. A try hits whichever code it likes, so that the chances of all valid codes add up, and
 * together they must stay within the budget, in whatever order codes come and go. So each new code takes only a share of
 * what the others left: a lone one nine tenths, so that it has eight characters; with k others one in k + 2, by which the
 * rest shrinks no faster than 1 in k. A thousand at once have 12 characters.
 */
export function codeLength(pending: readonly number[]): number {
  const left = HIT_BUDGET - pending.reduce((sum, length) => sum + hitChance(length), 0);
  const share = left * (pending.length === 0 ? 0.9 : 1 / (pending.length + 2));
  let length = SHORTEST;
  while (hitChance(length) > share) {
    // Codes of before this rule may have used up more than there was.
    if (length === LONGEST) break;
    length++;
  }
  return length;
}

const LONGEST = 20;

/** The chance that the tries of one code's life hit one code of this length. */
export function hitChance(length: number): number {
  return WRONG_TRIES / ALPHABET.length ** length;
}

/** As somebody types it: case, spaces and dashes do not matter. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s\p{Pd}.]/gu, '');
}
