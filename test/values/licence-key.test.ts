import * as v from 'valibot';
import { expect, it } from 'vitest';
import { LicenceKey, makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { makeDice } from '../support/dice.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const dice = makeDice(7);
const randomKey = () => makeLicenceKey(Array.from({ length: 24 }, () => Math.floor(dice() * 32)));
const isValid = (key: string) => v.safeParse(LicenceKey, key).success;

it('is read however it is typed', () => {
  const key = randomKey();
  expect(key).toMatch(/^([0-9A-Z]{5}-){4}[0-9A-Z]{5}$/);
  expect(v.parse(LicenceKey, key.toLowerCase().replaceAll('-', ' '))).toBe(key);
  expect(v.parse(LicenceKey, key.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(key);
});

it('catches every wrong character and every swap of neighbours', () => {
  for (let round = 0; round < 20; round++) {
    const plain = randomKey().replaceAll('-', '');
    for (let i = 0; i < plain.length; i++) {
      for (const other of ALPHABET) {
        if (other !== plain[i]) expect(isValid(plain.slice(0, i) + other + plain.slice(i + 1))).toBe(false);
      }
      const swapped = plain.slice(0, i) + (plain[i + 1] ?? '') + plain[i] + plain.slice(i + 2);
      if (swapped !== plain && i + 1 < plain.length) expect(isValid(swapped)).toBe(false);
    }
  }
});

it('refuses keys that are too short, too long or foreign', () => {
  const key = randomKey();
  for (const bad of ['', key.slice(0, -1), `${key}0`, key.replace(/.$/, 'U'), 'ÅÅÅÅÅ'])
    expect(isValid(bad)).toBe(false);
});
