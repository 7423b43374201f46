/** The only place of the tenant that draws random numbers. */
import { randomBytes, randomUUID } from 'node:crypto';

export const makeGuid = () => randomUUID();
export const makeBytes = (count: number) => randomBytes(count);
/** Looks like a client secret of Entra ID: 40 characters, some of which must be escaped in a form. */
export const makeClientSecret = () => `${randomBytes(3).toString('hex')}~${randomBytes(24).toString('base64url')}`;
/** A password that a person can type from the screen. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const drawn = [...randomBytes(12)].map(byte => letters.charAt(byte % letters.length)).join('');
  return `${drawn.slice(0, 4)}-${drawn.slice(4, 8)}-${drawn.slice(8)}`;
}
