/** One browser at one console for a test file: opens pages, presses, reads, and fails a test on any fault of a script. */
import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { buildConsole, SIZES } from './browser.ts';
import { type FakeCentral, PASSWORD, startFakeCentral, USERNAME } from './fake-central.ts';
import type { Office } from './fixtures.ts';

export const clock = makeSystemClock();
export const now = () => clock.now();
export type Desk = ReturnType<typeof useDesk>;

/** To be called inside a `describe`; its hooks start and stop everything. */
export function useDesk() {
  let browser: Browser;
  let pages: string;
  let context: BrowserContext;
  let central: FakeCentral;
  let page: Page;
  /** Errors of scripts, and whatever the content security policy refused. */
  let faults: string[];

  beforeAll(async () => {
    [browser, pages] = await Promise.all([chromium.launch(CHROMIUM), buildConsole()]);
  });
  afterAll(async () => {
    await browser?.close();
    if (pages) await rm(pages, { recursive: true });
  });
  afterEach(async () => {
    await context.close();
    await central.stop();
    expect(faults).toEqual([]);
  });

  async function prepare(office: Office, viewport: typeof SIZES.desk) {
    faults = [];
    central = await startFakeCentral(office, pages, clock);
    context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
    await context.addInitScript(axe.source);
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', error => faults.push(String(error)));
    page.on('console', message => {
      if (/Content Security Policy|TrustedScript/.test(message.text())) faults.push(message.text());
    });
  }
  const goTo = (hash: string) => page.goto(`${central.origin}/console/${hash}`);
  /** At the log-in page. */
  async function open(office: Office, hash = '', viewport = SIZES.desk) {
    await prepare(office, viewport);
    await goTo(hash);
  }
  async function logIn(password = PASSWORD) {
    await page.getByLabel('User name').fill(USERNAME);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }
  /** Logged in already. */
  async function openIn(office: Office, hash = '', viewport = SIZES.desk) {
    await prepare(office, viewport);
    // The browser shares these cookies; the log-in page has tests of its own.
    await context.request.post(`${central.origin}/console/api/v1/login`, {
      data: { username: USERNAME, password: PASSWORD },
      headers: { 'lintel-console': '1' },
    });
    await goTo(hash);
    await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  }

  return {
    open,
    openIn,
    logIn,
    goTo,
    get page() {
      return page;
    },
    get context() {
      return context;
    },
    get central() {
      return central;
    },
    /** Patient: the machine may be busy with other tests. */
    soon: <T>(read: () => T) => expect.poll(read, { timeout: 8000 }),
    press: (name: string | RegExp) => page.getByRole('button', { name }).first().click(),
    pressInDialog: (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click(),
    sees: (text: string | RegExp) => page.getByText(text).first().waitFor(),
    heading: () => page.getByRole('heading', { level: 1 }),
    /** Every body that was sent to one path. */
    bodiesTo: (path: string) => central.heard.filter(heard => heard.path === path).map(heard => heard.body),
    hasFocus: (selector: string) => page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector),
    copied: () => page.evaluate(() => navigator.clipboard.readText()),
    /** Fails with the elements that axe-core objects to. */
    async checkAccessibility(where: string) {
      const violations = await page.evaluate(async () => {
        const { violations } = await Reflect.get(globalThis, 'axe').run();
        return violations.map((v: axe.Result) => `${v.id}: ${v.nodes.map(node => node.html).join(' | ')}`);
      });
      expect(violations, where).toEqual([]);
    },
    async checkWidth(where: string) {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, where).toBeLessThanOrEqual(0);
    },
  };
}
