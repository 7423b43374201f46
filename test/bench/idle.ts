/** A paired panel of a real demo left alone for a minute: what agent and browser cost while nothing changes (Linux). */
import { readFileSync } from 'node:fs';
import { descendants, lintel } from '../e2e/lintel.ts';
import type { Figures } from './main.ts';
import { launch, round } from './support.ts';

const WATCHED_MS = 60_000;
/** Linux counts processor time in hundredths of a second for everybody. */
const TICK_MS = 10;

export async function idle(): Promise<Figures> {
  const demo = lintel(['demo', '--json', '--port', '0']);
  const { panel } = await demo.ready;
  const agent = descendants(demo.child.pid ?? 0).find(pid => commandLine(pid).includes('lintel.js\0panel'));
  if (agent === undefined) throw new Error('the agent of the demo was not found');
  const before = new Set(descendants(process.pid));
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(String(panel));
  await page.waitForTimeout(5000);
  const tree = descendants(process.pid).filter(pid => !before.has(pid));
  const [agentStart, treeStart, began] = [spent(agent), sum(tree), performance.now()];
  await new Promise(resolve => setTimeout(resolve, WATCHED_MS));
  const passed = performance.now() - began;
  const share = (ms: number) => round((ms / passed) * 100, 2);
  const figures: Figures = {
    agentIdleCpuPercent: { value: share(spent(agent) - agentStart), limit: 1, unit: '% of a core' },
    agentPssMiB: { value: round(pss(agent) / 1024), limit: 120, unit: 'MiB' },
    browserIdleCpuPercent: { value: share(sum(tree) - treeStart), limit: 1, unit: '% of a core' },
  };
  await browser.close();
  demo.child.kill('SIGTERM');
  await demo.ended;
  return figures;
}

const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** User and system time in milliseconds. */
function spent(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
const sum = (pids: number[]) => pids.reduce((total, pid) => total + spent(pid), 0);

/** Proportional set size in KiB: shared pages counted by share. */
function pss(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? Number.NaN);
}
