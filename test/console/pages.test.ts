/** What all pages of the console share, in a real browser, against a fake central behind the wire contract. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { now, useDesk } from './desk.ts';
import { brokenOffice, emptyOffice, HOSTILE, hostileOffice, livelyOffice } from './fixtures.ts';

const HASHES = [
  '#/server-settings',
  '#/rooms',
  '#/licence-keys',
  '#/free-macs',
  '#/general-settings',
  '#/demo',
  '#/set-up',
];

describe.skipIf(!hasChromium)('the console (skipped without Chromium)', () => {
  const desk = useDesk();

  describe('log-in', () => {
    it('says what is wrong, and slows down', async () => {
      await desk.open(livelyOffice(now()), '#/rooms');
      for (let tries = 0; tries < 3; tries++) {
        await desk.logIn('wrong');
        await desk.sees('User name or password is wrong.');
        await desk.soon(() => desk.page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
      }
      await desk.logIn('wrong');
      await desk.sees('Too many tries. Try again in 1 min.');
      await desk.logIn();
      await desk.page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
    });

    it('leads back to where one was when the session runs out, with what was typed', async () => {
      await desk.openIn(livelyOffice(now()), '#/server-settings');
      await desk.page.getByLabel('Tenant ID').fill('other-tenant');
      desk.central.expireSessions();
      // Unless a read of its own notices before anybody presses.
      const save = desk.page.getByRole('button', { name: 'Save Settings' });
      await save.click({ timeout: 1000 }).catch(() => {});
      await desk.sees('Your session has ended.');
      await desk.logIn();
      await desk.soon(() => desk.page.getByLabel('Tenant ID').inputValue()).toBe('other-tenant');
    });

    it('asks before logging out with something unsaved', async () => {
      await desk.openIn(livelyOffice(now()), '#/server-settings');
      await desk.page.getByLabel('Tenant ID').fill('other-tenant');
      await desk.press('Log out');
      await desk.pressInDialog('Discard changes');
      await desk.sees('You are logged out.');
    });
  });

  it('says so when central answers in unknown words', async () => {
    await desk.open(livelyOffice(now()), '#/rooms');
    await desk.context.route('**/api/v1/rooms', route => route.fulfill({ body: '<html>proxy</html>' }));
    await desk.logIn();
    await desk.sees(/Central answered in a form this page does not know/);
  });

  describe('what needs attention', () => {
    it('leads to the mend of every kind, folds the rest, and leaves out what the page tells itself', async () => {
      await desk.openIn(brokenOffice(now()), '#/demo');
      const notices = desk.page.getByRole('region', { name: 'What needs attention' }).locator('.notice');
      await desk.soon(() => notices.filter({ visible: true }).count()).toBe(3);
      await desk.page.getByText('5 more').click();
      const links = await notices.locator('a').evaluateAll(all => all.map(link => link.getAttribute('href')));
      expect(links).toEqual([
        '#/server-settings',
        '#/server-settings?connection=k7w2pd',
        '#/server-settings',
        '#/general-settings/history',
        '#/licence-keys',
        '#/licence-keys',
        '#/licence-keys',
        '#/rooms',
      ]);
      // Whose secret it is, of several connections.
      expect(await notices.nth(2).innerText()).toContain('The client secret of “Contoso” has expired');
      await desk.page.getByRole('link', { name: 'Ask for consent' }).click();
      // The sentence stands on the page before as well: only the notices that are gone tell that the other one is there.
      await desk.soon(() => notices.filter({ hasText: 'Contoso' }).count()).toBe(0);
      await desk.sees('2 panels refused their configuration');
    });

    it('has nothing to say when nothing is wrong', async () => {
      await desk.openIn({ ...livelyOffice(now()), alerts: [] }, '#/demo');
      await desk.heading().waitFor();
      expect(await desk.page.getByRole('region', { name: 'What needs attention' }).count()).toBe(0);
    });
  });

  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('renders hostile strings as text, within the page', async () => {
      await desk.openIn(hostileOffice(now()), '', viewport);
      for (const hash of HASHES) {
        await desk.goTo(hash);
        await desk.heading().waitFor();
        await desk.page
          .locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) })
          .first()
          .waitFor();
        expect(await desk.page.locator('main img[src="x"], main script').count(), hash).toBe(0);
        expect(await desk.page.locator('main').innerText()).not.toMatch(/\u202E/);
        await desk.checkWidth(hash);
      }
      expect(await desk.page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
    });

    it('has no accessibility violation at the log-in', async () => {
      await desk.open(livelyOffice(now()), '', viewport);
      await desk.page.getByLabel('User name').waitFor();
      await desk.checkAccessibility('log-in');
    });

    it.each([
      ['full', livelyOffice],
      ['empty', emptyOffice],
      ['broken', brokenOffice],
    ])('has no accessibility violation on any page when it is %s', async (_, makeOffice) => {
      await desk.openIn(makeOffice(now()), '#/set-up', viewport);
      for (const hash of HASHES) {
        await desk.goTo(hash);
        await desk.heading().waitFor();
        await desk.soon(() => desk.page.getByText('Reading from central').count()).toBe(0);
        await desk.checkAccessibility(hash);
        await desk.checkWidth(hash);
      }
    });
  });
});
