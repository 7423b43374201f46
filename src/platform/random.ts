import { randomBytes, randomInt } from 'node:crypto';

const STEPS = 2 ** 32;

/** Evenly spread over 0 (included) to 1 (not included); what jitter takes. */
export const randomFraction = () => randomInt(STEPS) / STEPS;

/** Secret enough for tokens: `bytes` random bytes as lower-case hex digits. */
export const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
