/**
 * The whole path in a browser, as on the first day: a fresh database, a password of one's own, an access token from a real
 * OpenID provider over TLS with a private CA, rooms, a licence key, a panel on the wall, and a setting it follows.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Central, startCentral } from '../../src/central/main.ts';
import { startTenant, type Tenant } from '../../src/demo/start-tenant.ts';
import { makeLog } from '../../src/platform/log.ts';
import { loadCertificate } from '../../src/platform/own-certificate.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { CHROMIUM, hasChromium } from '../support/chromium.ts';
import { type OpenPanel, SHELLS } from './support/shells.ts';

const ROOT = join(import.meta.dirname, '../..');
const clock = makeSystemClock();
const shell = SHELLS.find(each => each.isPresent);

describe.skipIf(!hasChromium || !shell)('the first visit (skipped without Chromium)', () => {
  let dir: string;
  let tenant: Tenant;
  let tenantCa: string;
  let central: Central;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let panel: OpenPanel | null = null;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lintel-first-visit-'));
    const tls = await loadCertificate({
      dir: join(dir, 'tls'),
      commonName: 'Private CA',
      names: ['localhost', '127.0.0.1'],
      clock,
    });
    tenantCa = tls.caPem;
    tenant = await startTenant({
      dataDir: join(dir, 'tenant'),
      port: 0,
      clock,
      tls: { key: tls.key, cert: tls.chain, ca: tls.caPem },
    });
    central = await startCentral({
      dataDir: join(dir, 'central'),
      port: 0,
      host: '127.0.0.1',
      clock,
      log: makeLog({ level: 'silent' }),
      pagesDir: join(ROOT, 'dist/renderer/console'),
      previewDir: join(ROOT, 'dist/renderer/preview'),
    });
    browser = await chromium.launch(CHROMIUM);
    context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
  }, 40_000);
  afterAll(async () => {
    await panel?.stop();
    await shell?.close();
    await browser?.close();
    await central?.stop();
    await tenant?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const menu = (name: RegExp) =>
    page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name }).click();

  it('leads from an empty database to a panel that follows a setting', { timeout: 120_000 }, async () => {
    const first = central.firstAdminPassword ?? expect.fail('no password was invented');
    await page.goto(`${central.url}/console/`);
    await page.getByLabel('User name').fill(first.username);
    await page.getByLabel('Password', { exact: true }).fill(first.password);
    await press('Log in');

    // Set-up takes the visitor by the hand: the password first.
    await page.getByRole('heading', { name: 'Set-up', level: 1 }).waitFor();
    await page.getByLabel('Present password', { exact: true }).fill(first.password);
    await page.getByLabel('New password', { exact: true }).fill('four words are enough');
    await press(/^(Change|Set|Save|Choose).*password/);
    await page.getByRole('link', { name: 'Enter the connection' }).click();

    await page.getByLabel('Cloud').selectOption('typed-in');
    await page.getByLabel('Authority').fill(tenant.authority);
    await page.getByLabel('Graph address').fill(tenant.graph);
    await page.getByLabel('Tenant ID').fill(tenant.tenantId);
    await page.getByLabel('Client ID').fill(tenant.clientId);
    await page.getByLabel('Client secret', { exact: true }).fill(tenant.clientSecret);
    await page.getByRole('textbox', { name: /^Service account/ }).fill(tenant.username);
    await page.getByText('Advanced', { exact: false }).first().click();
    await page.getByLabel('Private CA certificates').fill(tenantCa);
    await press('Save Settings');
    await page.getByText(/Saved/).first().waitFor();
    await press('Get Access Token');

    // The provider's own pages, then back.
    await page.waitForURL(url => url.origin === tenant.authority);
    await page.locator('input[name=username]').fill(tenant.username);
    await page.locator('input[name=password]').fill(tenant.password);
    await page.locator('button[type=submit], input[type=submit]').first().click();
    await page.waitForURL(url => url.origin === central.url);
    await page.getByText(tenant.username).first().waitFor();
    // The rooms came with the sign-in.
    await menu(/^rooms/i);
    await page.getByText('Birch').first().waitFor();

    await menu(/licence keys/i);
    await press('Create keys');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page
      .getByText(/-[0-9A-Z]{5}-/)
      .first()
      .waitFor();

    const shellHere = shell ?? expect.fail('no shell');
    panel = await shellHere.open({ dataDir: await mkdtemp(join(dir, 'panel-')), centralUrl: central.url });
    await panel.page.getByText(new URL(central.url).host).first().waitFor();
    await menu(/free macs/i);
    // The keys are shown this once; the panel takes a free one by itself.
    await press('Leave');
    await press(/^Approve/);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Room' }).fill('Birch');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: /^(Approve|Pair)/ }).click();
    await panel.page.getByText('Birch').first().waitFor();
    await panel.page
      .getByText(/^(Free|In use|Starting soon)/)
      .first()
      .waitFor();

    await menu(/general settings/i);
    await page.getByLabel('Language').selectOption('de');
    const began = performance.now();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.page
      .getByText(/^(Frei|Belegt|Beginnt bald)/)
      .first()
      .waitFor();
    expect(performance.now() - began).toBeLessThan(1000);
    await page.getByText(/panel runs these settings/).waitFor();

    await page.goto(`${central.url}/console/#/set-up`);
    await page.getByText('All set up').waitFor();
    expect(await readFile(join(dir, 'central', 'central.db'), 'latin1')).not.toContain(tenant.clientSecret);
  });
});
