/** Takes every page and dialog in both sizes: node test/console/screenshots.ts <folder for the pictures> [part of a name]. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { buildConsole, SIZES } from './browser.ts';
import { PASSWORD, startFakeCentral, USERNAME } from './fake-central.ts';
import { brokenOffice, emptyOffice, hostileOffice, livelyOffice } from './fixtures.ts';
import type { Shot } from './shot.ts';
import { FLEET_SHOTS } from './shots-fleet.ts';
import { GENERAL_SHOTS } from './shots-general.ts';
import { SETTINGS_SHOTS } from './shots-settings.ts';

const [, , folder, only = ''] = process.argv;
if (!folder) throw new Error('usage: screenshots.ts <folder> [part of a name]');
await mkdir(folder, { recursive: true });
const pages = await buildConsole();
const browser = await chromium.launch(CHROMIUM);
const systemClock = makeSystemClock();
const now = systemClock.now();

const SHOTS: Shot[] = [...GENERAL_SHOTS, ...SETTINGS_SHOTS, ...FLEET_SHOTS];

for (const [size, viewport] of Object.entries(SIZES)) {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  for (const { name, office, hash, act } of SHOTS.filter(shot => shot.name.includes(only))) {
    const offices = {
      empty: emptyOffice,
      broken: () => brokenOffice(now),
      hostile: () => hostileOffice(now),
      lively: () => livelyOffice(now),
    };
    const central = await startFakeCentral(offices[office ?? 'lively'](), pages, systemClock);
    await context.clearCookies();
    const page = await context.newPage();
    page.setDefaultTimeout(4000);
    await page.goto(`${central.origin}/console/${hash}`);
    if (name === 'settings') await page.screenshot({ path: join(folder, `${size}-log-in.png`) });
    await page.getByLabel('User name').fill(USERNAME);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
    await page.waitForTimeout(150);
    await act?.(page);
    await page.waitForTimeout(150);
    // As tall as the page, so that what sticks to an edge stays at an edge; dialogs are shown in the real size.
    const height = act ? 0 : await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) });
    await page.screenshot({ path: join(folder, `${size}-${name}.png`) });
    await page.close();
    await central.stop();
  }
  await context.close();
}
await browser.close();
