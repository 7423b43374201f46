/** Thousands of worlds in which everything goes wrong, and a checker that knows only what the tenant wrote down. */
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { seedOfThisRun } from '../support/dice.ts';
import { Tally } from './run-seeds.ts';
import { inParallel, runChild } from './spread.ts';

const Replayed = v.object({ seed: v.number(), failed: v.number(), hash: v.string() });

const WORLDS = 2000;
const BATCH = 125;

it('nothing that must not happen happens in 2,000 worlds', { timeout: 300_000 }, async () => {
  const first = seedOfThisRun();
  console.log(`worlds ${first} to ${first + WORLDS - 1}`);
  const batches = Array.from({ length: WORLDS / BATCH }, (_, n) => first + n * BATCH);
  const began = performance.now();
  const reports = await inParallel(availableParallelism(), batches, async from => {
    const args = ['--seeds', String(BATCH), '--from', String(from), '--jobs', '1'];
    return v.parse(Tally, await runChild('./main.ts', { args }));
  });
  const sum = (of: (tally: Tally) => number) => reports.reduce((all, one) => all + of(one), 0);
  const failures = reports.flatMap(report => report.failures);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const [virtualHours, requests] = [Math.round(sum(r => r.virtualHours)), sum(r => r.requests)];
  const [releases, declines] = [sum(r => r.releases), sum(r => r.declines)];
  console.log(
    JSON.stringify({
      ...{ seeds: sum(r => r.seeds), failed: failures.length, seconds, virtualHours },
      ...{ requests, releases, declines },
    }),
  );
  // To be told what happened: node test/simulation/main.ts --seed <seed> --trace
  expect(failures).toEqual([]);
  expect(sum(r => r.seeds)).toBe(WORLDS);
  // Else nothing is known about them.
  expect(releases).toBeGreaterThan(200);
  expect(declines).toBeGreaterThan(20);
});

it('the same seed tells the same story, line by line', { timeout: 60_000 }, async () => {
  for (const seed of [3, 17, 400]) {
    const told = await inParallel(2, [1, 2], async () =>
      v.parse(Replayed, await runChild('./main.ts', { args: ['--seed', String(seed)] })),
    );
    expect(told[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(told[1]?.hash).toBe(told[0]?.hash);
  }
});
