/** Every gallery state in every language, landscape and portrait, in a real Chromium: no word may be too long for its place. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Language } from '../../src/contract/values/policy.ts';
import { CHROMIUM, hasChromium } from '../support/chromium.ts';
import { buildPage } from './build-page.ts';
import { equip, spillsOf } from './gallery-checks.ts';
import { serveStatic } from './serve-static.ts';

describe.skipIf(!hasChromium)('the gallery', () => {
  let built: Awaited<ReturnType<typeof buildPage>>;
  let server: Awaited<ReturnType<typeof serveStatic>>;
  let browser: Browser;
  beforeAll(async () => {
    built = await buildPage('gallery');
    server = await serveStatic(built.folder);
    browser = await chromium.launch(CHROMIUM);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await built?.remove();
  });

  /** German has the longest words: it is looked at both ways for every state, the others either way by turns. */
  const isVisited = (language: Language, isPortrait: boolean, index: number) =>
    language === 'de' || (index % 2 === 0) === isPortrait;

  test.each(Language.options)('nothing spills in %s, on either clock', { timeout: 60_000 }, async language => {
    const visit = async (isPortrait: boolean) => {
      const viewport = isPortrait ? { width: 800, height: 1280 } : { width: 1280, height: 800 };
      const page = await browser.newPage({ viewport });
      const problems: string[] = [];
      page.on('console', message => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', error => problems.push(error.message));
      await equip(page);
      await page.goto(server.url);
      const all = await page.evaluate(() => window.galleryStates ?? []);
      // Those that stand there in another language or theme are others of them, seen twice.
      const names = all.filter(name => !/^(de|nb|dark|12h)-/.test(name));
      expect(names.length).toBeGreaterThan(100);
      const states = names
        .map((name, index) => `${name}?language=${language}&hourCycle=${index % 4 < 2 ? '12h' : '24h'}`)
        .filter((_, index) => isVisited(language, isPortrait, index));
      problems.push(...(await spillsOf(page, states)));
      await page.close();
      return problems;
    };
    // One after the other: two pages that paint at once take three times as long.
    expect(await visit(false)).toEqual([]);
    expect(await visit(true)).toEqual([]);
  });
});
