/** The only place of the tenant that draws random numbers by itself. */
import { randomBytes, randomUUID } from 'node:crypto';

export const makeGuid = () => randomUUID();
/** `count` random bytes; a test hands in seeded ones. */
export type RandomBytes = (count: number) => Buffer;
export const makeBytes: RandomBytes = count => randomBytes(count);
/** A version 4 GUID from 16 bytes. */
export function guidFrom(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const variant = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant.toString(16)}${hex.slice(18, 20)}-${hex.slice(20)}`;
}
/** Looks like a client secret of Entra ID: 40 characters, some of which must be escaped in a form. */
export const makeClientSecret = () => `${randomBytes(3).toString('hex')}~${randomBytes(24).toString('base64url')}`;
/** A password that a person can type from the screen. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const drawn = [...randomBytes(12)].map(byte => letters.charAt(byte % letters.length)).join('');
  return `${drawn.slice(0, 4)}-${drawn.slice(4, 8)}-${drawn.slice(8)}`;
}
