/** Server Settings: the form, the token and consent, in a real browser against the fake central. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ServerSettings } from '../../src/contract/wire/console.ts';
import { hasChromium } from '../support/chromium.ts';
import { now, useDesk } from './desk.ts';
import { CONSENT_URL, SIGN_IN_URL } from './fake/settings.ts';
import { brokenOffice, emptyOffice, livelyOffice } from './fixtures.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----';
const PEM = `${CERTIFICATE}\n${KEY}`;
const OTHER = '#/server-settings?connection=k7w2pd';
const SETTINGS = '/server-settings/default';

describe.skipIf(!hasChromium)('server settings (skipped without Chromium)', () => {
  const desk = useDesk();
  const field = (label: string) => desk.page.getByLabel(label, { exact: true });
  const summary = (text: string) => desk.page.locator('summary', { hasText: text }).first();

  describe('the form', () => {
    it('shows a field error beside its field, sends nothing, then saves and imports', async () => {
      await desk.openIn(livelyOffice(now()));
      await field('Tenant ID').fill('  ');
      await desk.press('Save Settings');
      await desk.sees('Tenant ID is missing');
      await desk.soon(() => desk.hasFocus('[name=tenantId]')).toBe(true);
      expect(await field('Tenant ID').getAttribute('aria-invalid')).toBe('true');
      expect(desk.bodiesTo(SETTINGS)).toEqual([]);

      await field('Tenant ID').fill('contoso.example');
      await field('Cloud').selectOption({ label: 'Germany (Delos)' });
      await desk.press('Save Settings');
      await desk.sees(/Saved\. 12 rooms imported \(12 new, 0 updated, 1 no longer listed\)/);
      expect(desk.bodiesTo(SETTINGS)).toMatchObject([
        {
          tenantId: 'contoso.example',
          authority: 'https://login.sovcloud-identity.de',
          graphBase: 'https://graph.svc.sovcloud.de',
          clientSecret: null,
          signIn: 'delegated',
        },
      ]);
    });

    it('follows the sign-in that was chosen, and takes a certificate from files', async () => {
      await desk.openIn(livelyOffice(now()));
      await desk.page.getByRole('radio', { name: /^Application with a certificate/ }).check();
      expect(await field('Client secret').count()).toBe(0);
      await desk.press('Save Settings');
      await desk.sees('Certificate is missing');
      const files = desk.page.locator('input[type=file]');
      await files.setInputFiles([{ name: 'app.pfx', mimeType: 'x', buffer: Buffer.from([48, 130, 4]) }]);
      await desk.sees(/That file holds no PEM text/);
      await files.setInputFiles([
        { name: 'app.crt', mimeType: 'x', buffer: Buffer.from(CERTIFICATE) },
        { name: 'app.key', mimeType: 'x', buffer: Buffer.from(KEY) },
      ]);
      await desk.soon(() => desk.page.locator('[name=certificate]').inputValue()).toBe(PEM);
      await desk.press('Save Settings');
      await desk.sees('CN=uploaded');
      expect(desk.bodiesTo(SETTINGS)).toMatchObject([
        { signIn: 'app-certificate', certificate: PEM, clientSecret: null },
      ]);
      expect(await desk.page.locator('[name=certificate]').inputValue()).toBe('');
    });

    it('says which server types are not installed, and does not save them', async () => {
      await desk.openIn(livelyOffice(now()));
      for (const type of ['Exchange 2010', 'Exchange SE', 'Google Workspace']) {
        const option = field('Server type').locator('option', { hasText: type });
        await field('Server type').selectOption(await option.getAttribute('value'));
        await desk.sees(new RegExp(`${type}.* is not installed in this version`));
        expect(await desk.page.getByRole('button', { name: 'Save Settings' }).isDisabled()).toBe(true);
      }
      await field('Name').press('Enter');
      await desk.press('Get Access Token');
      await desk.sees('Cannot be saved: this server type is not installed.');
      await field('Server type').selectOption('office-365-graph');
      expect(await field('Tenant ID').inputValue()).not.toBe('');
      expect(desk.bodiesTo(SETTINGS)).toEqual([]);
    });

    it('refuses a private key among the CA certificates', async () => {
      await desk.openIn(livelyOffice(now()));
      await summary('Advanced').click();
      await desk.page.getByLabel(/Private CA certificates/).fill(KEY);
      await desk.press('Save Settings');
      await desk.sees('This holds a private key.');
      expect(desk.bodiesTo(SETTINGS)).toEqual([]);
    });

    it('words each outcome of saving for the rooms', async () => {
      const office = livelyOffice(now());
      office.settings.importProblem = { problem: 'no-access', detail: 'Places: 403' };
      await desk.openIn(office);
      await desk.press('Save Settings');
      await desk.sees(/Saved\. The rooms could not be imported\. The service account may not list rooms\./);
      office.settings.token = { kind: 'none', problem: null };
      await desk.press('Save Settings');
      await desk.sees('Saved. Get an access token, then the rooms are imported.');
    });

    it('keeps what was typed when central refuses, and asks before it leaves unsaved changes', async () => {
      await desk.openIn(livelyOffice(now()), '#/server-settings');
      await field('Client ID').fill('changed');
      const refusal = { error: { code: 'sealed', message: 'The store cannot be written.' } };
      await desk.context.route(`**${SETTINGS}`, (route, request) =>
        request.method() === 'PUT' ? route.fulfill({ status: 409, json: refusal }) : route.fallback(),
      );
      await desk.press('Save Settings');
      await desk.sees('The store cannot be written.');
      await desk.page.getByRole('link', { name: /^Rooms/ }).click();
      await desk.press('Stay here');
      expect(new URL(desk.page.url()).hash).toBe('#/server-settings');
      expect(await field('Client ID').inputValue()).toBe('changed');
      await desk.page.getByRole('link', { name: /^Rooms/ }).click();
      await desk.pressInDialog('Discard changes');
      await desk.page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
    });
  });

  describe('the token', () => {
    it('saves first, then sends the browser to the sign-in', async () => {
      await desk.openIn(emptyOffice(), '#/server-settings');
      await desk.context.route('https://login.example.com/**', route => route.fulfill({ body: 'sign in here' }));
      await field('Tenant ID').fill('contoso.example');
      await field('Client ID').fill('app-id');
      await field('Client secret').fill('s3cret');
      await desk.page.locator('[name=clientSecretExpires]').fill('2027-05-31');
      await field('Default time zone').fill('reykj');
      await desk.page.keyboard.press('Enter');
      await desk.press('Get Access Token');
      await desk.page.waitForURL(SIGN_IN_URL);
      expect(desk.bodiesTo(SETTINGS)).toMatchObject([
        { clientSecret: 's3cret', clientSecretExpires: '2027-05-31', defaultZone: 'Atlantic/Reykjavik' },
      ]);
    });

    it('shows who, until when and for what, refreshes and deletes', async () => {
      await desk.openIn(livelyOffice(now()));
      const card = desk.page.locator('.token', { hasText: 'Access token' });
      await desk.soon(() => card.innerText()).toMatch(/room-panels@contoso\.example[\s\S]*in 88 d\) if unused/);
      await desk.press('Refresh Access Token');
      await desk.sees('The access token was refreshed.');
      await desk.press('Delete Access Token');
      await desk.sees(/say how old it is; bookings wait until there is a token again/);
      await desk.pressInDialog('Delete Access Token');
      await desk.sees('The access token was deleted.');
      await desk.soon(() => desk.page.evaluate(() => document.activeElement?.textContent)).toBe('Get Access Token');
      await desk.page.getByRole('link', { name: /sign-in needed/ }).waitFor();
    });

    it('tells once why there is none, in plain words and in the provider’s, and leads to the field that mends it', async () => {
      await desk.openIn(brokenOffice(now()), '#/server-settings');
      await desk.sees('The client secret has expired.');
      expect(await desk.page.getByText(/Client secret expired on/).count()).toBe(0);
      await desk.press('Enter a new one');
      expect(await desk.hasFocus('[name=clientSecret]')).toBe(true);
      await summary('The provider').click();
      await desk.sees(/AADSTS7000222: The provided client secret keys/);
    });

    it('is fetched at once for an application', async () => {
      const office = livelyOffice(now());
      const [first] = Object.values(office.furtherSettings);
      if (!first) throw new Error('no further connection');
      first.consent = { kind: 'unknown' };
      await desk.openIn(office, OTHER);
      await desk.press('Get Access Token');
      await desk.sees(/The access token was issued\. 12 rooms imported/);
      await desk.soon(() => desk.page.locator('.token').first().innerText()).toContain('Valid');
    });

    it('of an application was not refreshed but asked for, and nobody is told to sign in', async () => {
      const office = livelyOffice(now());
      office.settings = v.parse(ServerSettings, {
        ...office.settings,
        settings: { ...office.settings.settings, signIn: 'app-secret' },
        token: {
          ...office.settings.token,
          scopes: ['Calendars.ReadWrite', 'Place.Read.All'],
          refreshLapses: null,
          problem: { kind: 'sign-in-expired', code: 'invalid_grant', detail: 'no', at: now() },
        },
      });
      await desk.openIn(office);
      const card = desk.page.locator('.token').first();
      await desk.soon(() => card.innerText()).toContain('The sign-in service turns the application away.');
      expect(await card.innerText()).not.toMatch(/Last refresh failed|service account|signed in/i);
      expect(await card.innerText()).toContain('Last request failed');
    });
  });

  describe('consent for the whole organisation', () => {
    it('is turned on with a link to copy, open or send', async () => {
      await desk.openIn(livelyOffice(now()), OTHER);
      const toggle = desk.page.getByRole('switch', { name: 'Calendar integration for the whole organisation' });
      expect(await toggle.getAttribute('aria-checked')).toBe('false');
      await toggle.click();
      const dialog = desk.page.getByRole('dialog');
      await desk.soon(() => dialog.getByLabel('Link for the administrator').inputValue()).toBe(CONSENT_URL);
      await dialog.getByRole('button', { name: 'Copy link' }).click();
      expect(await desk.copied()).toBe(CONSENT_URL);
      expect(await dialog.getByRole('link', { name: 'Open' }).getAttribute('href')).toBe(CONSENT_URL);
      const mail = (await dialog.getByRole('link', { name: 'Send by mail' }).getAttribute('href')) ?? '';
      expect(mail).toMatch(/^mailto:\?subject=/);
      expect(new URLSearchParams(mail.split('?')[1]).get('body')).toContain(CONSENT_URL);
      // An administrator agrees meanwhile: the page follows by itself.
      const known = desk.central.office.furtherSettings.k7w2pd;
      if (known) known.consent = { kind: 'granted', at: now() };
      desk.central.tell('server-settings');
      await desk.soon(() => toggle.getAttribute('aria-checked')).toBe('true');
      // And the dialog is still the one that was opened.
      await dialog.getByText('An administrator agreed.').waitFor();
      expect(await dialog.getByRole('heading').innerText()).toBe('Turn on for the whole organisation');
      expect(await dialog.getByRole('button', { name: 'Delete Access Token' }).count()).toBe(0);
      await desk
        .soon(() => dialog.getByRole('button', { name: 'Done' }).evaluate(button => button.matches(':focus')))
        .toBe(true);
      await desk.pressInDialog('Done');
      await desk.soon(() => desk.hasFocus('[role=switch]')).toBe(true);
      await desk.sees(/Allowed for the whole organisation, as central last heard on/);
    });

    it('leaves no permission missing when all was granted, and asks for none beyond', async () => {
      const office = livelyOffice(now());
      office.settings.consent = { kind: 'unknown' };
      await desk.openIn(office);
      await desk.sees('3 permissions, none missing');
      await desk.page.getByRole('switch').click();
      await desk.sees(/its permissions \(Calendars\.ReadWrite\.Shared, Place\.Read\.All, offline_access\)/);
    });

    it('never offers a link that is no web address', async () => {
      await desk.openIn(livelyOffice(now()), OTHER);
      await desk.context.route('**/consent', route =>
        route.fulfill({ json: { url: 'javascript:alert(1)', expires: now() } }),
      );
      await desk.press('Ask an administrator');
      await desk.sees('Central gave a link that is no web address.');
      expect(await desk.page.locator('a[href^=javascript]').count()).toBe(0);
    });

    it('is turned off in Entra, with the token deleted here', async () => {
      await desk.openIn(livelyOffice(now()));
      await desk.page.getByRole('switch').click();
      await desk.sees(/Enterprise applications: open this app/);
      await desk.pressInDialog('Delete Access Token');
      await desk.pressInDialog('Delete Access Token');
      await desk.soon(() => desk.page.locator('.token').first().innerText()).toContain('None');
      await desk.soon(() => desk.hasFocus('[role=switch]')).toBe(true);
    });
  });
});
