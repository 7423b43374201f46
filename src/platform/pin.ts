/** The panel access PIN: kept as a salted scrypt hash (RFC 7914), so that nobody reads it off a panel's disk. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PinHash } from '../contract/values/policy.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 16 MiB and some 50 ms a guess: a PIN has few digits, and a panel little memory. */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;

/** A new salt every time: the same digits give another hash. */
export async function makePin(digits: string): Promise<PinHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(digits, salt);
  return { salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

/** Whether these digits made this hash; compared in constant time. */
export async function isPin(pin: PinHash, digits: string): Promise<boolean> {
  const expected = Buffer.from(pin.hash, 'base64url');
  const found = await derive(digits, Buffer.from(pin.salt, 'base64url'));
  return found.length === expected.length && timingSafeEqual(found, expected);
}

function derive(digits: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(digits, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
