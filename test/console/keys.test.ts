/** The page Licence Keys in a real browser, against the fake central. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hours, plus } from '../../src/contract/values/time.ts';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { GOOD_FILE } from './fake/keys.ts';
import { livelyLicence } from './fixtures/panels.ts';
import { emptyOffice, HOSTILE, hostileOffice, livelyOffice, type Office } from './fixtures.ts';
import { expectHarmless, now, openScene, raiseStage, type Scene, type Stage } from './stage.ts';

const lively = () => livelyOffice(now());
const keyOf = (n: number) => `ABCDE-FGHJK-MNPQR-STVWX-${10000 + n}`;

describe.skipIf(!hasChromium)('licence keys (skipped without Chromium)', () => {
  let stage: Stage;
  let scene: Scene;
  beforeAll(async () => {
    stage = await raiseStage();
  });
  afterAll(() => stage?.strike());
  afterEach(() => scene.close());
  const open = async (office: Office, viewport = SIZES.desk) => {
    scene = await openScene(stage, office, '#/licence-keys', viewport);
    return scene;
  };
  const create = async (count: number, note = '') => {
    const { page, press } = scene;
    await press('Create keys');
    await page.getByLabel('How many').fill(String(count));
    if (note !== '') await page.getByLabel(/Note/).fill(note);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${count} licence key` }).waitFor();
  };

  it('creates keys with the keyboard, shows them once, copies one and all, and asks before they are lost', async () => {
    const { page, press, sees, soon, hasFocus } = await open(lively());
    await page.getByRole('button', { name: 'Create keys' }).focus();
    await page.keyboard.press('Enter');
    await soon(() => hasFocus('input[name="count"]')).toBe(true);
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    await sees('From 1 to 500');
    await page.getByLabel('How many').fill('3');
    await page.keyboard.press('Enter');
    await sees('3 licence keys created');
    await press(`Copy ${keyOf(1)}`);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(keyOf(1));
    await press('Done');
    await sees('Leave without copying the keys?');
    await press('Stay here');
    await press('Copy all');
    await soon(() => page.evaluate(() => navigator.clipboard.readText())).toBe([0, 1, 2].map(keyOf).join('\n'));
    await press('Done');
    await soon(() => page.getByText(keyOf(0)).count()).toBe(0);
  });

  it('saves them as CSV, harmless to a spreadsheet', async () => {
    const { page, press } = await open(lively());
    await create(2, '=HYPERLINK("x"), Tower A');
    const download = page.waitForEvent('download');
    await press('Download CSV');
    const file = await download;
    expect(file.suggestedFilename()).toBe('lintel-keys-hyperlink-x-tower-a.csv');
    expect(await readFile(await file.path(), 'utf8')).toBe(
      `\uFEFFlicence key,note\r\n${keyOf(0)},"'=HYPERLINK(""x""), Tower A"\r\n${keyOf(1)},"'=HYPERLINK(""x""), Tower A"\r\n`,
    );
    await press('Done');
    await page.getByRole('table').waitFor();
    expect(await page.getByText(keyOf(0)).count()).toBe(0);
  });

  it('prints only the sheet: ten keys a page, each with a QR code that reads as the key', async () => {
    const office = { ...lively(), licence: { ...livelyLicence(now()), entitlement: null, state: 'none' as const } };
    const { page, press, sees, soon } = await open(office);
    await create(23, 'Tower A');
    await press('Print with QR codes');
    expect(await page.evaluate(() => Reflect.get(globalThis, 'wasPrinted'))).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#console').isVisible()).toBe(false);
    expect(await page.locator('.sheet-keys > li:visible').count()).toBe(23);
    const sheet = await page.locator('.sheet').innerText();
    expect(sheet).toContain('Tower A');
    expect(sheet).toContain('page 3 of 3');
    expect(sheet).toContain('ABCDE-FGHJK-MNPQR-\nSTVWX-10022');
    expect(
      (await page.pdf({ preferCSSPageSize: true, format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g),
    ).toHaveLength(3);
    expect((await page.pdf({ format: 'Letter' })).toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(3);
    expect(await modulesOf(page, keyOf(4))).toBe(await referenceQr(keyOf(4)));
    await page.emulateMedia({ media: null });
    // Whether paper came out nobody tells us: it asks once more.
    await press('Done');
    await sees('Did the sheet come out well?');
    await press('Yes, leave');
    await soon(() => page.locator('.sheet').count()).toBe(0);
  });

  it('finds a key by room and panel, and says what revoking does', async () => {
    const { page, sees, press, pressInDialog, soon, hasFocus, central } = await open(lively());
    const rows = () => page.locator('tbody tr').count();
    await page.getByLabel(/^Find by key/).fill('glacier');
    await soon(rows).toBe(1);
    expect(await page.locator('tbody tr').innerText()).toContain('Door 7');
    await press(/^Revoke/);
    await sees(/was paired under it: it loses the room within a\s+second/);
    await pressInDialog('Revoke');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel(/^Find by key/).fill('');
    await page.locator('.tab', { hasText: 'Revoked' }).click();
    await soon(rows).toBe(2);
    await soon(() => hasFocus('dialog *')).toBe(false);
    expect(central.office.licenceKeys.filter(({ state }) => state === 'revoked')).toHaveLength(2);
    await page.locator('.tab', { hasText: 'Free' }).click();
    await press(/^Revoke ZP9D0/);
    await sees(/It is registered for/);
  });

  it('imports a licence file, refuses one that was changed, and removes it', async () => {
    const { page, sees, press, pressInDialog, soon } = await open(emptyOffice());
    await sees('Nothing is limited');
    await press('Import a licence file');
    await pressInDialog('Import');
    await sees('Choose the file, or paste its text here');
    await page.getByRole('dialog').getByLabel('Licence file').fill('LINTEL-LICENCE changed');
    await pressInDialog('Import');
    await sees(/The signature does not fit/);
    expect(await page.getByRole('dialog').getByLabel('Licence file').inputValue()).toBe('LINTEL-LICENCE changed');
    await page.locator('input[type="file"]').setInputFiles({
      name: 'contoso.lic',
      mimeType: 'text/plain',
      buffer: Buffer.from(GOOD_FILE),
    });
    await soon(() => page.getByRole('dialog').getByLabel('Licence file').inputValue()).toBe(GOOD_FILE);
    await pressInDialog('Import');
    await sees('The licence file is imported.');
    await sees('Contoso AS');
    await press('Remove the licence file');
    await pressInDialog('Remove');
    await sees('The licence file is removed.');
    await sees('Nothing is limited');
  });

  it('says in plain words where the licence stands', async () => {
    const { page, sees, central } = await open(lively());
    await sees('Valid');
    expect(await page.getByRole('meter', { name: 'Seats' }).getAttribute('value')).toBe('8');
    await sees('8 of 20 used');
    const show = (more: object) => {
      central.office.licence = livelyLicence(now(), more);
      central.tell('licence-keys');
    };
    show({ state: 'grace', graceUntil: plus(now(), hours(24 * 12 + 1)) });
    await sees('The licence has expired; everything goes on for now');
    await sees(/another 12 days/);
    show({ state: 'lapsed' });
    await sees('The licence has lapsed, and so has its time of grace');
    await sees(/they show what they last read/);
    show({ seatsUsed: 20, keys: 20 });
    await sees('All 20 seats are used');
    show({ keys: 20 });
    await sees('There is a licence key for each of the 20 seats.');
    await page.getByRole('button', { name: 'Create keys' }).click();
    await sees('The licence file leaves room for 0 licence keys.');
    await page.keyboard.press('Enter');
    await sees('The licence is for 20 seats, and 20 keys are made.');
    expect(await page.getByLabel('How many').inputValue()).toBe('10');
    show({ state: 'not-yet' });
    await sees('Not valid yet');
  });

  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('renders hostile strings as text, within the page', async () => {
      const { page } = await open(hostileOffice(now()), viewport);
      await page
        .locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) })
        .first()
        .waitFor();
      await expectHarmless(scene, 'list');
      await create(2, HOSTILE.slice(0, 150));
      await expectHarmless(scene, 'created');
    });

    it('has no accessibility violation', async () => {
      const { page, checkAccess, press, sees, central } = await open(lively(), viewport);
      await page.getByRole('table').waitFor();
      await checkAccess('list');
      for (const name of [/^Revoke/, 'Import another file', 'Remove the licence file']) {
        await press(name);
        await page.getByRole('dialog').waitFor();
        await checkAccess(String(name));
        await page.keyboard.press('Escape');
      }
      for (const more of [{ state: 'grace', graceUntil: now() }, { state: 'lapsed' }, { seatsUsed: 20 }]) {
        central.office.licence = livelyLicence(now(), more);
        central.tell('licence-keys');
        await page.waitForTimeout(400);
        await checkAccess(JSON.stringify(more));
      }
      await create(4);
      await checkAccess('created');
      await press('Copy all');
      await press('Done');
      central.office = emptyOffice();
      await sees('No licence keys yet');
      await checkAccess('no keys');
    });
  });
});

/** The dark modules of a key's code on the sheet, row by row, as the browser paints them. */
const modulesOf = (page: Page, key: string) =>
  page.getByRole('img', { name: `QR code of ${key}` }).evaluate((svg: SVGSVGElement) => {
    const size = svg.viewBox.baseVal.width;
    const path = svg.querySelector('path');
    const rows = Array.from({ length: size }, (_, y) =>
      Array.from({ length: size }, (_, x) => {
        const point = svg.createSVGPoint();
        point.x = x + 0.5;
        point.y = y + 0.5;
        return path?.isPointInFill(point) ? '#' : '.';
      }).join(''),
    );
    return rows.join('\n');
  });

/** The same code by the library's own drawing, so that only our way to the paper is tested. */
async function referenceQr(text: string): Promise<string> {
  const { encode } = await import('uqr');
  const { data } = encode(text, { ecc: 'Q', border: 4 });
  return data.map(row => row.map(isDark => (isDark ? '#' : '.')).join('')).join('\n');
}
