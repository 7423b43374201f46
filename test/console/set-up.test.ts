/** The set-up for the first visit, and the account behind one's name, in a real browser. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { now, useDesk } from './desk.ts';
import { PASSWORD } from './fake-central.ts';
import { brokenOffice, emptyOffice, livelyOffice } from './fixtures.ts';

describe.skipIf(!hasChromium)('the set-up (skipped without Chromium)', () => {
  const desk = useDesk();
  const hash = () => new URL(desk.page.url()).hash;
  const states = async () => (await desk.page.locator('.set-up-state').allInnerTexts()).join(' ');

  it('opens by itself on the first visit, and leads by keyboard from the password to the connection', async () => {
    await desk.open(emptyOffice());
    await desk.logIn();
    await desk.page.getByRole('heading', { name: 'Set-up' }).waitFor();
    await desk.soon(states).toBe('Now Later Later Later');
    await desk.page.getByRole('textbox', { name: 'Present password' }).focus();
    await desk.page.keyboard.type('not the one');
    await desk.page.keyboard.press('Tab');
    await desk.page.keyboard.press('Tab');
    await desk.page.keyboard.type('short');
    await desk.sees(/At least 8 characters\./);
    await desk.page.keyboard.press('Enter');
    await desk.soon(() => desk.hasFocus('[name=next]')).toBe(true);
    expect(desk.bodiesTo('/password')).toEqual([]);
    await desk.page.keyboard.type(' and longer');
    await desk.page.keyboard.press('Enter');
    await desk.sees('This is not the present password');
    await desk.soon(() => desk.hasFocus('[name=current]')).toBe(true);
    expect(await desk.page.getByRole('textbox', { name: 'New password' }).inputValue()).toBe('short and longer');
    await desk.page.getByRole('textbox', { name: 'Present password' }).fill(PASSWORD);
    await desk.page.keyboard.press('Enter');
    await desk.sees('Your password was changed.');
    await desk.soon(states).toBe('Done Now Later Later');
    await desk.soon(() => desk.hasFocus('h1')).toBe(true);
    await desk.page.getByRole('link', { name: 'Enter the connection' }).press('Enter');
    await desk.page.getByRole('heading', { name: 'Server Settings' }).waitFor();
    await desk.sees('Set-up: step 2 of 4, connect your calendars');
    await desk.page.getByRole('link', { name: 'Continue' }).press('Enter');
    await desk.page.getByRole('heading', { name: 'Set-up' }).waitFor();
  });

  it('leaves an address that names a page alone, and an installation that is not new', async () => {
    await desk.open(emptyOffice(), '#/rooms');
    await desk.logIn();
    await desk.sees('Set-up: step 1 of 4');
    expect(hash()).toBe('#/rooms');
    desk.central.office = brokenOffice(now());
    await desk.goTo('');
    await desk.page.reload();
    await desk.page.getByRole('heading', { name: 'Server Settings' }).waitFor();
    await desk.sees('Set-up: step 2 of 4');
    expect(hash()).toBe('');
    await desk.page.getByRole('link', { name: 'Continue' }).click();
    await desk.sees(/It happens by itself after the sign-in; Save Settings does it again/);
  });

  it('can be left and taken up again', async () => {
    await desk.openIn(emptyOffice(), '#/set-up');
    await desk.press('Do this later');
    await desk.page.getByRole('heading', { name: 'Server Settings' }).waitFor();
    expect(desk.bodiesTo('/set-up')).toEqual([{ isDismissed: true }]);
    await desk.sees(/Set-up put aside at step 1 of 4/);
    await desk.page.getByRole('link', { name: /^Demo/ }).click();
    await desk.page.getByRole('heading', { name: 'Demo' }).waitFor();
    expect(await desk.page.getByText(/Set-up put aside/).count()).toBe(0);
    await desk.press(/your account/);
    await desk.page.getByRole('link', { name: 'Set-up' }).click();
    await desk.press('Take it up again');
    await desk.soon(() => desk.bodiesTo('/set-up')).toEqual([{ isDismissed: true }, { isDismissed: false }]);
    await desk.page.getByRole('button', { name: 'Do this later' }).waitFor();
  });

  it('follows what happens elsewhere, and says when all is done', async () => {
    await desk.openIn(emptyOffice(), '#/set-up');
    await desk.soon(states).toBe('Now Later Later Later');
    desk.central.office.setUp = {
      hasOwnPassword: true,
      connection: 'connected',
      rooms: 12,
      panels: 0,
      isDismissed: false,
    };
    desk.central.tell('rooms');
    await desk.soon(states).toBe('Done Done Done Now');
    await desk.sees('12 rooms known.');
    desk.central.office.setUp = { ...desk.central.office.setUp, panels: 1 };
    desk.central.tell('free-macs');
    await desk.sees('All set up');
    await desk.goTo('#/demo');
    expect(await desk.page.getByText(/Set-up: step/).count()).toBe(0);
  });

  it('changes the password from the head of any page, by keyboard', async () => {
    await desk.openIn(livelyOffice(now()), '#/demo');
    await desk.page.getByRole('button', { name: /your account/ }).press('Enter');
    await desk.page.keyboard.press('Escape');
    await desk.soon(() => desk.hasFocus('.account-name')).toBe(true);
    await desk.soon(() => desk.page.getByRole('button', { name: 'Change password' }).count()).toBe(0);
    await desk.page.keyboard.press('Enter');
    await desk.page.keyboard.press('Tab');
    await desk.page.keyboard.press('Enter');
    await desk.soon(() => desk.hasFocus('[name=current]')).toBe(true);
    await desk.page.keyboard.type(PASSWORD);
    await desk.page.getByRole('textbox', { name: 'New password' }).fill('another long password');
    await desk.page.keyboard.press('Enter');
    await desk.sees('Your password was changed.');
    expect(desk.bodiesTo('/password')).toEqual([{ current: PASSWORD, next: 'another long password' }]);
    await desk.page.keyboard.press('Escape');
    await desk.soon(() => desk.hasFocus('.account-name')).toBe(true);
  });

  it.each(Object.entries(SIZES))('has no accessibility violation at the size of a %s', async (_, viewport) => {
    await desk.openIn(emptyOffice(), '#/set-up', viewport);
    await desk.press('Change password');
    await desk.sees('Type the password you logged in with');
    await desk.checkAccessibility('password errors');
    await desk.press('Do this later');
    await desk.sees(/Set-up put aside/);
    await desk.checkAccessibility('put aside');
    await desk.press(/your account/);
    await desk.checkAccessibility('account menu');
    await desk.press('Change password');
    await desk.page.getByRole('dialog').waitFor();
    await desk.checkAccessibility('password dialog');
    await desk.checkWidth('password dialog');
  });
});
