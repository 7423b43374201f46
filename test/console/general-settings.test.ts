/** General Settings and Demo in a real browser, against the fake central. */
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/contract/values/time.ts';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { clock, useDesk } from './desk.ts';
import type { FakeCentral } from './fake-central.ts';
import { emptyOffice, HOSTILE, hostileOffice, livelyOffice, type Office } from './fixtures.ts';

describe.skipIf(!hasChromium)('general settings and demo (skipped without Chromium)', () => {
  const desk = useDesk();
  let page: Page;
  let central: FakeCentral;
  async function open(office: Office, hash: string, viewport = SIZES.desk) {
    await desk.openIn(office, hash, viewport);
    ({ page, central } = desk);
  }
  const lively = () => livelyOffice(clock.now());
  const heard = (path: string) => central.heard.filter(message => message.path === path).map(message => message.body);

  it('saves only what was set, keeps what is inherited, and shows where each value comes from', async () => {
    await open(lively(), `#/general-settings?scope=${encodeURIComponent('["floor","Oslo","2"]')}`);
    const row = (name: string) => page.locator('.setting').filter({ has: page.getByLabel(name, { exact: true }) });
    await expect.poll(() => row('Theme').innerText()).toContain('Set here');
    expect(await row('Help contact').innerText()).toContain('From All rooms');
    expect(await row('Language').innerText()).toContain('Default');
    await page.getByLabel('Language').selectOption('nb');
    await page.getByRole('button', { name: /^Reset to .*: Theme$/ }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and sent to the panels.').waitFor();
    expect(heard('/policies')).toEqual([
      {
        scope: { kind: 'floor', building: 'Oslo', floor: '2' },
        values: { language: 'nb', walkUps: [minutes(15), minutes(30)] },
        basedOn: 7,
      },
    ]);
  });

  it('points at what is out of range, sends nothing, and loses nothing that was typed', async () => {
    await open(lively(), '#/general-settings');
    await page.getByLabel('Longest booking', { exact: true }).fill('5');
    await page.getByLabel('Lengths offered', { exact: true }).fill('20 40, x');
    await page.getByLabel('Panel access PIN', { exact: true }).fill('12');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('3 settings need a correction.').waitFor();
    expect(heard('/policies')).toEqual([]);
    await page.getByLabel('Longest booking', { exact: true }).fill('90');
    await page.getByLabel('Lengths offered', { exact: true }).fill('40, 20');
    await page.getByLabel('Panel access PIN', { exact: true }).fill('4711');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and sent to the panels.').waitFor();
    expect(heard('/policies')).toMatchObject([
      { values: { longestBooking: minutes(90), walkUps: [minutes(20), minutes(40)], pin: { digits: '4711' } } },
    ]);
    expect(await page.getByLabel('Panel access PIN', { exact: true }).inputValue()).toBe('');
  });

  it('sets what becomes of meetings nobody comes to', async () => {
    await open(lively(), '#/general-settings');
    await page.getByLabel('Nobody came', { exact: true }).selectOption({ label: 'Release the room' });
    await page.getByLabel('Series nobody comes to', { exact: true }).selectOption('decline-series');
    await page.getByLabel('After', { exact: true }).fill('11');
    await page.getByLabel('Booking at the panel', { exact: true }).selectOption('invite');
    await page.getByLabel('Ending early', { exact: true }).selectOption('decline');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 setting needs a correction.').waitFor();
    await page.getByLabel('After', { exact: true }).fill('4');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and sent to the panels.').waitFor();
    expect(heard('/policies')).toMatchObject([
      {
        values: {
          noShow: 'release',
          strikes: { kind: 'decline-series', after: 4 },
          bookingMode: 'invite',
          endEarly: 'decline',
        },
      },
    ]);
  });

  it('keeps what was typed when the session ends, and forgets it with whoever logs out', async () => {
    await open(lively(), '#/general-settings');
    const longest = page.getByLabel('Longest booking', { exact: true });
    const lengths = page.getByLabel('Lengths offered', { exact: true });
    const pin = page.getByLabel('Panel access PIN', { exact: true });
    await longest.fill('95');
    await lengths.fill('15, 15, 30');
    await pin.fill('4711');
    central.expireSessions();
    const save = page.getByRole('button', { name: 'Save' });
    // Unless a read of its own notices before anybody presses.
    await save.click({ timeout: 1000 }).catch(() => {});
    await page.getByText('Your session has ended.').waitFor();
    await desk.logIn();
    await expect.poll(() => longest.inputValue()).toBe('95');
    expect(await lengths.inputValue()).toBe('15, 30');
    expect(await pin.inputValue()).toBe('4711');
    await page.getByText('Not saved yet').waitFor();
    await save.click();
    await page.getByText('Saved, and sent to the panels.').waitFor();
    expect(heard('/policies').at(-1)).toMatchObject({
      values: { longestBooking: minutes(95), walkUps: [minutes(15), minutes(30)], pin: { digits: '4711' } },
      basedOn: 7,
    });
    await pin.fill('5822');
    central.expireSessions();
    await save.click({ timeout: 1000 }).catch(() => {});
    await page.getByText('Your session has ended.').waitFor();
    // On another page nothing asks for what is unsaved here.
    await page.evaluate(() => {
      window.location.hash = '#/demo';
    });
    await desk.logIn();
    await page.getByRole('heading', { name: 'Demo' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.evaluate(() => {
      window.location.hash = '#/general-settings';
    });
    await desk.logIn();
    await expect.poll(() => pin.inputValue()).toBe('');
    expect(await page.getByText('Not saved yet').count()).toBe(0);
  });

  it('says how long a help contact may be, counts each length once, and doubles no word floor', async () => {
    const office = lively();
    for (const room of office.rooms) if (room.floor === '2') room.floor = '2nd floor';
    await open(office, `#/general-settings?scope=${encodeURIComponent('["floor","Oslo","2nd floor"]')}`);
    await expect.poll(() => page.getByLabel('Settings for').inputValue()).toBe('Oslo, 2nd floor');
    await page.getByLabel('Help contact', { exact: true }).fill('x'.repeat(81));
    await page.getByLabel('Lengths offered', { exact: true }).fill('30, 15, 30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('At most 80 characters', { exact: true }).waitFor();
    await expect.poll(() => page.getByLabel('Lengths offered', { exact: true }).inputValue()).toBe('15, 30');
  });

  it('says in words what each version was', async () => {
    const office = lively();
    const [newest] = office.history;
    if (newest) newest.panels = { target: 0, running: 0, refused: 0 };
    await open(office, '#/general-settings/history');
    const entries = page.locator('.history > li');
    // Versions 7, 6, 5, 4, 2, 1 and 0.
    await expect.poll(() => entries.count()).toBe(7);
    expect(await entries.nth(0).innerText()).not.toMatch(/replaced|no panel/);
    expect(await entries.nth(1).innerText()).toContain('replaced');
    expect(await entries.nth(2).innerText()).toContain('inherited');
    expect((await entries.nth(3).innerText()).replaceAll(/\s+/g, ' ')).toContain('Name none Door 1 Room Aurora Birch');
    const linesOf = async (nth: number) =>
      (await entries.nth(nth).innerText()).replaceAll(/[^\S\n]+/g, ' ').split(/ ?\n ?/);
    expect(await linesOf(4)).toContain(
      'Contoso: Days that are holidays 26 Dec 2026 25 Dec 2026, 1 Jan 2027, 26 Mar 2027, 29 Mar 2027 and 2 more',
    );
    expect(await linesOf(5)).toEqual(
      expect.arrayContaining([
        'Contoso: Sign-in Service account Application with a secret',
        'Contoso: Secret expires on none 31 May 2027',
        'Contoso: Access to calendars Direct Through central',
        'Contoso: Change notifications off on',
        'Contoso: Public holidays none Public holidays (holidays@contoso.example)',
        'Contoso: Client secret set changed',
        'Contoso: Private CA certificates set none',
      ]),
    );
    expect(await entries.nth(6).innerText()).toContain('As installed');
    office.rooms = office.rooms.map(room => ({ ...room, panel: null }));
    central.tell('rooms');
    await entries.nth(0).getByText('no panel yet').waitFor();
  });

  it('tells of somebody who saved meanwhile, and asks before changes are left behind', async () => {
    const office = lively();
    await open(office, '#/general-settings');
    await page.getByLabel('Theme').selectOption('dark');
    office.policies = { ...office.policies, version: 8 };
    central.tell('general-settings');
    await page.getByText('Somebody else saved settings meanwhile.').waitFor();
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('General Settings');
  });

  it('rolls back to an earlier version in one click and a yes', async () => {
    await open(lively(), '#/general-settings/history');
    await page.getByText('Juniper (version 7): unknown time zone').waitFor();
    await page.getByRole('button', { name: 'Roll back to version 6' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('as they were in version 6 again').waitFor();
    expect(heard('/policies/roll-back')).toEqual([{ version: 6 }]);
  });

  it('turns the demo on, plays it, and turns it off', async () => {
    await open(emptyOffice(), '#/demo');
    await page.getByRole('button', { name: 'Turn the demo on' }).click();
    await page.getByText('Live panel: Aurora').waitFor();
    await page.getByText('Fails', { exact: true }).click();
    await page.getByText('It reports a fault of its own').waitFor();
    await page.getByRole('button', { name: 'Unplug central' }).click();
    await page.getByRole('button', { name: 'Plug central in again' }).waitFor();
    await page.getByRole('button', { name: 'Book now, 30 min' }).first().click();
    await expect
      .poll(() => heard('/demo/act'))
      .toEqual([
        { kind: 'fault', fault: 'fail' },
        { kind: 'unplug-central', isUnplugged: true },
        { kind: 'book', room: 'aurora@fjord.example', in: 0, length: minutes(30), isPrivate: false },
      ]);
    await page.getByRole('button', { name: 'Turn the demo off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Turn the demo on' }).waitFor();
  });

  it.each(Object.entries(SIZES))('has nothing axe objects to, and fits the width, at %s size', async (_, viewport) => {
    await open(lively(), '#/general-settings', viewport);
    for (const hash of ['#/general-settings', '#/general-settings/history', '#/demo']) {
      await page.evaluate(to => {
        window.location.hash = to;
      }, hash);
      await page.waitForTimeout(300);
      const found = await page.evaluate(
        // The panel in its frame is judged where it is made (test/renderer).
        () => (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: ['iframe'] }, { iframes: false }),
      );
      expect(found.violations.map(({ id, nodes }) => [hash, id, nodes.map(node => node.html)])).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
      }));
      expect(scrollWidth, hash).toBeLessThanOrEqual(clientWidth);
    }
  });

  it('shows hostile words as words', async () => {
    await open(hostileOffice(clock.now()), '#/general-settings');
    await page.getByRole('heading', { name: 'General Settings' }).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
    expect(HOSTILE).not.toBe('');
  });
});
