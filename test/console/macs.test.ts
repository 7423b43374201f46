/** The page Free MACs in a real browser, against the fake central. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { livelyLicence, manyRooms, manyWaiting } from './fixtures/panels.ts';
import { emptyOffice, HOSTILE, hostileOffice, livelyOffice, type Office, waitingPanel } from './fixtures.ts';
import { expectHarmless, now, openScene, raiseStage, type Scene, type Stage, typingCost } from './stage.ts';

const lively = () => livelyOffice(now());
const CARDS = '.panels > li';

describe.skipIf(!hasChromium)('free macs (skipped without Chromium)', () => {
  let stage: Stage;
  let scene: Scene;
  beforeAll(async () => {
    stage = await raiseStage();
  });
  afterAll(() => stage?.strike());
  afterEach(() => scene.close());
  const open = async (office: Office, hash = '#/free-macs', viewport = SIZES.desk) => {
    scene = await openScene(stage, office, hash, viewport);
    return scene;
  };
  const enterCode = async (code: string) => {
    const field = scene.page.getByLabel('Enter a code').last();
    await field.fill(code);
    // To the field itself: a dialog that just closed may take the focus back meanwhile.
    await field.press('Enter');
  };

  it('shows a new panel by itself, and approves it with the keyboard alone, with the code that was compared', async () => {
    const { page, sees, soon, central, hasFocus, bodiesTo } = await open({ ...lively(), waiting: [] });
    await sees('No panel waits');
    await page.locator('code', { hasText: central.origin }).waitFor();
    const panel = waitingPanel(0, now());
    central.office.waiting.push(panel);
    central.tell('free-macs');
    await page.getByRole('button', { name: /^Approve/ }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog:modal').getByText('fossil').waitFor();
    await soon(() => hasFocus('[role="combobox"]')).toBe(true);
    await page.keyboard.type('lago');
    await page.getByRole('option').first().getByText('Lagoon').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await sees(/has its panel/);
    await soon(() => hasFocus('h1')).toBe(true);
    await sees('No panel waits');
    expect(bodiesTo(`/free-macs/${panel.panel}/approve`)).toEqual([
      { room: 'room-11', licenceKeyId: null, code: 'BCDFGHJK' },
    ]);
  });

  it('says when the code changes while somebody compares, and sends the new one only then', async () => {
    const { page, sees, press, central } = await open(lively());
    await press(/^Approve/);
    await page.locator('.compare').getByText('BCDF-GHJK').waitFor();
    const [panel] = central.office.waiting;
    if (panel) panel.code = 'ZZZZZZZZ';
    central.tell('free-macs');
    await sees('The panel has a new code by now: compare again.');
    await page.locator('.compare').getByText('ZZZZ-ZZZZ').waitFor();
  });

  it('marks the panel whose code the address names, and warns of twins', async () => {
    const { page, sees } = await open(lively(), '#/free-macs?code=lmnpqrst');
    expect(await page.locator('.panel-wanted').innerText()).toContain('LMNP-QRST');
    expect(await page.locator(CARDS).first().innerText()).toContain('LMNP-QRST');
    await sees('2 panels report the same machine id: a cloned disk image?');
  });

  it('pairs by a typed code, or leads to the row, and tells of mistakes before anybody is asked', async () => {
    const { sees, soon, bodiesTo, hasFocus, page } = await open(lively());
    await enterCode('BCDF-GHJA');
    await sees('Codes never hold A: look again');
    await enterCode('BCDF');
    await sees('A code has at least 8 letters, this has 4');
    expect(bodiesTo('/free-macs/code')).toEqual([]);
    await enterCode('lmnp qrst');
    await soon(() => page.locator('.panel-wanted').count()).toBe(1);
    expect(await page.locator('.panel-wanted').innerText()).toContain('LMNP-QRST');
    await soon(() => hasFocus('.panel-wanted .panel-actions button')).toBe(true);
    const registered = scene.central.office.waiting.find(({ registration }) => registration !== null);
    await enterCode(registered?.code ?? '');
    await sees(/Dune.* has its panel/);
    expect(scene.central.office.rooms.find(({ name }) => name === 'Dune')?.panel?.hostname).toBe('panel-a4');
  });

  it('says that a code is unknown, and after too many tries how long to wait', async () => {
    const { page, sees } = await open(lively());
    for (const code of ['ZZZZZZZZ', 'XXXXXXXX', 'WWWWWWWW']) {
      await enterCode(code);
      await sees('No panel waits with this code.');
      await page.getByText('No panel waits with this code.').waitFor();
    }
    await enterCode('VVVVVVVV');
    await sees(/Too many wrong codes were tried.\s+Try again in 2 min/);
    expect(await page.getByLabel('Enter a code').last().inputValue()).toBe('VVVVVVVV');
  });

  it('confirms one registered panel, and says why not', async () => {
    const { page, sees, press, pressInDialog, central } = await open(lively());
    await press(/^Confirm/);
    await sees(/It was registered for/);
    for (const key of central.office.licenceKeys) if (key.state === 'free') key.state = 'revoked';
    await pressInDialog('Confirm');
    await sees('There is no free licence key.');
    const [, , , , , , , , , last] = central.office.licenceKeys;
    if (last) last.state = 'free';
    await pressInDialog('Confirm');
    await sees(/Dune.* has its panel/);
    await page.getByRole('link', { name: 'Show the room', exact: true }).waitFor();
  });

  it('approves for another room than the registered one, not for one that has a panel', async () => {
    const { page, sees, press } = await open(lively());
    await press(/^Other room for/);
    expect(await page.getByRole('combobox', { name: 'Room' }).inputValue()).toBe('Dune');
    expect(await page.getByLabel('Licence key').locator('option').first().innerText()).toMatch(/^The registered one/);
    await page.getByRole('combobox', { name: 'Room' }).fill('cedar');
    await page.keyboard.press('Enter');
    await sees(/has a panel already/);
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  });

  it('rejects, ends a conflict, and keeps those that were turned away apart', async () => {
    const { page, sees, press, pressInDialog, soon, central } = await open(lively());
    await press(/^Reject/);
    await pressInDialog('Reject');
    await sees('The panel was rejected.');
    await press(/^End conflict of/);
    await pressInDialog('End the conflict');
    await sees('The conflict is ended.');
    expect(central.office.waiting.some(({ isConflict }) => isConflict)).toBe(false);
    await page.getByText('Rejected or revoked').click();
    await soon(() => page.locator(CARDS).count()).toBe(3);
    const texts = await page.locator(CARDS).allInnerTexts();
    expect(texts.filter(text => text.includes('Rejected.'))).toHaveLength(2);
    expect(texts.filter(text => text.includes('Revoked.'))).toHaveLength(1);
  });

  it('lets a revoked panel in again, which nobody before its glass can', async () => {
    const { page, sees, press, pressInDialog, soon, central } = await open(lively());
    await page.getByText('Rejected or revoked').click();
    const card = page.locator(CARDS, { hasText: 'Revoked.' });
    expect(await card.getByRole('button').allInnerTexts()).toEqual(['Let it in again']);
    await press(/^Let it in again: /);
    await sees(/shows a new code within five minutes/);
    await pressInDialog('Let it in again');
    await sees(/^The panel is let in again/);
    expect(central.office.waiting.some(({ isRevoked }) => isRevoked)).toBe(false);
    await soon(() => card.count()).toBe(0);
    await page.locator('.tab', { hasText: /^Waiting \d/ }).click();
    await soon(() => page.locator(CARDS, { hasText: /NPQR\W?STVW/ }).count()).toBe(1);
  });

  it('stays quick with 1,000 waiting panels, and confirms the registered ones in one go', async () => {
    const rooms = manyRooms(1000, now()).map(room => ({ ...room, panel: null }));
    const [key] = lively().licenceKeys.filter(({ state }) => state === 'free');
    const licenceKeys = Array.from({ length: 600 }, (_, n) => ({ ...key, id: `k${n}` })) as Office['licenceKeys'];
    const office = { ...lively(), rooms, licenceKeys, waiting: manyWaiting(1000, now()) };
    const { page, sees, press, pressInDialog, bodiesTo, central } = await open(office);
    await sees('The first 20 of 1,000 panels');
    expect(await page.locator(CARDS).count()).toBe(20);
    const cost = await typingCost(page, 'input[name="find"]', 'meeting room 99');
    console.info(`free macs: a key in the search of 1,000 costs ${cost.toFixed(1)} ms`);
    expect(cost).toBeLessThan(150);
    await press('Compare and confirm');
    await page.getByLabel('Select all 666').check();
    expect(await page.locator('.confirm-list > li').count()).toBe(50);
    // One shows a new code after it was ticked: it is left out until somebody looks again.
    const late = central.office.waiting.find(({ registration }) => registration !== null);
    if (late) late.code = 'ZZZZZZZZ';
    central.tell('free-macs');
    await sees('It shows a new code by now: compare again.');
    await pressInDialog('Confirm 665');
    await sees('600 panels paired');
    await sees('65 panels could not be paired.');
    await sees('There is no free licence key.');
    const [sent] = bodiesTo('/free-macs/confirm') as { panels: { panel: string }[] }[];
    expect(sent?.panels).toHaveLength(665);
    expect(sent?.panels.some(({ panel }) => panel === late?.panel)).toBe(false);
    await pressInDialog('Done');
    await page.locator('input[name="find"]').fill('');
    await sees('The first 20 of 400 panels');
  });

  it('rolls out by a file: first what would happen, then what happened', async () => {
    const { page, sees, press, soon, bodiesTo, central } = await open(lively());
    await page.getByText('Roll-out by file').click();
    await press('Check');
    await sees('Choose a file, or paste its text here');
    const csv =
      'mac,room,licence key,code\n00:1b:21:3c:9d:77,Aurora,,\n00-1b-21,Cedar,,\n00:1b:21:3c:9d:78,Birch,,BCDFGHJK';
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await soon(() => page.getByLabel('CSV text').inputValue()).toBe(csv);
    await press('Check');
    await sees('What would happen with 3 lines');
    await sees('1 panel would be paired, 1 panel would be registered.');
    const lines = page.locator('.table-verdicts tbody tr');
    await soon(() => lines.count()).toBe(1);
    expect(await lines.innerText()).toMatch(/3\s+00-1b-21\s+Cedar\s+Refused\s+This is no MAC address./);
    await page.getByText('All 3').click();
    await soon(() => lines.count()).toBe(3);
    expect(central.office.registrations).toHaveLength(3);
    await press('Import 2 lines');
    await sees('Imported');
    await sees('1 panel paired, 1 panel registered.');
    await sees('1 line was refused');
    expect(bodiesTo('/registrations/import')).toEqual([
      { csv, isDryRun: true },
      { csv, isDryRun: false },
    ]);
    await sees('00:1b:21:3c:9d:77');
    await press('Import another file');
    expect(await page.getByLabel('CSV text').inputValue()).toBe('');
  });

  it('keeps what was pasted when central does not answer, and starts over when it is changed', async () => {
    const { page, sees, press, context, soon } = await open(lively());
    await page.getByText('Roll-out by file').click();
    await page.getByLabel('CSV text').fill('mac,room\n00:1b:21:3c:9d:77,Aurora');
    await context.route('**/registrations/import', route => route.abort());
    await press('Check');
    await sees('Central does not answer.');
    expect(await page.getByLabel('CSV text').inputValue()).toContain('Aurora');
    await context.unroute('**/registrations/import');
    await press('Check');
    await sees('What would happen with 1 line');
    await page.getByLabel('CSV text').fill('mac,room\n00:1b:21:3c:9d:77,Birch');
    await soon(() => page.getByText('What would happen').count()).toBe(0);
  });

  it('hands out a template and an export, and deletes a registration', async () => {
    const { page, press, pressInDialog, soon, central } = await open(lively());
    await page.getByText('Roll-out by file').click();
    const template = page.waitForEvent('download');
    await press('Download a template');
    expect(await readFile(await (await template).path(), 'utf8')).toBe('\uFEFFmac,room,licence key,code\r\n');
    const exported = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export panels and registrations' }).click();
    expect((await exported).suggestedFilename()).toBe('lintel-panels.csv');
    await page.getByLabel('Find a registration').fill('lagoon');
    await press(/^Delete the registration/);
    await pressInDialog('Delete');
    await soon(() => central.office.registrations.length).toBe(2);
    await page.getByText('No registration fits.').waitFor();
  });

  it('says why nothing more can be paired', async () => {
    const { sees, central } = await open({ ...lively(), licence: livelyLicence(now(), { state: 'lapsed' }) });
    await sees('The licence has lapsed');
    central.office.licence = livelyLicence(now(), { seatsUsed: 20 });
    central.tell('licence-keys');
    await sees('All 20 seats of the licence are used');
  });

  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('renders hostile strings as text, within the page', async () => {
      const { page, press } = await open(hostileOffice(now()), '#/free-macs', viewport);
      const hostile = page.locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) }).first();
      await hostile.waitFor();
      await expectHarmless(scene, 'list');
      await press('Compare and confirm');
      await expectHarmless(scene, 'confirm');
      await page.keyboard.press('Escape');
      await page.getByText('Roll-out by file').click();
      await hostile.waitFor();
      await expectHarmless(scene, 'roll-out');
      await page.getByLabel('CSV text').fill(`mac,room\n${HOSTILE},${HOSTILE}`);
      await press('Check');
      await page.getByText('This is no MAC address.').waitFor();
      await expectHarmless(scene, 'verdicts');
    });

    it('has no accessibility violation', async () => {
      const { page, checkAccess, press, sees, central } = await open(lively(), '#/free-macs', viewport);
      await page.locator(CARDS).first().waitFor();
      await checkAccess('list');
      for (const name of [/^Approve/, /^Confirm/, /^Reject/, /^End conflict of/, 'Compare and confirm']) {
        await press(name);
        await page.getByRole('dialog').waitFor();
        if (String(name) === '/^Approve/') await page.getByRole('option').first().waitFor();
        await checkAccess(String(name));
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await enterCode('ZZZZZZZZ');
      await sees('No panel waits with this code.');
      await checkAccess('wrong code');
      await page.getByText('Rejected or revoked').click();
      await checkAccess('turned away');
      await press(/^Let it in again: /);
      await page.getByRole('dialog').waitFor();
      await checkAccess('letting in again');
      await page.keyboard.press('Escape');
      await page.getByText('Roll-out by file').click();
      await page.getByLabel('CSV text').fill('mac,room\nx,Aurora\n,Birch\n00:1b:21:3c:9d:77,Aurora');
      await press('Check');
      await sees('This is no MAC address.');
      await checkAccess('roll-out');
      central.office = emptyOffice();
      await sees('No panel is registered.');
      await checkAccess('no registrations');
      await page.getByText('Waiting panels').click();
      await sees('No panel waits');
      await checkAccess('nobody waits');
    });
  });
});
