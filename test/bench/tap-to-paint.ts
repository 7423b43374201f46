/**
 * From the end of the finger's touch to the frame on which the tap's effect stands, in Chromium: the asked booking (at 1x
 * and 6x throttle), the search for another room, and the asked booking of one that was found.
 */
import type { Page } from 'playwright-core';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { startLoopbackShell } from '../../src/shell/chromium/loopback-shell.ts';
import type { Figures } from './main.ts';
import { launch, PAGES, percentile, QUIET } from './support.ts';
import { makeToyAgent } from './toy-agent.ts';

const TAPS = 120;
/** How long the page is left alone after a tap, in ms; longer when it is slowed down. */
const REST = 120;
const THROTTLED_REST = 350;
/** After it was asked whether the key is there. */
const SETTLE = 30;

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
  const book = async (times: number, rest: number) => (await rounds(page, ['book'], times, rest))[0] ?? [];
  const plain = await book(TAPS, REST);
  const [find = [], elsewhere = []] = await rounds(page, ['find-room', 'found-room'], TAPS / 2, REST);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const throttled = await book(TAPS / 2, THROTTLED_REST);
  await browser.close();
  await shell.stop();
  return {
    tapToPaintP50Ms: { value: percentile(plain, 0.5), limit: 50, unit: 'ms' },
    tapToPaintP99Ms: { value: percentile(plain, 0.99), limit: 50, unit: 'ms' },
    tapToPaint6xP95Ms: { value: percentile(throttled, 0.95), limit: 100, unit: 'ms' },
    tapToPaintFindP95Ms: { value: percentile(find, 0.95), limit: 50, unit: 'ms' },
    tapToPaintElsewhereP95Ms: { value: percentile(elsewhere, 0.95), limit: 50, unit: 'ms' },
  };
}

/** In the page: notes when a finger lifts, and when the first frame that shows its effect has been painted. */
function watchTaps() {
  const samples: number[] = [];
  Object.assign(window, { samples });
  window.addEventListener(
    'pointerup',
    event => {
      const id = event.target instanceof Element ? event.target.closest('button')?.dataset.testid : undefined;
      if (id === undefined || id === 'dismiss') return;
      const wanted = id === 'find-room' ? 'find' : 'activity';
      const lifted = event.timeStamp;
      let tries = 0;
      const look = () => {
        if (!document.querySelector(`[data-testid="${wanted}"]`))
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

/**
 * Taps these keys one after the other, reads the outcome and dismisses it, so many times over; gives what was measured, key
 * by key. The page is left alone around each tap: asking it anything would be measured too.
 */
async function rounds(page: Page, keys: readonly string[], times: number, rest: number): Promise<number[][]> {
  const samples = () => page.evaluate(() => Reflect.get(window, 'samples').splice(0));
  await samples();
  const places = new Map<string, { x: number; y: number }>();
  const tap = async (key: string) => {
    // A busy machine may take longer than the rest to bring it.
    await page.getByTestId(key).first().waitFor();
    const at = places.get(key) ?? (await middleOf(page, key));
    places.set(key, at);
    await pause(SETTLE);
    await page.touchscreen.tap(at.x, at.y);
    await pause(rest);
  };
  const taken: number[][] = keys.map(() => []);
  for (let i = 0; i < times; i++) {
    for (const [index, key] of keys.entries()) {
      await tap(key);
      taken[index]?.push(...(await samples()));
    }
    await tap('dismiss');
    await samples();
  }
  for (const [index, key] of keys.entries()) {
    const seen = taken[index]?.length;
    if (seen !== times) throw new Error(`${times} taps on ${key}, but ${seen} were seen on the glass`);
  }
  return taken;
}

async function middleOf(page: Page, testId: string) {
  const box = await page.getByTestId(testId).first().boundingBox();
  if (!box) throw new Error(`there is no button ${testId}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
