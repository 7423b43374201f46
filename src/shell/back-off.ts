/** How long to wait before starting something again that died. Pure: time and chance are handed in. */
import { between, type Duration, type Instant, milliseconds, minutes, seconds } from '../contract/values/time.ts';

const FIRST = seconds(1);
const LONGEST = seconds(30);
/** Whoever lived this long was healthy; the next death counts as the first again. */
const HEALTHY = minutes(1);
/** Deaths in a row, none of them after a healthy life, that make a crash loop. */
const LOOP = 5;

export type BackOff = { deaths: number };
export const HEALTHY_START: BackOff = { deaths: 0 };

/**
 * After a death: the wait doubles from 1 s to 30 s, of which a random half is taken off (so that a fleet does not
 * march in step). `isCrashLoop` is true once per episode, at the fifth death in a row. `random` is in 0..1.
 */
export function afterDeath(
  before: BackOff,
  life: { started: Instant; ended: Instant },
  random: number,
): { next: BackOff; wait: Duration; isCrashLoop: boolean } {
  const deaths = between(life.started, life.ended) >= HEALTHY ? 1 : before.deaths + 1;
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(deaths - 1, 10));
  return { next: { deaths }, wait: milliseconds(full * (1 - random / 2)), isCrashLoop: deaths === LOOP };
}
