import { expect, test } from 'vitest';
import { instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { afterDeath, HEALTHY_START } from '../../src/shell/back-off.ts';

const started = instant(0);
const quick = { started, ended: plus(started, seconds(2)) };

test('the wait doubles from 1 s to 30 s, and the fifth death in a row is told once', () => {
  let backOff = HEALTHY_START;
  const waits: number[] = [];
  const loops: boolean[] = [];
  for (let i = 0; i < 8; i++) {
    const { next, wait, isCrashLoop } = afterDeath(backOff, quick, 0);
    backOff = next;
    waits.push(wait / 1000);
    loops.push(isCrashLoop);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  expect(loops.indexOf(true)).toBe(4);
  expect(loops.filter(Boolean)).toHaveLength(1);
});

test('chance takes off at most half, and a healthy life forgives', () => {
  expect(afterDeath({ deaths: 20 }, quick, 0.999).wait).toBeGreaterThanOrEqual(seconds(15));
  const healthy = afterDeath({ deaths: 20 }, { started, ended: plus(started, minutes(1)) }, 0);
  expect(healthy).toEqual({ next: { deaths: 1 }, wait: seconds(1), isCrashLoop: false });
});
