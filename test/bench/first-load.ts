import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { startLoopbackShell } from '../../src/shell/chromium/loopback-shell.ts';
import type { Figures } from './main.ts';
import { KIB, launch, PAGES, QUIET, round } from './support.ts';
import { makeToyAgent } from './toy-agent.ts';

export async function panelSize(): Promise<Figures> {
  const scripts = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'));
  const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(PAGES, name)), { level: 9 }).length, 0);
  return { panelJsGzipKiB: { value: round(size / KIB), limit: 60, unit: 'KiB' } };
}

/** What goes over the wire and when text stands there, with an empty cache. */
export async function firstLoad(): Promise<Figures> {
  const shell = await startLoopbackShell({
    agent: makeToyAgent(),
    pagesDir: PAGES,
    port: 0,
    log: QUIET,
    clock: makeSystemClock(),
    launch: false,
    userDataDir: '',
  });
  const browser = await launch();
  const rounds: { text: number; bytes: number; requests: number }[] = [];
  for (let i = 0; i < 5; i++) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const network = await page.context().newCDPSession(page);
    let bytes = 0;
    let requests = 0;
    await network.send('Network.enable');
    network.on('Network.requestWillBeSent', ({ request }) => {
      if (request.url.startsWith('http')) requests++;
    });
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.addInitScript(() => {
      const watch = () => {
        if ((document.body?.innerText ?? '').includes('Fjord')) Object.assign(window, { textAt: performance.now() });
        else requestAnimationFrame(watch);
      };
      watch();
    });
    await page.goto(shell.url);
    await page.waitForFunction(() => 'textAt' in window);
    await page.waitForTimeout(500);
    const text = await page.evaluate(() => Number(Reflect.get(window, 'textAt')));
    rounds.push({ text, bytes, requests });
    await page.context().close();
  }
  await browser.close();
  await shell.stop();
  const worst = (of: 'text' | 'bytes' | 'requests') => Math.max(...rounds.map(r => r[of]));
  return {
    firstLoadKB: { value: round(worst('bytes') / 1000), limit: 150, unit: 'KB on the wire' },
    firstLoadRequests: { value: worst('requests'), limit: 10, unit: 'requests' },
    textVisibleMs: { value: round(worst('text')), limit: 400, unit: 'ms' },
  };
}
