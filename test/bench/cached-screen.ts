/** A panel restarted without any network: from the renderer's load to the room and its day from the snapshot. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEMORY_FILE, SNAPSHOT_FILE } from '../../src/agent/recall.ts';
import { hours, minutes, plus } from '../../src/contract/values/time.ts';
import { dayAround, windowAround } from '../../src/core/day.ts';
import { makeFiles } from '../../src/platform/files.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { startLoopbackShell } from '../../src/shell/chromium/loopback-shell.ts';
import { openPanel } from '../../src/shell/open-panel.ts';
import { CENTRAL } from '../core/harness.ts';
import { config, meeting, OSLO, PRIVACY } from '../support/samples.ts';
import type { Figures } from './main.ts';
import { launch, PAGES, QUIET, round } from './support.ts';

export async function cachedScreen(): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lintel-bench-'));
  const clock = makeSystemClock();
  const now = clock.now();
  const files = makeFiles(dataDir);
  const room = config();
  const { start } = dayAround(now, OSLO);
  const meetings = Array.from({ length: 12 }, (_, i) =>
    meeting(`m${i}`, plus(start, hours(i + 8)), plus(start, minutes(i * 60 + 530))),
  );
  await files.write(MEMORY_FILE, JSON.stringify({ central: { ...CENTRAL, url: 'https://127.0.0.1:9' }, config: room }));
  await files.write(
    SNAPSHOT_FILE,
    JSON.stringify({
      room: room.room.id,
      privacy: PRIVACY,
      lastRead: plus(now, minutes(-20)),
      window: windowAround(now, OSLO),
      meetings,
      checkIns: [],
      held: null,
    }),
  );
  const panel = await openPanel({
    dataDir,
    programDir: dataDir,
    agentVersion: 'bench',
    env: {},
    clock,
    log: QUIET,
    keychain: 'off',
  });
  const shell = await startLoopbackShell({
    agent: panel.agent,
    pagesDir: PAGES,
    port: 0,
    log: QUIET,
    clock,
    launch: false,
    userDataDir: dataDir,
  });
  const browser = await launch();
  const took: number[] = [];
  for (let i = 0; i < 3; i++) {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const watch = () => {
        const text = document.body?.innerText ?? '';
        if (text.includes('Fjord') && /Last updated/.test(text) && /Meeting m\d/.test(text))
          Object.assign(window, { shownAt: performance.now() });
        else requestAnimationFrame(watch);
      };
      watch();
    });
    await page.goto(shell.url);
    await page.waitForFunction(() => 'shownAt' in window, undefined, { timeout: 10_000 });
    took.push(await page.evaluate(() => Number(Reflect.get(window, 'shownAt'))));
    await page.close();
  }
  await browser.close();
  await shell.stop();
  await panel.stop();
  await rm(dataDir, { recursive: true, force: true });
  return { cachedScreenMs: { value: round(Math.max(...took)), limit: 1500, unit: 'ms' } };
}
