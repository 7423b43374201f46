/** A checker that never fails proves nothing: bugs are planted into the code as it is loaded, and each must be found. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { Tally } from './run-seeds.ts';
import { inParallel, runChild } from './spread.ts';

const MOST_WORLDS = 300;

it('every planted bug is found', { timeout: 300_000 }, async () => {
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(10);
  const found = await inParallel(availableParallelism(), PLANTED_BUGS, async ({ name }) => {
    const args = ['--seeds', String(MOST_WORLDS), '--from', '1', '--jobs', '1', '--until-found'];
    const env = { LINTEL_PLANTED_BUG: name };
    const { seeds, failures } = v.parse(Tally, await runChild('./main.ts', { args, env, preload: './plant.ts' }));
    return { name, seeds, how: failures[0]?.problems[0] ?? null };
  });
  for (const { name, seeds, how } of found) console.log(`${name}: after ${seeds} worlds, ${how}`);
  // Found by what it did to the world, not by falling over.
  expect(found.filter(({ how }) => how?.includes('Error'))).toEqual([]);
  expect(found.filter(({ how }) => how === null).map(({ name }) => name)).toEqual([]);
});

it('the checker shares no code with what it checks', () => {
  const folder = join(import.meta.dirname, 'checker');
  const files = readdirSync(folder).map(name => readFileSync(join(folder, name), 'utf8'));
  const imported = files.flatMap(text => [...text.matchAll(/from '([^']+)'/g)].map(found => found[1] ?? ''));
  expect(imported.length).toBeGreaterThan(10);
  expect(imported.filter(path => path.includes('/src/') && !path.includes('/src/contract/'))).toEqual([]);
  expect(imported.filter(path => path.includes('/world/'))).toEqual([]);
});
