/** Secure randomness for central: identifiers, secrets, codes. */
import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 128 random bits, hex. */
export const newId = () => randomBytes(16).toString('hex');
/** 256 random bits, base64url. */
export const newSecret = () => randomBytes(32).toString('base64url');
/** Evenly from 0..below-1. */
export const randomBelow = (below: number) => randomInt(below);
/** SHA-256 of a secret with at least 128 random bits, for looking it up without storing it. */
export const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
