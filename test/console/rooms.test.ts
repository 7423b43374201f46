/** The page Rooms in a real browser, against the fake central. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/chromium.ts';
import { SIZES } from './browser.ts';
import { manyRooms, useOf } from './fixtures/panels.ts';
import { emptyOffice, HOSTILE, hostileOffice, livelyOffice, type Office } from './fixtures.ts';
import { expectHarmless, now, openScene, raiseStage, type Scene, type Stage, typingCost } from './stage.ts';

const lively = () => livelyOffice(now());
const ROWS = 'tbody tr';

/** A picture that does not compress, as uncompressed BMP: some nine megabytes. */
function noise(width: number, height: number): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + width * height * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, randomBytes(width * height * 3)]);
}

describe.skipIf(!hasChromium)('rooms (skipped without Chromium)', () => {
  let stage: Stage;
  let scene: Scene;
  beforeAll(async () => {
    stage = await raiseStage();
  });
  afterAll(() => stage?.strike());
  afterEach(() => scene.close());
  const open = async (office: Office, hash = '#/rooms', viewport = SIZES.desk) => {
    scene = await openScene(stage, office, hash, viewport);
    return scene;
  };

  it('finds rooms by what is asked for, and counts what each question would show', async () => {
    const { page, soon, press, hasFocus } = await open(lively());
    const count = () => page.locator(ROWS).count();
    await soon(count).toBe(12);
    await page.getByText('Needs attention').click();
    // Cannot read, conflict, offline, refused its settings, gone from the directory.
    await soon(count).toBe(5);
    await page.getByText('All', { exact: false }).first().click();
    await page.getByLabel('Building').selectOption('Oslo');
    await page.getByLabel('Floor').selectOption('2');
    await soon(count).toBe(5);
    await page.getByLabel('Seats at least').fill('8');
    await soon(count).toBe(2);
    expect(await page.locator(ROWS).allInnerTexts()).toEqual([
      expect.stringContaining('Harbour'),
      expect.stringContaining('Juniper'),
    ]);
    await press('Clear filters');
    await page.getByLabel('Equipment').selectOption('Camera');
    await soon(count).toBe(1);
    await press('Clear filters');
    await page.getByLabel('Find a room').fill('panel-4');
    await soon(count).toBe(1);
    await page.getByLabel('Find a room').fill('nothing like this');
    await page.getByText('No room fits.').waitFor();
    await press('Clear filters');
    await soon(count).toBe(12);
    expect(await hasFocus('[type=search]')).toBe(true);
  });

  it('says how each room is used today, and what its panel runs', async () => {
    const { page, sees } = await open(lively());
    const row = (name: string) => page.locator(ROWS, { hasText: name });
    await row('Aurora').getByText('4 h 30 min').last().waitFor();
    expect(await row('Aurora').innerText()).toMatch(/4 h 30 min\s*38 %/);
    expect(await row('Aurora').locator('.today .use-busy').count()).toBe(3);
    expect(await row('Birch').innerText()).toContain('Free all day');
    expect(await row('Dune').innerText()).toContain('Not known');
    expect(await row('Harbour').innerText()).toMatch(/Settings version 7 is on its way since \d+ s ago, runs 6/);
    expect(await row('Juniper').innerText()).toContain('Refused settings version 7: unknown time zone');
    await row('Juniper').getByRole('link', { name: 'History' }).click();
    await page.waitForURL(/#\/general-settings\/history$/);
    await sees(/General Settings/i);
  });

  it('keeps the search on the way into a room and back, and gives the focus back', async () => {
    const { page, soon, hasFocus } = await open(lively());
    await page.getByLabel('Find a room').fill('cedar');
    await soon(() => page.locator(ROWS).count()).toBe(1);
    await page.getByRole('link', { name: 'Cedar' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Cedar' }).waitFor();
    await soon(() => hasFocus('h1')).toBe(true);
    await page.keyboard.press('Tab');
    await page.goBack();
    await soon(() => page.locator(ROWS).count()).toBe(1);
    await soon(() => hasFocus('.room-link')).toBe(true);
  });

  it('stays quick with 2,000 rooms', async () => {
    const rooms = manyRooms(2000, now());
    const { page, soon, sees, press } = await open({ ...lively(), rooms, use: useOf(rooms, now()) });
    await sees('The first 60 of 2,000 rooms');
    expect(await page.locator(ROWS).count()).toBe(60);
    const cost = await typingCost(page, 'input[name="find"]', 'meeting room 19');
    console.info(`rooms: a key in the search of 2,000 costs ${cost.toFixed(1)} ms`);
    expect(cost).toBeLessThan(150);
    await page.getByLabel('Find a room').fill('');
    await press('Show 60 more');
    await soon(() => page.locator(ROWS).count()).toBe(120);
  });

  it('adds a room by hand with the keyboard, edits it and deletes it', async () => {
    const { page, sees, soon, bodiesTo, press, pressInDialog, central, hasFocus } = await open(lively());
    await page.getByRole('button', { name: 'Add a room' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await soon(() => hasFocus('input[name="name"]')).toBe(true);
    await page.keyboard.press('Enter');
    await sees('Name is missing');
    await page.keyboard.type('Annex');
    await dialog.getByLabel("Calendar's address").fill('no address');
    await dialog.getByLabel(/Seats/).fill('many');
    await page.keyboard.press('Enter');
    await sees('An e-mail address, such as room-1@example.com');
    await sees('A whole number from 0 to 100,000');
    expect(bodiesTo('/rooms')).toEqual([]);
    await dialog.getByLabel(/Seats/).fill('9');
    await dialog.getByLabel("Calendar's address").fill('aurora@contoso.example');
    await page.keyboard.press('Enter');
    await page.screenshot({ path: '/tmp/dbg.png' });
    await sees('A room with this address is there already.');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Annex');
    await dialog.getByLabel("Calendar's address").fill('annex@contoso.example');
    await dialog.getByLabel(/Equipment/).fill('Screen, Phone,, Screen');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Annex' }).waitFor();
    expect(bodiesTo('/rooms').at(-1)).toMatchObject({
      connection: 'default',
      address: 'annex@contoso.example',
      capacity: 9,
      building: null,
      equipment: ['Screen', 'Phone'],
    });

    await press('Edit');
    await dialog.getByLabel(/Floor/).fill('3');
    await page.keyboard.press('Enter');
    await sees('The room is saved.');
    expect(central.office.rooms.find(({ name }) => name === 'Annex')?.floor).toBe('3');
    await press('Delete');
    await pressInDialog('Delete');
    await page.getByRole('heading', { level: 1, name: 'Rooms' }).waitFor();
    await sees(/Annex.* is deleted/);
    expect(central.office.rooms.some(({ name }) => name === 'Annex')).toBe(false);
  });

  it('scales a large picture down before it is sent, shows it and removes it', async () => {
    const { page, sees, soon, bodiesTo, press, pressInDialog } = await open(lively(), '#/rooms?room=room-3');
    await sees('No picture yet');
    const picture = noise(2000, 1500);
    const input = page.locator('input[type="file"]');
    await input.setInputFiles({ name: 'room.bmp', mimeType: 'image/bmp', buffer: picture });
    await page.getByRole('img', { name: /Dune, as it looks/ }).waitFor();
    const [sent] = bodiesTo('/rooms/room-3/photo') as { mediaType: string; data: string }[];
    expect(sent?.mediaType).toBe('image/jpeg');
    expect(Buffer.from(sent?.data ?? '', 'base64').length).toBeLessThanOrEqual(300 * 1024);
    await input.setInputFiles({ name: 'room.heic', mimeType: 'image/heic', buffer: Buffer.from('no picture') });
    await sees('The browser cannot read that file as a picture.');
    await press('Remove the picture');
    await pressInDialog('Remove');
    await soon(() => page.getByText('No picture yet').count()).toBe(1);
  });

  it("sets a directory room's zone and leaves it to the directory again", async () => {
    const { page, sees, bodiesTo, press, pressInDialog } = await open(lively(), '#/rooms?room=room-0');
    await press(/^Change the time zone/);
    await page.getByRole('combobox', { name: 'Time zone' }).fill('lisb');
    await page.keyboard.press('Enter');
    await pressInDialog('Save');
    await sees('The time zone is saved.');
    await sees('Set here for this room');
    await press(/^Change the time zone/);
    await pressInDialog('As the directory says');
    await sees('As the directory or the server settings say');
    expect(bodiesTo('/rooms/room-0')).toEqual([
      { source: 'directory', zone: 'Europe/Lisbon' },
      { source: 'directory', zone: null },
    ]);
  });

  it('identifies, restarts, renames, and says when the panel is away', async () => {
    const { page, sees, press, pressInDialog, central } = await open(lively(), '#/rooms?room=room-0');
    await press('Identify');
    await sees(/flashes on its glass now/);
    await press('Restart');
    await pressInDialog('Restart');
    await sees('It was asked to restart');
    await press('Rename');
    await page.getByLabel('Name', { exact: true }).fill('x'.repeat(81));
    await sees('At most 80 characters');
    await page.getByLabel('Name', { exact: true }).fill('By the lift');
    await page.keyboard.press('Enter');
    await sees('The panel is renamed.');
    await page.getByRole('heading', { name: /Panel · By the lift/ }).waitFor();
    // It goes away just as it is asked: the page does not know yet, central does.
    const panel = central.office.rooms[0]?.panel;
    await page.route('**/identify', route => {
      if (panel) panel.isOnline = false;
      return route.continue();
    });
    await press('Identify');
    await sees('The panel is not connected just now.');
    central.tell('rooms');
    await sees('It is not connected to central');
    expect(await page.getByRole('button', { name: 'Identify' }).isDisabled()).toBe(true);
  });

  it('collects diagnostics into a file and tells the gist', async () => {
    const { page, sees, press } = await open(lively(), '#/rooms?room=room-0');
    const download = page.waitForEvent('download');
    await press('Collect diagnostics');
    expect((await download).suggestedFilename()).toBe('lintel-door-1-diagnostics.json');
    await sees('state, trust');
    await sees('fresh');
  });

  it('moves a panel to another room, not to one that has a panel', async () => {
    const { page, sees, press, pressInDialog, central } = await open(lively(), '#/rooms?room=room-0');
    await press('Move');
    await page.getByRole('combobox', { name: 'To room' }).fill('birch');
    await page.keyboard.press('Enter');
    await sees(/has a panel already/);
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Move' }).isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'To room' }).fill('lago');
    await page.keyboard.press('Enter');
    await pressInDialog('Move');
    await sees(/The panel shows/);
    await sees('No panel shows this room.');
    expect(central.office.rooms.find(({ name }) => name === 'Lagoon')?.panel?.name).toBe('Door 1');
  });

  it('replaces a panel by one that waits, with the code that was compared', async () => {
    const { page, sees, press, pressInDialog, bodiesTo, central } = await open(lively(), '#/rooms?room=room-6');
    const old = central.office.rooms[6]?.panel?.id;
    const [next] = central.office.waiting;
    await press('Replace');
    await page.getByRole('option').first().click();
    await page.locator('.compare').getByText('fossil').waitFor();
    await pressInDialog('Replace');
    await sees('The new panel has taken over.');
    expect(bodiesTo(`/panels/${old}/replace`)).toEqual([{ by: next?.panel, code: 'BCDFGHJK' }]);
  });

  it('chooses the new panel with the keyboard alone, also when the list comes late', async () => {
    const { page, press, soon, hasFocus } = await open(lively(), '#/rooms?room=room-6');
    let letGo = () => {};
    const held = new Promise<void>(resolve => {
      letGo = resolve;
    });
    await page.route('**/api/v1/free-macs', async route => {
      await held;
      await route.continue();
    });
    await press('Replace');
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('combobox').count()).toBe(0);
    letGo();
    await soon(() => hasFocus('[role=combobox]')).toBe(true);
    await page.keyboard.type('BCDF');
    await page.keyboard.press('Enter');
    await page.locator('.compare').getByText('fossil').waitFor();
  });

  it('says when a panel was last seen only while it is away', async () => {
    const { page, sees } = await open(lively(), '#/rooms?room=room-6');
    await sees('Last seen');
    await page.goto(page.url().replace(/#.*/, '#/rooms?room=room-0'));
    await page.getByRole('heading', { name: 'Aurora' }).waitFor();
    await sees('Calendar read');
    expect(await page.getByText('Last seen').count()).toBe(0);
  });

  it('unpairs and revokes only after asking, and says what became of it', async () => {
    const { page, sees, press, pressInDialog, soon, hasFocus, central } = await open(lively(), '#/rooms?room=room-5');
    await sees('Two machines use the identity of this panel');
    await press('Unpair');
    await sees(/This ends the identity conflict/);
    await pressInDialog('Cancel');
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Unpair');
    expect(central.heard.filter(({ path }) => path.startsWith('/panels'))).toEqual([]);
    await press('Unpair');
    await pressInDialog('Unpair');
    await sees(/The panel is unpaired/);
    await soon(() => hasFocus('h1')).toBe(true);
    await page.goto(`${central.origin}/console/#/rooms?room=room-0`);
    await press('Revoke');
    await pressInDialog('Revoke');
    await sees('The panel is revoked. Its licence key is free again.');
  });

  it('tells what a missing room means, and leads to the settings of a room', async () => {
    const { page, sees } = await open(lively(), '#/rooms?room=room-10');
    await sees('The directory did not list this room at the last import');
    await sees(/Nothing was deleted/);
    await page.getByRole('link', { name: 'Settings of this room' }).click();
    await page.waitForURL(/#\/general-settings\?scope=%5B%22room%22%2C%22room-10%22%5D$/);
  });

  it('goes on when the use cannot be read, and says so when rooms cannot', async () => {
    const { page, sees, context } = await open({ ...lively(), use: null });
    await sees("Today's use could not be read.");
    await page.getByRole('link', { name: 'Aurora' }).waitFor();
    await context.route('**/api/v1/rooms', route => route.fulfill({ body: '<html>proxy</html>' }));
    await page.reload();
    await sees(/Central answered in a form this page does not know/);
    await page.goto(page.url().replace(/#.*/, '#/rooms?room=gone'));
    await context.unroute('**/api/v1/rooms');
    await page.reload();
    await sees('That room is no longer there.');
  });

  describe.each(Object.entries(SIZES))('at the size of a %s', (_, viewport) => {
    it('renders hostile strings as text, within the page', async () => {
      const { page } = await open(hostileOffice(now()), '#/rooms', viewport);
      const hostile = page.locator('bdi:visible', { hasText: HOSTILE.slice(0, 40) }).first();
      await hostile.waitFor();
      await expectHarmless(scene, 'list');
      for (const room of ['room-2', 'room-6', 'room-10']) {
        await page.goto(page.url().replace(/#.*/, `#/rooms?room=${room}`));
        await page.getByText('All rooms').waitFor();
        await expectHarmless(scene, room);
      }
    });

    it('has no accessibility violation', async () => {
      const { page, checkAccess, press, pressInDialog, central } = await open(lively(), '#/rooms', viewport);
      const to = (hash: string) => page.goto(`${central.origin}/console/${hash}`);
      await page.locator(ROWS).first().waitFor();
      await checkAccess('list');
      await press('Add a room');
      await pressInDialog('Add');
      await checkAccess('add a room');
      await page.keyboard.press('Escape');
      for (const room of ['room-0', 'room-2', 'room-5', 'room-6', 'room-10', 'room-11']) {
        await to(`#/rooms?room=${room}`);
        await page.getByText('About the room').waitFor();
        await checkAccess(room);
      }
      await to('#/rooms?room=room-0');
      for (const deed of ['Rename', 'Restart', 'Move', 'Replace', 'Unpair', 'Revoke', /^Change the time zone/]) {
        await page.getByRole('button', { name: deed, exact: true }).first().click();
        await page.getByRole('dialog').waitFor();
        await checkAccess(String(deed));
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      central.office = emptyOffice();
      await to('#/rooms');
      await page.getByText('No rooms yet').waitFor();
      await checkAccess('no rooms');
    });
  });
});
