import { createHash } from 'node:crypto';
import { type LicenceKey, makeLicenceKey } from '../../contract/values/licence-key.ts';

export type IssuedKey = { key: LicenceKey; hash: string; hint: string };

/** `random(n)` draws evenly from 0..n-1 and is secure. */
export function issueLicenceKey(random: (below: number) => number): IssuedKey {
  const key = makeLicenceKey(Array.from({ length: 24 }, () => random(32)));
  return { key, hash: licenceKeyHash(key), hint: `${key.slice(0, 5)}-…-${key.slice(-5)}` };
}

/** SHA-256, hex. Plain, because 120 random bits cannot be guessed back (OWASP ASVS 5.0, 6.5.2). */
export function licenceKeyHash(key: LicenceKey): string {
  return createHash('sha256').update(key.replaceAll('-', '')).digest('hex');
}
