/** A thousand panels, each on its own stream over TLS: how long from the save until each has parsed what it should run? */
import { randomBytes } from 'node:crypto';
import { minutes } from '../../src/contract/values/time.ts';
import type { Figures } from './main.ts';
import { PushFleet } from './push-fleet.ts';
import { KIB, percentile } from './support.ts';

const PANELS = 1000;
const ROUNDS = 5;

export async function push(): Promise<Figures> {
  const fleet = await PushFleet.start(PANELS);
  try {
    const plain: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      plain.push(...(await fleet.push({ startingSoon: minutes(5 + n) })).latencies);
    }
    const withLogo: number[] = [];
    for (let n = 0; n < ROUNDS; n++) withLogo.push(...(await fleet.push({ logo: makeLogo(24) })).latencies);
    return {
      pushP99: { value: percentile(plain, 0.99), limit: 250, unit: 'ms' },
      pushSlowest: { value: percentile(plain, 1), limit: 1000, unit: 'ms' },
      pushWithLogoSlowest: { value: percentile(withLogo, 1), limit: 1000, unit: 'ms' },
    };
  } finally {
    await fleet.stop();
  }
}

/** A picture, as far as anybody on the way can tell. */
export function makeLogo(kib: number): string {
  return `data:image/png;base64,${randomBytes(kib * KIB).toString('base64')}`;
}
