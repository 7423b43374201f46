/** A checker that never fails proves nothing: bugs are planted into the code as it is loaded, and each must be found. */
import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { inParallel, runChild } from './spread.ts';

const Report = v.object({
  seeds: v.number(),
  failures: v.array(v.object({ seed: v.number(), problems: v.array(v.string()) })),
});
const MOST_WORLDS = 300;

it('every planted bug is found', { timeout: 300_000 }, async () => {
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(10);
  const found = await inParallel(availableParallelism(), PLANTED_BUGS, async ({ name }) => {
    const args = ['--seeds', String(MOST_WORLDS), '--from', '1', '--jobs', '1', '--until-found'];
    const env = { LINTEL_PLANTED_BUG: name };
    const { seeds, failures } = v.parse(Report, await runChild('./main.ts', { args, env, preload: './plant.ts' }));
    return { name, seeds, how: failures[0]?.problems[0] ?? null };
  });
  for (const { name, seeds, how } of found) console.log(`${name}: after ${seeds} worlds, ${how}`);
  // Found by what it did to the world, not by falling over.
  expect(found.filter(({ how }) => how?.includes('Error'))).toEqual([]);
  expect(found.filter(({ how }) => how === null).map(({ name }) => name)).toEqual([]);
});
