/** The vendor's licence file: one spelling, one signature, one state at a time. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  licenceState,
  readLicence,
  readLicencePublicKey,
  seatsOf,
  signLicence,
} from '../../src/central/domain/licence-file.ts';
import { licence } from '../../src/cli/licence.ts';
import { hours, instant, plus } from '../../src/contract/values/time.ts';
import type { Entitlement } from '../../src/contract/wire/console.ts';
import { fc } from '../support/fast-check.ts';

const NOW = instant(1_790_000_000_000);
const DAY = hours(24);
const vendor = generateKeyPairSync('ed25519');
const ENTITLEMENT: Entitlement = {
  licenceId: 'L-1',
  customer: 'Fjord & Søn AS',
  seats: 12,
  features: ['relay'],
  notBefore: NOW,
  expires: plus(NOW, DAY),
  graceDays: 14,
};
const file = signLicence(ENTITLEMENT, vendor.privateKey);
const keys = [vendor.publicKey];
const believed = { kind: 'licence', entitlement: ENTITLEMENT };

test('a file is read as it was signed, however mail programs and editors mangled its white space', () => {
  const plain = file.replaceAll('\n', '');
  const spellings = [
    file,
    plain,
    `\uFEFF${file}`,
    file.replaceAll('\n', '\r\n'),
    `\r\n  ${plain.match(/.{1,20}/g)?.join('\n\t ')}  \r\n`,
    [...plain].join('\0'),
  ];
  for (const text of spellings) expect(readLicence(text, keys)).toEqual(believed);
});

test('no character of it can be another one, be missing, doubled or swapped with its neighbour', () => {
  const plain = file.replaceAll('\n', '');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/';
  let tried = 0;
  for (let at = 0; at < plain.length; at++) {
    const here = plain[at] ?? '';
    const next = plain[at + 1] ?? here;
    const changed = [...alphabet].filter(c => c !== here).map(c => plain.slice(0, at) + c + plain.slice(at + 1));
    changed.push(plain.slice(0, at) + plain.slice(at + 1), plain.slice(0, at) + here + plain.slice(at));
    if (next !== here) changed.push(plain.slice(0, at) + next + here + plain.slice(at + 2));
    // All of them on the last characters, where base64 has bits to spare; a few elsewhere.
    const few = at > plain.length - 4 || at % 40 === 0 ? changed : changed.filter((_, n) => (n + at) % 23 === 0);
    for (const text of few) {
      expect(readLicence(text, keys).kind).toBe('not-believed');
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(1500);
});

test('random text and random bytes around it are no licence, and break nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
      expect(readLicence(text, keys).kind).toBe('not-believed');
      expect(readLicence(`lintel-licence-v1.${text}`, keys).kind).toBe('not-believed');
    }),
    { numRuns: 500 },
  );
});

test('only the vendor counts: another key, a signature over the payload alone, and no key at all are refused', () => {
  const other = generateKeyPairSync('ed25519');
  expect(readLicence(signLicence(ENTITLEMENT, other.privateKey), keys).kind).toBe('not-believed');
  expect(readLicence(file, [])).toMatchObject({ kind: 'not-believed', why: expect.stringContaining('no vendor') });
  const [format, payload = ''] = file.replaceAll('\n', '').split('.');
  const bare = sign(null, Buffer.from(payload), vendor.privateKey).toString('base64url');
  expect(readLicence(`${format}.${payload}.${bare}`, keys).kind).toBe('not-believed');
  // Well signed, but not an entitlement.
  const odd = Buffer.from(JSON.stringify({ ...ENTITLEMENT, seats: 0 })).toString('base64url');
  const proof = sign(null, Buffer.from(`${format}.${odd}`), vendor.privateKey).toString('base64url');
  expect(readLicence(`${format}.${odd}.${proof}`, keys)).toMatchObject({ why: expect.stringContaining('cannot read') });
});

test('keys are changed by having both for a while; PEM and bare SPKI are the same key', () => {
  const next = generateKeyPairSync('ed25519');
  const pem = next.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const spki = next.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const both = [vendor.publicKey, readLicencePublicKey(pem)];
  expect(readLicence(file, both)).toEqual(believed);
  expect(readLicence(signLicence(ENTITLEMENT, next.privateKey), both)).toEqual(believed);
  expect(readLicencePublicKey(spki).equals(next.publicKey)).toBe(true);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
  expect(() => readLicencePublicKey(rsa.toString())).toThrow('Ed25519');
});

test('a licence is not valid yet, valid, in grace, and lapsed, each to the millisecond', () => {
  const end = plus(NOW, DAY);
  const graceEnd = plus(end, hours(24 * 14));
  const at = (when: number) => licenceState(ENTITLEMENT, instant(when)).kind;
  expect([at(NOW - 1), at(NOW), at(end - 1)]).toEqual(['not-yet', 'valid', 'valid']);
  expect([at(end), at(graceEnd - 1), at(graceEnd)]).toEqual(['grace', 'grace', 'lapsed']);
  expect(licenceState(ENTITLEMENT, end)).toMatchObject({ until: graceEnd });
  expect(licenceState({ ...ENTITLEMENT, expires: null }, instant(8.64e15)).kind).toBe('valid');
  expect(licenceState({ ...ENTITLEMENT, graceDays: 0 }, end).kind).toBe('lapsed');
  expect(licenceState(null, NOW)).toEqual({ kind: 'none' });
  const seats = (when: number) => seatsOf(licenceState(ENTITLEMENT, instant(when)));
  expect([seats(NOW - 1), seats(NOW), seats(end), seats(graceEnd)]).toEqual([0, 12, 12, 0]);
  expect(seatsOf({ kind: 'none' })).toBeNull();
});

describe('lintel licence', () => {
  let dir: string;
  const written: string[] = [];
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lintel-licence-'));
    vi.spyOn(process.stdout, 'write').mockImplementation(text => {
      written.push(String(text));
      return true;
    });
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await rm(dir, { recursive: true, force: true });
  });
  const run = async (words: string[], values: Record<string, string> = {}) => {
    written.length = 0;
    await licence.start(values, words);
    return written.join('');
  };

  test('makes a key pair once, signs with it, and shows what it signed', async () => {
    const key = join(dir, 'vendor.key');
    expect(await run(['new-key'], { key })).toContain('BEGIN PUBLIC KEY');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    await expect(run(['new-key'], { key })).rejects.toThrow('is there already');
    const out = join(dir, 'customer.licence');
    const sale = { key, customer: 'Fjord AS', seats: '40', expires: '2099-01-01', features: 'relay, sso', out };
    expect(await run(['sign'], sale)).toContain('40 seats');
    const publicKey = await readFile(`${key}.pub`, 'utf8');
    const read = readLicence(await readFile(out, 'utf8'), [readLicencePublicKey(publicKey)]);
    expect(read).toMatchObject({
      entitlement: {
        customer: 'Fjord AS',
        seats: 40,
        features: ['relay', 'sso'],
        expires: Date.UTC(2099, 0, 1),
        graceDays: 30,
      },
    });
    const shown = await run(['show', out], { 'public-key': `${key}.pub` });
    expect(shown).toContain('Its signature is good.');
    expect(shown).toContain('Today it is: valid.');
    await expect(run(['show', `${key}.pub`])).rejects.toThrow('no licence file');
  });

  test('says what is missing or wrong', async () => {
    await expect(run([])).rejects.toThrow('new-key, sign or show');
    await expect(run(['toString'])).rejects.toThrow('new-key, sign or show');
    const key = join(dir, 'vendor.key');
    await expect(run(['sign'], { key })).rejects.toThrow('--customer is missing');
    const sale = { key, customer: 'x', seats: '1' };
    await expect(run(['sign'], { ...sale, expires: '2026-02-30' })).rejects.toThrow('must be a date');
    await expect(run(['sign'], { ...sale, seats: '1.5' })).rejects.toThrow('whole number');
    await expect(run(['sign'], { ...sale, expires: '2001-01-01' })).rejects.toThrow('before it begins');
    await expect(run(['sign'], { ...sale, key: `${key}.pub` })).rejects.toThrow('no private Ed25519 key');
  });
});
