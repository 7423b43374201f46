import * as v from 'valibot';
import { expect, test } from 'vitest';
import { PinHash } from '../../src/contract/values/policy.ts';
import { isPin, makePin } from '../../src/platform/pin.ts';

test('a PIN is known again by its hash, and no other is', async () => {
  const pin = await makePin('4711');
  expect(v.parse(PinHash, pin)).toEqual(pin);
  expect(await isPin(pin, '4711')).toBe(true);
  for (const other of ['4712', '471', '47110', '', ' 4711', '４７１１']) expect(await isPin(pin, other)).toBe(false);
});

test('the same digits give another hash each time, and a hash of another salt does not fit', async () => {
  const [one, two] = await Promise.all([makePin('4711'), makePin('4711')]);
  expect(one.salt).not.toBe(two.salt);
  expect(one.hash).not.toBe(two.hash);
  expect(await isPin({ salt: two.salt, hash: one.hash }, '4711')).toBe(false);
});

test('is scrypt as RFC 7914 has it, N = 2^14', async () => {
  // Its third test vector, cut to the 32 bytes we keep: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1, 64).
  const salt = Buffer.from('SodiumChloride').toString('base64url');
  const hash = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';
  expect(await isPin({ salt, hash: Buffer.from(hash, 'hex').toString('base64url') }, 'pleaseletmein')).toBe(true);
});

test('a guess costs some 20 ms or more', async () => {
  const pin = await makePin('4711');
  const before = performance.now();
  for (let i = 0; i < 5; i++) await isPin(pin, '0000');
  const each = (performance.now() - before) / 5;
  console.log(`one PIN checked in ${each.toFixed(0)} ms`);
  expect(each).toBeGreaterThan(5);
});
