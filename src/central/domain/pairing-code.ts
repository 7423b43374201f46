/** The short code on a panel's glass. Letters and rules of RFC 8628 section 6.1: no vowels, no digits, no look-alikes. */
import { type Instant, minutes, plus } from '../../contract/values/time.ts';

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const SHORT = 8;
const LONG = 10;
/**
 * A guess hits any of the codes that wait: 20^8 keeps five guesses below 2^-32 for one of them only, 20^10 for
 * hundreds (RFC 8628 section 5.1).
 */
const FEW_WAITING = 2;
/** OWASP ASVS 5.0, 6.5.5. */
export const CODE_LIFE = minutes(10);

export type PairingCode = { code: string; expires: Instant };

/** `random(n)` draws evenly from 0..n-1 and is secure; `waiting`: how many other codes are valid right now. */
export function makePairingCode(random: (below: number) => number, waiting: number, now: Instant): PairingCode {
  const length = waiting < FEW_WAITING ? SHORT : LONG;
  const code = Array.from({ length }, () => ALPHABET.charAt(random(ALPHABET.length))).join('');
  return { code, expires: plus(now, CODE_LIFE) };
}
