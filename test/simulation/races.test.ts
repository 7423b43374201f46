/** Two panels at one door, or five, and everybody taps at once: exactly one gets the room, and the others are told. */
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { seedOfThisRun } from '../support/dice.ts';
import { inParallel, runChild } from './spread.ts';

const Races = v.object({
  rounds: v.number(),
  contested: v.number(),
  slowest: v.number(),
  problems: v.array(v.string()),
});
const ROUNDS = 10_000;
const BATCH = 500;

it('10,000 races have one winner each, and the losers are told within one poll', { timeout: 300_000 }, async () => {
  const seed = seedOfThisRun();
  const batches = Array.from({ length: ROUNDS / BATCH }, (_, n) => ({ panels: 2 + (n % 4), seed: seed + n }));
  const began = performance.now();
  const told = await inParallel(availableParallelism(), batches, async batch => {
    const args = ['--panels', batch.panels, '--rounds', BATCH, '--seed', batch.seed].map(String);
    return v.parse(Races, await runChild('./run-races.ts', { args }));
  });
  const sum = (of: (races: v.InferOutput<typeof Races>) => number) =>
    told.reduce((total, races) => total + of(races), 0);
  const slowest = Math.max(...told.map(races => races.slowest));
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(JSON.stringify({ seed, rounds: sum(r => r.rounds), contested: sum(r => r.contested), slowest, seconds }));
  expect(told.flatMap(races => races.problems)).toEqual([]);
  expect(sum(races => races.rounds)).toBe(ROUNDS);
  // Else nobody would have raced anybody.
  expect(sum(races => races.contested)).toBeGreaterThan(ROUNDS / 4);
  expect(slowest).toBeLessThanOrEqual(30_000);
});
