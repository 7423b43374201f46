/**
 * Runs worlds and judges them.
 *
 *   node test/simulation/main.ts --seeds N --from S    N worlds over all cores; one JSON line at the end
 *   node test/simulation/main.ts --seed S [--trace]    one world, told line by line
 *   --until-found                                      each core stops at the first world in which something is wrong
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { EVERYTHING, replay, runSeeds, Tally } from './run-seeds.ts';
import { runChild } from './spread.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    step: { type: 'string', default: '1' },
    'until-found': { type: 'boolean', default: false },
  },
});
const began = performance.now();
if (values.seed !== undefined) await one(Number(values.seed));
else await many(Number(values.seeds), Number(values.from), Number(values.jobs));

async function one(seed: number) {
  const { problems, hash } = await replay(seed, EVERYTHING, line => values.trace && console.log(line));
  for (const problem of problems) console.log(`seed ${seed}: ${problem}`);
  console.log(JSON.stringify({ seed, failed: problems.length > 0 ? 1 : 0, hash }));
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** One job does its share here; more are children that do theirs, every n-th seed each. */
async function many(count: number, from: number, jobs: number) {
  const step = Number(values.step);
  if (jobs <= 1) {
    const seeds = Array.from({ length: count }, (_, n) => from + n * step);
    return report([await runSeeds(seeds, values['until-found'])], true);
  }
  const tallies = await Promise.all(
    Array.from({ length: jobs }, async (_, job) => {
      const share = Math.ceil((count - job) / jobs);
      const args = ['--seeds', String(share), '--from', String(from + job), '--step', String(jobs), '--jobs', '1'];
      if (values['until-found']) args.push('--until-found');
      return v.parse(Tally, await runChild('./main.ts', { args }));
    }),
  );
  report(tallies, false);
}

function report(tallies: Tally[], isShare: boolean) {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const failures = tallies.flatMap(tally => tally.failures).sort((a, b) => a.seed - b.seed);
  const counts = {
    seeds: sum(t => t.seeds),
    virtualHours: sum(t => t.virtualHours),
    requests: sum(t => t.requests),
    releases: sum(t => t.releases),
    declines: sum(t => t.declines),
  };
  if (isShare) return console.log(JSON.stringify({ ...counts, failures }));
  for (const { seed, problems } of failures) for (const problem of problems) console.log(`seed ${seed}: ${problem}`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const { seeds, requests, releases, declines } = counts;
  const virtualHours = Math.round(counts.virtualHours);
  console.log(JSON.stringify({ seeds, failed: failures.length, seconds, virtualHours, requests, releases, declines }));
  process.exitCode = failures.length > 0 ? 1 : 0;
}
