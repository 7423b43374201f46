/** Runs a range of worlds in this process and judges each. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { check } from './checker/check.ts';
import { countReleases } from './checker/check-releases.ts';
import { countDeclines } from './checker/check-strikes.ts';
import type { History } from './history.ts';
import type { Limits } from './world/plan.ts';
import { runWorld } from './world/world.ts';

export const EVERYTHING: Limits = { access: ['direct-graph', 'relay'], modes: ['direct', 'direct', 'invite'] };

/** `virtualHours`: time that passed in the worlds, once for each panel. */
export const Tally = v.object({
  seeds: v.number(),
  failures: v.array(v.object({ seed: v.number(), problems: v.array(v.string()) })),
  virtualHours: v.number(),
  requests: v.number(),
  /** Rooms given back because nobody came. */
  releases: v.number(),
  /** Series declined because nobody came again and again. */
  declines: v.number(),
});
export type Tally = v.InferOutput<typeof Tally>;

export async function runSeeds(seeds: readonly number[], isUntilFound: boolean, limits = EVERYTHING): Promise<Tally> {
  const tally: Tally = { seeds: 0, failures: [], virtualHours: 0, requests: 0, releases: 0, declines: 0 };
  for (const seed of seeds) {
    const { problems, history } = await judge(seed, limits, null);
    tally.seeds++;
    tally.requests += history?.requests ?? 0;
    if (history) tally.releases += countReleases(history);
    if (history) tally.declines += countDeclines(history);
    if (history) tally.virtualHours += hoursLived(history);
    if (problems.length > 0) tally.failures.push({ seed, problems });
    if (isUntilFound && problems.length > 0) break;
  }
  return tally;
}

/** With its power on. */
const hoursLived = ({ span, panels, troubles }: History): number => {
  const nights = troubles.filter(({ kind }) => kind === 'night').map(night => night.span.end - night.span.start);
  return ((span.end - span.start) * panels.length - nights.reduce((sum, night) => sum + night, 0)) / 3_600_000;
};

/** One world told line by line; `hash` is over the whole story, the same whenever the seed is. */
export async function replay(seed: number, limits: Limits, tell: (line: string) => void) {
  const hash = createHash('sha256');
  const { problems } = await judge(seed, limits, line => {
    hash.update(`${line}\n`);
    tell(line);
  });
  return { problems, hash: hash.digest('hex') };
}

async function judge(seed: number, limits: Limits, trace: ((line: string) => void) | null) {
  try {
    const history = await runWorld({ seed, limits, trace });
    return { history, problems: check(history) };
  } catch (error) {
    return { history: null, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
