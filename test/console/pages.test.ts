/** The console's pages in a real browser, against a fake central behind the wire contract. */
import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM, hasChromium } from '../support/chromium.ts';
import { buildConsole, SIZES } from './browser.ts';
import { type FakeCentral, PASSWORD, SIGN_IN_URL, startFakeCentral, USERNAME } from './fake-central.ts';
import {
  brokenOffice,
  emptyOffice,
  HOSTILE,
  hostileOffice,
  livelyOffice,
  type Office,
  waitingPanel,
} from './fixtures.ts';

const clock = makeSystemClock();

describe.skipIf(!hasChromium)('the console (skipped without Chromium)', () => {
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
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', error => faults.push(String(error)));
    page.on('console', message => {
      if (/Content Security Policy|TrustedScript/.test(message.text())) faults.push(message.text());
    });
  }
  async function open(office: Office, hash = '', viewport = SIZES.desk) {
    await prepare(office, viewport);
    await page.goto(`${central.origin}/console/${hash}`);
  }
  async function logIn(password = PASSWORD) {
    await page.getByLabel('User name').fill(USERNAME);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }
  async function openIn(office: Office, hash = '', viewport = SIZES.desk) {
    await prepare(office, viewport);
    // The browser shares these cookies; the log-in page has tests of its own.
    await context.request.post(`${central.origin}/console/api/v1/login`, {
      data: { username: USERNAME, password: PASSWORD },
      headers: { 'lintel-console': '1' },
    });
    await page.goto(`${central.origin}/console/${hash}`);
    await page.getByRole('navigation').waitFor();
  }
  const now = () => clock.now();
  /** Patient: the machine may be busy with other tests. */
  const soon = <T>(read: () => T) => expect.poll(read, { timeout: 8000 });
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const bodiesTo = (path: string) => central.heard.filter(heard => heard.path === path).map(heard => heard.body);
  const heading = () => page.getByRole('heading', { level: 1 });

  describe('log-in', () => {
    it('says what is wrong, and slows down', async () => {
      await open(livelyOffice(now()), '#/rooms');
      for (let tries = 0; tries < 3; tries++) {
        await logIn('wrong');
        await sees('User name or password is wrong.');
        await soon(() => page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
      }
      await logIn('wrong');
      await sees('Too many tries. Try again in 1 min.');
      await logIn();
      await page.getByRole('heading', { name: 'Rooms' }).waitFor();
    });

    it('leads back to where one was when the session runs out, with what was typed', async () => {
      await openIn(livelyOffice(now()), '#/server-settings');
      await page.getByLabel('Tenant ID').fill('other-tenant');
      central.expireSessions();
      await press('Save Settings');
      await sees('Your session has ended.');
      await logIn();
      await soon(() => page.getByLabel('Tenant ID').inputValue()).toBe('other-tenant');
    });

    it('asks before logging out with something unsaved', async () => {
      await openIn(livelyOffice(now()), '#/server-settings');
      await page.getByLabel('Tenant ID').fill('other-tenant');
      await press('Log out');
      await page.getByRole('dialog').getByRole('button', { name: 'Discard changes' }).click();
      await sees('You are logged out.');
    });
  });

  describe('server settings', () => {
    it('shows a field error beside its field, sends nothing, then saves and imports', async () => {
      await openIn(livelyOffice(now()));
      await page.getByLabel('Tenant ID').fill('  ');
      await press('Save Settings');
      const field = page.getByLabel('Tenant ID');
      await sees('Tenant ID is missing');
      await soon(() => field.evaluate(element => element === document.activeElement)).toBe(true);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(bodiesTo('/server-settings')).toEqual([]);

      await field.fill('contoso.example');
      await page.getByLabel('Cloud').selectOption({ label: 'US Government L5 (DoD)' });
      await press('Save Settings');
      await sees(/12 rooms imported \(12 new, 0 updated, 1 no longer listed\)/);
      expect(bodiesTo('/server-settings')).toMatchObject([
        { tenantId: 'contoso.example', graphBase: 'https://dod-graph.microsoft.us', clientSecret: null },
      ]);
    });

    it('refuses a private key among the certificates', async () => {
      await openIn(livelyOffice(now()));
      await page.getByText('Advanced').click();
      await page
        .getByLabel(/Private CA certificates/)
        .fill('-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----');
      await press('Save Settings');
      await sees('This holds a private key.');
      expect(bodiesTo('/server-settings')).toEqual([]);
    });

    it('saves first, then sends the browser to the sign-in', async () => {
      await openIn(emptyOffice());
      await context.route('https://login.example.com/**', route => route.fulfill({ body: 'sign in here' }));
      await page.getByLabel('Tenant ID').fill('contoso.example');
      await page.getByLabel('Client ID').fill('app-id');
      await page.getByLabel('Client secret').fill('s3cret');
      await page.getByLabel('Default time zone').fill('reykj');
      await page.keyboard.press('Enter');
      await press('Get Access Token');
      await page.waitForURL(SIGN_IN_URL);
      expect(bodiesTo('/server-settings')).toMatchObject([
        { authority: 'https://login.microsoftonline.com', clientSecret: 's3cret', defaultZone: 'Atlantic/Reykjavik' },
      ]);
    });

    it('refreshes and deletes the token', async () => {
      await openIn(livelyOffice(now()));
      await press('Refresh Access Token');
      await sees('The access token was refreshed.');
      await press('Delete Access Token');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete Access Token' }).click();
      await sees('The access token was deleted.');
      await page.getByRole('link', { name: /sign-in needed/ }).waitFor();
    });

    it('tells plainly why there is no token', async () => {
      await openIn(brokenOffice(now()));
      await sees('The client secret is wrong or has expired.');
      await sees(/AADSTS7000222/);
    });

    it('asks before it leaves unsaved changes', async () => {
      await openIn(livelyOffice(now()), '#/server-settings');
      await page.getByLabel('Client ID').fill('changed');
      await page.getByRole('link', { name: /^Rooms/ }).click();
      await press('Stay here');
      expect(new URL(page.url()).hash).toBe('#/server-settings');
      expect(await page.getByLabel('Client ID').inputValue()).toBe('changed');
      await page.getByRole('link', { name: /^Rooms/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Discard changes' }).click();
      await page.getByRole('heading', { name: 'Rooms' }).waitFor();
    });
  });

  describe('rooms', () => {
    it('finds what needs attention, and ends a conflict', async () => {
      await openIn(livelyOffice(now()), '#/rooms');
      await page.getByText('Needs attention').click();
      await soon(() => page.locator('tbody tr').count()).toBe(5);
      await page.getByLabel('Find a room').fill('glac');
      await soon(() => page.locator('tbody tr').count()).toBe(1);
      await press('Unpair the panel of Fjord to end its identity conflict');
      await page.getByRole('dialog').getByRole('button', { name: 'Unpair' }).click();
      await sees(/The panel of .*Fjord.* is unpaired/);
      await soon(() => page.getByText(/two machines use the identity/).count()).toBe(0);
    });

    it('says so when central answers in unknown words', async () => {
      await open(livelyOffice(now()), '#/rooms');
      await context.route('**/api/v1/rooms', route => route.fulfill({ body: '<html>proxy</html>' }));
      await logIn();
      await sees(/Central answered in a form this page does not know/);
    });
  });

  it('creates licence keys, shows them once, copies them all, and revokes', async () => {
    await openIn(livelyOffice(now()), '#/licence-keys');
    await press('Create keys');
    await page.getByLabel('How many').fill('0');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await sees('From 1 to 500');
    await page.getByLabel('How many').fill('3');
    await page.getByLabel(/Note/).fill('Tower A');
    await page.keyboard.press('Enter');
    await sees('3 licence keys created');
    await press('Done');
    await sees('Leave without copying the keys?');
    await press('Stay here');
    await press('Copy all');
    await sees('Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split('\n')).toEqual(['10000', '10001', '10002'].map(end => `ABCDE-FGHJK-MNPQR-STVWX-${end}`));
    await press('Done');
    expect(await page.getByText('ABCDE-FGHJK-MNPQR-STVWX-10000').count()).toBe(0);

    await press('Revoke ABCDE…10000');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await soon(() => page.locator('tbody tr', { hasText: 'ABCDE…10000' }).innerText()).toContain('Revoked');
  });

  describe('free macs', () => {
    it('shows a new panel by itself, and approves it with the keyboard alone', async () => {
      await openIn({ ...livelyOffice(now()), waiting: [] }, '#/free-macs');
      await sees('No panel waits');
      await page.locator('code', { hasText: central.origin }).waitFor();
      central.office.waiting.push(waitingPanel(0, now()));
      central.tell('free-macs');
      await page.getByRole('button', { name: /^Approve/ }).focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog:modal').getByText('fossil').waitFor();
      await soon(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
      await page.keyboard.type('lago');
      await page.getByRole('option').first().getByText('Lagoon').waitFor();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await sees(/has its panel/);
      expect(central.office.rooms.find(room => room.name === 'Lagoon')?.panel?.hostname).toBe('panel-a0');
      await soon(() => heading().evaluate(element => element === document.activeElement)).toBe(true);
      await sees('No panel waits');
    });

    it('marks the panel whose code the address names, and warns of twins', async () => {
      await openIn(livelyOffice(now()), '#/free-macs?code=lmnpqrst');
      const wanted = page.locator('.panel-wanted');
      await wanted.waitFor();
      expect(await wanted.innerText()).toContain('LMNP-QRST');
      await sees('2 panels report the same machine id: a cloned disk image?');
    });

    it('rejects, and does not offer a room that has a panel', async () => {
      await openIn(livelyOffice(now()), '#/free-macs');
      await press(/^Approve/);
      await page.getByRole('combobox', { name: 'Room' }).fill('cedar');
      await page.keyboard.press('Enter');
      await sees(/has a panel already/);
      expect(await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await press(/^Reject/);
      await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
      await sees('The panel was rejected.');
    });
  });

  const HASHES = ['#/server-settings', '#/rooms', '#/licence-keys', '#/free-macs'];
  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('renders hostile strings as text, within the page', async () => {
      await openIn(hostileOffice(now()), '', viewport);
      for (const hash of HASHES) {
        await page.goto(`${central.origin}/console/${hash}`);
        await page
          .locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) })
          .first()
          .waitFor();
        expect(await page.locator('main img, main script').count(), hash).toBe(0);
        expect(await page.locator('main').innerText()).not.toMatch(/\u202E/);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, hash).toBeLessThanOrEqual(0);
      }
      expect(await page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
    });

    it('has no accessibility violation on any page or dialog', async () => {
      await open(livelyOffice(now()), '', viewport);
      await context.addInitScript(axe.source);
      await page.reload();
      const check = async (where: string) => {
        const violations = await page.evaluate(async () => {
          const { violations } = await Reflect.get(globalThis, 'axe').run();
          return violations.map((v: axe.Result) => `${v.id}: ${v.nodes.map(node => node.html).join(' | ')}`);
        });
        expect(violations, where).toEqual([]);
      };
      await page.getByLabel('User name').waitFor();
      await check('log-in');
      await logIn();
      await page.getByRole('navigation').waitFor();
      for (const hash of HASHES) {
        await page.goto(`${central.origin}/console/${hash}`);
        await page.locator('.card, table').first().waitFor();
        await check(hash);
      }
      await press(/^Approve/);
      await page.getByRole('option').first().waitFor();
      await check('approve');
      await page.keyboard.press('Escape');
      await page.goto(`${central.origin}/console/#/licence-keys`);
      await press(/^Revoke/);
      await check('revoke');
      await page.keyboard.press('Escape');
      central.office = emptyOffice();
      for (const hash of HASHES) {
        await page.goto(`${central.origin}/console/${hash}`);
        await heading().waitFor();
        if (hash === '#/server-settings') await press('Save Settings');
        await check(`${hash} when empty`);
      }
    });
  });
});
