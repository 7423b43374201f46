/** Server Settings: test, room health, further connections, and every state in both sizes. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { now, useDesk } from './desk.ts';
import { brokenOffice, HOSTILE, hostileOffice, livelyOffice } from './fixtures.ts';

const OTHER = '#/server-settings?connection=k7w2pd';

describe.skipIf(!hasChromium)('connections (skipped without Chromium)', () => {
  const desk = useDesk();
  const field = (label: string) => desk.page.getByLabel(label, { exact: true });
  const summary = (text: string) => desk.page.locator('summary', { hasText: text }).first();

  it('tests the connection step by step, and says what to do at the one that failed', async () => {
    const office = brokenOffice(now());
    await desk.openIn(office, '#/server-settings');
    await desk.press('Test connection');
    await desk.sees('No access token can be had');
    const steps = await desk.page.locator('.test-steps li').allInnerTexts();
    expect(steps.map(step => /Works|Failed|Not tried/.exec(step)?.[0])).toEqual([
      'Works',
      'Failed',
      ...Array.from({ length: 4 }, () => 'Not tried'),
    ]);
    office.test = null;
    await desk.press('Test connection');
    await desk.sees('Everything works.');
    await desk.sees('1.3 s');
    // It was about the settings before.
    await field('Client secret').fill('new');
    await desk.press('Save Settings');
    await desk.sees(/^Saved\./);
    expect(await desk.page.locator('.test-steps').count()).toBe(0);
  });

  it('explains an error number that somebody read off a screen', async () => {
    await desk.openIn(livelyOffice(now()));
    await desk.press('Error codes of the sign-in');
    await desk.page.getByLabel('Number or words').fill('50105');
    await desk.soon(() => desk.page.locator('.code-list dt').allInnerTexts()).toEqual(['AADSTS50105']);
    await desk.sees(/only for people assigned to it/);
    await desk.page.getByLabel('Number or words').fill('zzz');
    await desk.sees('Not in this list.');
  });

  describe('room health', () => {
    it('puts the worst first, finds, opens, and copies one command or all', async () => {
      await desk.openIn(livelyOffice(now()));
      const rows = desk.page.locator('.room-checks > li');
      await desk
        .soon(async () => (await rows.allInnerTexts()).map(text => text.split('\n')[0]))
        .toEqual(['Does not work', 'Does not work', 'Shows less', 'Shows less']);
      await desk.press('Copy all commands (5)');
      await desk.soon(async () => (await desk.copied()).split('\n').length).toBe(5);
      await desk.page.getByText('All 6').click();
      await desk.soon(() => rows.count()).toBe(6);
      await desk.page.getByLabel('Find a room').fill('dune');
      await desk.soon(() => rows.count()).toBe(1);
      await rows.locator('summary').click();
      await desk.sees(/nobody can book, extend or end a meeting/);
      await desk.press(/^Copy the command for Dune/);
      await desk
        .soon(desk.copied)
        .toBe(
          'Add-MailboxFolderPermission -Identity "dune@contoso.example:\\Calendar" -User "room-panels@contoso.example" -AccessRights Editor',
        );
    });

    it('checks now, stays usable meanwhile, and says what came of it', async () => {
      await desk.openIn(livelyOffice(now()));
      let answer = () => {};
      const asked = new Promise<void>(resolve => {
        answer = resolve;
      });
      await desk.context.route('**/room-checks', async (route, request) => {
        if (request.method() === 'POST') await asked;
        await route.fallback();
      });
      await desk.press('Check now');
      await desk.sees(/This can take minutes/);
      await desk.page.getByLabel('Find a room').fill('birch');
      answer();
      await desk.sees('6 rooms checked: 4 need attention.');
      await desk.sees(/Last checked just now/);
      expect(await desk.page.getByLabel('Find a room').inputValue()).toBe('birch');
    });

    it('does not call nothing fine: without rooms it says how they come', async () => {
      const office = livelyOffice(now());
      office.rooms = [];
      office.roomChecks = [];
      await desk.openIn(office, '#/server-settings');
      await desk.sees(/^No rooms are imported yet\. Press Save Settings/);
      await desk.press('Check now');
      await desk.sees(/No rooms are imported yet, so there was nothing to check/);
      expect(await desk.page.getByText(/0 rooms checked/).count()).toBe(0);
    });
  });

  describe('further connections', () => {
    it('adds one, and opens it', async () => {
      await desk.openIn(livelyOffice(now()));
      await desk.page.getByRole('link', { name: 'Add a connection' }).click();
      await desk.page.getByRole('heading', { name: 'Add a connection' }).waitFor();
      await desk.soon(() => desk.hasFocus('h1')).toBe(true);
      await desk.press('Add connection');
      await desk.sees('Name is missing');
      await field('Name').fill('Fabrikam');
      await field('Tenant ID').fill('fabrikam.example');
      await field('Client ID').fill('app');
      await field('Client secret').fill('s');
      await field('Client secret').press('Enter');
      await desk.page.getByRole('heading', { name: 'Fabrikam' }).waitFor();
      expect(new URL(desk.page.url()).hash).toBe('#/server-settings?connection=added-1');
      expect(desk.bodiesTo('/server-settings')).toMatchObject([{ name: 'Fabrikam', clientSecret: 's' }]);
    });

    it('loses nothing on the way from one to another', async () => {
      await desk.openIn(livelyOffice(now()), '#/server-settings');
      await field('Tenant ID').fill('first');
      await desk.page.getByRole('link', { name: 'Contoso Japan', exact: true }).click();
      await desk.page.getByRole('heading', { name: 'Contoso Japan' }).waitFor();
      expect(await field('Tenant ID').inputValue()).toBe('contoso-jp.example');
      await field('Tenant ID').fill('second');
      await desk.page.getByRole('link', { name: 'All server settings' }).click();
      await desk.sees('(not saved yet)');
      expect(await field('Tenant ID').inputValue()).toBe('first');
      await desk.page.goBack();
      await desk.soon(() => field('Tenant ID').inputValue()).toBe('second');
    });

    it('tests and deletes from the table by keyboard, and tells why it may not', async () => {
      const office = livelyOffice(now());
      const [row] = office.connections;
      if (!row) throw new Error('no further connection');
      row.rooms = 7;
      await desk.openIn(office, '#/server-settings');
      await desk.page.getByRole('button', { name: 'Test Contoso Japan' }).press('Enter');
      await desk.sees('Everything works.');
      await desk.page.keyboard.press('Escape');
      await desk.soon(() => desk.hasFocus('[aria-label="Test Contoso Japan"]')).toBe(true);
      await desk.page.getByRole('button', { name: 'Delete Contoso Japan' }).press('Enter');
      await desk.sees(/its access token and its 7 rooms are deleted/);
      await desk.pressInDialog('Delete connection');
      await desk.sees('Panels show rooms of this connection.');
      row.rooms = 4;
      await desk.pressInDialog('Delete connection');
      await desk.sees(/None\. One is enough for most/);
      await desk.soon(() => desk.hasFocus('h1')).toBe(true);
    });

    it('says so when it is gone', async () => {
      await desk.openIn(livelyOffice(now()), '#/server-settings?connection=gone');
      await desk.sees(/There is no such connection/);
    });
  });

  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('has no accessibility violation in any dialog or state', async () => {
      await desk.openIn(livelyOffice(now()), OTHER, viewport);
      await desk.heading().waitFor();
      await desk.checkAccessibility('another connection');
      await desk.page.getByRole('switch').click();
      await desk.page.getByLabel('Link for the administrator').waitFor();
      await summary('It says').click();
      await desk.checkAccessibility('consent on');
      await desk.page.keyboard.press('Escape');
      await desk.goTo('#/server-settings/new');
      await desk.press('Add connection');
      await desk.sees('Name is missing');
      await desk.checkAccessibility('errors');
      await field('Server type').selectOption('google-workspace');
      await desk.checkAccessibility('not installed');
      await desk.goTo('#/server-settings');
      await summary('Permissions').click();
      await summary('Cedar').click();
      await desk.press('Check now');
      await desk.press('Test connection');
      await desk.sees('Everything works.');
      await desk.checkAccessibility('opened');
      await desk.checkWidth('opened');
      for (const [opener, what] of [
        ['Delete Access Token', 'delete token'],
        ['Error codes of the sign-in', 'error codes'],
        ['Test Contoso Japan', 'test of another'],
        ['Delete Contoso Japan', 'delete another'],
      ] as const) {
        await desk.press(opener);
        await desk.page.getByRole('dialog').waitFor();
        await desk.checkAccessibility(what);
        await desk.page.keyboard.press('Escape');
      }
      await desk.page.getByRole('switch').click();
      await desk.checkAccessibility('consent off');
    });

    it('renders hostile strings of another connection and of findings as text', async () => {
      await desk.openIn(hostileOffice(now()), OTHER, viewport);
      await desk.page
        .locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) })
        .first()
        .waitFor();
      await desk.checkWidth('another connection');
      await desk.goTo('#/server-settings');
      for (const row of await desk.page.locator('.room-check > summary').all()) await row.click();
      await desk.press('Test connection');
      await desk.page.locator('.test-steps').waitFor();
      await desk.checkWidth('findings and test');
      expect(await desk.page.locator('main img[src="x"], main script').count()).toBe(0);
      expect(await desk.page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
    });
  });
});
