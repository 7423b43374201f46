import type { Instant } from '../../../../src/contract/values/time.ts';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';

/** `BCDF-GHJK`: in two halves, as on the glass. */
export function groupCode(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)}-${code.slice(half)}`;
}

/** The code while it is good: central says nothing when one runs out, so the page watches the time itself. */
export const validCode = ({ code, expires }: WaitingPanel, now: Instant) =>
  code !== null && expires !== null && expires > now ? code : null;
