/** From the end of the finger's touch to the frame on which the asked booking stands, in Chromium, at 1x and 6x throttle. */
import type { Page } from 'playwright-core';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { startLoopbackShell } from '../../src/shell/chromium/loopback-shell.ts';
import type { Figures } from './main.ts';
import { launch, PAGES, percentile, QUIET } from './support.ts';
import { makeToyAgent } from './toy-agent.ts';

const TAPS = 120;

export async function tapToPaint(): Promise<Figures> {
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
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, hasTouch: true })).newPage();
  await page.addInitScript(watchTaps);
  await page.goto(shell.url);
  await page.getByRole('button', { name: /^30 min/ }).waitFor();
  const plain = await tap(page, TAPS, 120);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const throttled = await tap(page, TAPS / 2, 350);
  await browser.close();
  await shell.stop();
  return {
    tapToPaintP50Ms: { value: percentile(plain, 0.5), limit: 50, unit: 'ms' },
    tapToPaintP99Ms: { value: percentile(plain, 0.99), limit: 50, unit: 'ms' },
    tapToPaint6xP95Ms: { value: percentile(throttled, 0.95), limit: 100, unit: 'ms' },
  };
}

/** In the page: notes when a finger lifts, and when the first frame that shows the wish has been painted. */
function watchTaps() {
  const samples: number[] = [];
  Object.assign(window, { samples });
  window.addEventListener(
    'pointerup',
    event => {
      if (event.target instanceof Element && event.target.closest('[data-testid="dismiss"]')) return;
      const lifted = event.timeStamp;
      let tries = 0;
      const look = () => {
        if (!document.querySelector('[data-testid="activity"]'))
          return tries++ < 60 ? void requestAnimationFrame(look) : undefined;
        // The next task after a frame's callbacks runs when that frame has been handed over for painting.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => samples.push(performance.now() - lifted);
        port2.postMessage(null);
      };
      requestAnimationFrame(look);
    },
    { capture: true },
  );
}

/** The page is left alone around each tap: asking it anything would be measured too. */
async function tap(page: Page, times: number, rest: number): Promise<number[]> {
  await page.evaluate(() => Reflect.get(window, 'samples').splice(0));
  const book = await middleOf(page, /^30 min/);
  let dismiss: { x: number; y: number } | null = null;
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    await page.touchscreen.tap(book.x, book.y);
    await pause(rest);
    taken.push(...(await page.evaluate(() => Reflect.get(window, 'samples').splice(0))));
    dismiss ??= await middleOf(page, 'OK');
    await page.touchscreen.tap(dismiss.x, dismiss.y);
    await pause(rest);
    await page.evaluate(() => Reflect.get(window, 'samples').splice(0));
  }
  if (taken.length !== times) throw new Error(`${times} taps, but ${taken.length} were seen on the glass`);
  return taken;
}

async function middleOf(page: Page, name: string | RegExp) {
  const box = await page.getByRole('button', { name }).boundingBox();
  if (!box) throw new Error(`there is no button ${name}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
