/** Takes every page and dialog in both sizes: node test/console/screenshots.ts <folder for the pictures>. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { buildConsole, SIZES } from './browser.ts';
import { PASSWORD, startFakeCentral, USERNAME } from './fake-central.ts';
import { brokenOffice, emptyOffice, hostileOffice, livelyOffice } from './fixtures.ts';

const folder = process.argv[2];
if (!folder) throw new Error('usage: screenshots.ts <folder>');
await mkdir(folder, { recursive: true });
const pages = await buildConsole();
const browser = await chromium.launch(CHROMIUM);
const systemClock = makeSystemClock();
const now = systemClock.now();

type Shot = {
  name: string;
  office?: 'empty' | 'hostile' | 'broken';
  hash: string;
  act?: (page: Page) => Promise<unknown>;
};
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const SHOTS: Shot[] = [
  { name: 'settings', hash: '#/server-settings' },
  {
    name: 'settings-advanced',
    hash: '#/server-settings',
    act: async page => {
      await page.getByText('Advanced').click();
      await page.getByLabel('Cloud').selectOption('typed-in');
      await page.getByLabel('Default time zone').fill('york');
    },
  },
  {
    name: 'settings-errors',
    hash: '#/server-settings',
    office: 'empty',
    act: async page => {
      await page.getByLabel('Tenant ID').fill(' ');
      await press('Save Settings')(page);
    },
  },
  { name: 'settings-saved', hash: '#/server-settings', act: press('Save Settings') },
  { name: 'settings-delete', hash: '#/server-settings', act: press('Delete Access Token') },
  {
    name: 'settings-leave',
    hash: '#/server-settings',
    act: async page => {
      await page.getByLabel('Tenant ID').fill('other');
      await page.getByRole('link', { name: /Rooms/ }).first().click();
    },
  },
  { name: 'settings-first', office: 'empty', hash: '#/server-settings' },
  { name: 'settings-broken', office: 'broken', hash: '#/server-settings' },
  {
    name: 'settings-broken-raw',
    office: 'broken',
    hash: '#/server-settings',
    act: page => page.getByText("The provider's own words").click(),
  },
  { name: 'rooms-broken', office: 'broken', hash: '#/rooms' },
  { name: 'settings-hostile', office: 'hostile', hash: '#/server-settings' },
  { name: 'rooms', hash: '#/rooms' },
  { name: 'rooms-unpair', hash: '#/rooms', act: press(/^Unpair/) },
  { name: 'rooms-empty', office: 'empty', hash: '#/rooms' },
  { name: 'rooms-hostile', office: 'hostile', hash: '#/rooms' },
  { name: 'keys', hash: '#/licence-keys' },
  { name: 'keys-empty', office: 'empty', hash: '#/licence-keys' },
  { name: 'keys-form', hash: '#/licence-keys', act: press('Create keys') },
  {
    name: 'keys-created',
    hash: '#/licence-keys',
    act: async page => {
      await press('Create keys')(page);
      await page.getByRole('button', { name: 'Create', exact: true }).click();
    },
  },
  { name: 'keys-revoke', hash: '#/licence-keys', act: press(/^Revoke/) },
  { name: 'macs', hash: '#/free-macs' },
  { name: 'macs-code', hash: '#/free-macs?code=LMNP-QRST' },
  { name: 'macs-empty', office: 'empty', hash: '#/free-macs' },
  { name: 'macs-approve', hash: '#/free-macs', act: press(/^Approve/) },
  {
    name: 'macs-approve-chosen',
    hash: '#/free-macs',
    act: async page => {
      await press(/^Approve/)(page);
      await page.getByRole('combobox', { name: 'Room' }).fill('floor 1');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'macs-reject', hash: '#/free-macs', act: press(/^Reject/) },
  { name: 'macs-hostile', office: 'hostile', hash: '#/free-macs' },
];

for (const [size, viewport] of Object.entries(SIZES)) {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  for (const { name, office, hash, act } of SHOTS) {
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
    await page.getByRole('navigation').waitFor();
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
