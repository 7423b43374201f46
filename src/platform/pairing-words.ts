import { createHash } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { PanelId } from '../contract/values/ids.ts';
import { certificateFingerprint } from './certificates.ts';

const BITS_PER_WORD = 11;
const WORDS = 4;

/**
 * Four words (44 bits) over the panel's key and the CA it talks to. Panel and console compute them apart; when they
 * differ, somebody sits in between. Throws when `caPem` is no certificate.
 */
export function pairingWords(panel: PanelId, caPem: string): string[] {
  return pairingWordsOf(caPem)(panel);
}

/** The same for many panels of one central: reading a certificate takes long. */
export function pairingWordsOf(caPem: string): (panel: PanelId) => string[] {
  const fingerprint = certificateFingerprint(caPem);
  return panel => wordsOf(createHash('sha256').update(panel, 'ascii').update(fingerprint).digest());
}

function wordsOf(digest: Buffer): string[] {
  const bits = digest.readUIntBE(0, 6);
  return Array.from({ length: WORDS }, (_, i) => {
    const shift = 2 ** (48 - BITS_PER_WORD * (i + 1));
    return wordlist[Math.floor(bits / shift) % 2 ** BITS_PER_WORD] ?? '';
  });
}
