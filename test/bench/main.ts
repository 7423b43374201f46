/**
 * The figures we promise, measured here and now: `npm run bench` for people, `npm run bench -- --json` for one line.
 * Each stands beside its limit; the exit code is 1 when one is missed. `--only NAME` measures one group.
 */

import { hasChromium } from '../support/chromium.ts';
import { cachedScreen } from './cached-screen.ts';
import { calendarCost } from './calendar-cost.ts';
import { firstLoad, panelSize } from './first-load.ts';
import { idle } from './idle.ts';
import { pollsAnHour } from './polls.ts';
import { push } from './push.ts';
import { relay } from './relay.ts';
import { tapToPaint } from './tap-to-paint.ts';

/** `limit`: at most. */
export type Figure = { value: number; limit: number; unit: string };
export type Figures = Record<string, Figure>;

const GROUPS: Record<string, () => Promise<Figures>> = {
  size: panelSize,
  polls: pollsAnHour,
  calendar: calendarCost,
  push,
  relay,
  load: firstLoad,
  tap: tapToPaint,
  cached: cachedScreen,
  idle,
};
const NEEDS_BROWSER = new Set(['load', 'tap', 'cached', 'idle']);

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const isJson = args.includes('--json');

const figures: Figures = {};
const skipped: string[] = [];
for (const [name, measure] of Object.entries(GROUPS)) {
  if (only !== undefined && only !== name) continue;
  if (NEEDS_BROWSER.has(name) && !hasChromium) {
    skipped.push(name);
    continue;
  }
  if (!isJson) console.log(`measuring ${name} ...`);
  Object.assign(figures, await measure());
}
const missed = Object.entries(figures).filter(([, f]) => !(f.value <= f.limit));
if (isJson) {
  const values = Object.fromEntries(Object.entries(figures).map(([name, f]) => [name, f.value]));
  const limits = Object.fromEntries(Object.entries(figures).map(([name, f]) => [name, f.limit]));
  console.log(JSON.stringify({ ...values, limits, missed: missed.map(([name]) => name), skipped }));
} else {
  for (const [name, { value, limit, unit }] of Object.entries(figures)) {
    console.log(
      `${value <= limit ? 'ok    ' : 'MISSED'}  ${name.padEnd(28)} ${String(value).padStart(9)} ${unit.padEnd(16)} at most ${limit}`,
    );
  }
  if (skipped.length > 0) console.log(`skipped, no Chromium: ${skipped.join(', ')}`);
}
process.exit(missed.length === 0 ? 0 : 1);
