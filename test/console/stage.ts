/** A browser in front of a fake central, as the tests of a page need it. */
import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { buildConsole, SIZES } from './browser.ts';
import { type FakeCentral, PASSWORD, startFakeCentral, USERNAME } from './fake-central.ts';
import type { Office } from './fixtures.ts';

export type Stage = Awaited<ReturnType<typeof raiseStage>>;
export const stageClock = makeSystemClock();
export const now = () => stageClock.now();

/** Builds the console and starts the browser, once a file. */
export async function raiseStage() {
  const [browser, pages] = await Promise.all([chromium.launch(CHROMIUM), buildConsole()]);
  return {
    browser,
    pages,
    async strike() {
      await browser.close();
      await rm(pages, { recursive: true });
    },
  };
}

export type Scene = {
  page: Page;
  context: BrowserContext;
  central: FakeCentral;
  /** Presses the first button of that name. */
  press: (name: string | RegExp) => Promise<void>;
  pressInDialog: (name: string | RegExp) => Promise<void>;
  sees: (text: string | RegExp) => Promise<void>;
  /** Patient: the machine may be busy with other tests. */
  soon: <T>(read: () => T) => ReturnType<typeof expect.poll<T>>;
  bodiesTo: (path: string) => unknown[];
  /** Fails with what axe finds wrong with what is on screen. */
  checkAccess: (where: string) => Promise<void>;
  hasFocus: (selector: string) => Promise<boolean>;
  /** Fails when a script failed or the content security policy refused something. */
  close: () => Promise<void>;
};

/** Signed in, at `hash`. */
export async function openScene(
  { browser, pages }: { browser: Browser; pages: string },
  office: Office,
  hash: string,
  viewport: typeof SIZES.desk = SIZES.desk,
): Promise<Scene> {
  const faults: string[] = [];
  const central = await startFakeCentral(office, pages, stageClock);
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  await context.addInitScript(axe.source);
  // Nobody is there to close the browser's print dialog.
  await context.addInitScript(() => {
    window.print = () => {
      Reflect.set(globalThis, 'wasPrinted', true);
    };
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    if (/Content Security Policy|TrustedScript/.test(message.text())) faults.push(message.text());
  });
  await context.request.post(`${central.origin}/console/api/v1/login`, {
    data: { username: USERNAME, password: PASSWORD },
    headers: { 'lintel-console': '1' },
  });
  await page.goto(`${central.origin}/console/${hash}`);
  await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  return {
    page,
    context,
    central,
    press: name => page.getByRole('button', { name }).first().click(),
    pressInDialog: name => page.getByRole('dialog').getByRole('button', { name }).click(),
    sees: text => page.getByText(text).first().waitFor(),
    soon: read => expect.poll(read, { timeout: 8000 }),
    bodiesTo: path => central.heard.filter(heard => heard.path === path).map(heard => heard.body),
    async checkAccess(where) {
      const violations = await page.evaluate(async () => {
        const { violations } = await Reflect.get(globalThis, 'axe').run();
        return violations.map((v: axe.Result) => `${v.id}: ${v.nodes.map(node => node.html).join(' | ')}`);
      });
      expect(violations, where).toEqual([]);
    },
    hasFocus: selector => page.evaluate(css => document.activeElement?.matches(css) ?? false, selector),
    async close() {
      await context.close();
      await central.stop();
      expect(faults).toEqual([]);
    },
  };
}

/** Fails when the page is wider than the window, made an element of foreign text, or lets it turn text around. */
export async function expectHarmless({ page }: Scene, where: string): Promise<void> {
  expect(await page.locator('main img[onerror], main script').count(), where).toBe(0);
  expect(await page.locator('main').innerText(), where).not.toMatch(/\u202E/);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, where).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'wasHit')), where).toBeUndefined();
}

/** How long the page is busy with one key, in milliseconds: from the key to the frame after. The median of several. */
export async function typingCost(page: Page, selector: string, text: string): Promise<number> {
  const costs: number[] = [];
  for (let n = 1; n <= text.length; n++) {
    const cost = await page.evaluate(
      async ([css, typed]) => {
        const input = document.querySelector<HTMLInputElement>(css ?? '');
        if (!input) throw new Error(`no ${css}`);
        const start = performance.now();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, typed);
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
        return performance.now() - start;
      },
      [selector, text.slice(0, n)] as const,
    );
    costs.push(cost);
  }
  return costs.sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
}
