/** From a panel out of its box to a room on the glass. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { NewLicenceKeys, RoomRow, WaitingPanel } from '../../src/contract/wire/console.ts';
import { type OpenPanel, onEveryShell } from './support/shells.ts';
import { makeWorld, type World } from './support/world.ts';

let world: World;
let open: OpenPanel[] = [];
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  await Promise.all(open.map(panel => panel.stop()));
  open = [];
});
afterAll(() => world.stop());

const waiting = () => world.admin.api('GET', '/free-macs', v.array(WaitingPanel));
const newDir = () => mkdtemp(join(world.dir, 'panel-'));

onEveryShell('pairing', shell => {
  afterAll(() => shell.close());
  const start = async (more: Partial<Parameters<typeof shell.open>[0]> = {}) => {
    const panel = await shell.open({ dataDir: await newDir(), centralUrl: world.central.url, ...more });
    open.push(panel);
    return panel;
  };

  it('shows code, MAC and address, stands in Free MACs with the same words, and shows its room within a second of being approved', async () => {
    const { page } = await start({ mac: '02:00:00:00:00:01' });
    await page.getByText(new URL(world.central.url).host).first().waitFor();
    const glass = (await page.innerText('body')).replaceAll(/\s+/g, ' ');
    const found =
      (await waiting()).find(p => p.mac === '02:00:00:00:00:01') ??
      expect.fail('the panel does not stand in Free MACs');
    expect(glass).toContain('02:00:00:00:00:01');
    expect(glass.replaceAll(/[\s-]/g, '')).toContain(found.code ?? 'no code');
    for (const word of found.words) expect(glass).toContain(word);
    const began = performance.now();
    await world.admin.api('POST', `/free-macs/${found.panel}/approve`, v.unknown(), {
      room: world.room('Birch').id,
      licenceKeyId: null,
    });
    await page.getByText('Birch').first().waitFor();
    await page
      .getByText(/^(Free|In use|Starting soon|Check in)/)
      .first()
      .waitFor();
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await waiting()).toEqual([]);
  });

  it('pairs with a licence key typed on the panel, and tells a mistyped one before any request', async () => {
    const { keys } = await world.admin.api('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: 'typed' });
    const key = keys[0]?.key ?? expect.fail('no key');
    const { page } = await start();
    await page.getByRole('button', { name: 'Enter licence key' }).click();
    const type = async (text: string) => {
      for (const character of text.replaceAll('-', ''))
        await page.getByRole('button', { name: character, exact: true }).click();
    };
    const wrong = key.slice(0, -1) + (key.endsWith('7') ? '8' : '7');
    await type(wrong);
    await page
      .getByText(/mistyped|not a licence key|swapped/i)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /delete|backspace/i }).click();
    await type(key.slice(-1));
    const pair = page.getByRole('button', { name: /^(pair|continue|use this key)/i });
    if (await pair.isVisible()) await pair.click();
    await page.getByRole('button', { name: /Cedar/ }).click();
    await page
      .getByText(/^(Free|In use|Starting soon|Check in)/)
      .first()
      .waitFor();
    const rooms = await world.admin.api('GET', '/rooms', v.array(RoomRow));
    expect(rooms.find(r => r.name === 'Cedar')?.panel).not.toBeNull();
  });

  it('takes central’s address typed on the panel, and says when nothing answers there', async () => {
    const { page } = await start({ centralUrl: null });
    const { host } = new URL(world.central.url);
    const type = async (text: string) => {
      for (const character of text) await page.getByRole('button', { name: character, exact: true }).click();
    };
    await type('127.0.0.1:9');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('does not answer').first().waitFor();
    for (let i = 0; i < 11; i++) await page.getByRole('button', { name: /delete|backspace/i }).click();
    await type(host);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('button', { name: 'Enter licence key' }).waitFor();
  });

  it('warns in the console of two panels with the same machine id, and keeps them apart by their keys', async () => {
    await start({ mac: '02:00:00:00:00:0a', machineId: 'cloned-image' });
    await start({ mac: '02:00:00:00:00:0b', machineId: 'cloned-image' });
    await expect
      .poll(async () => (await waiting()).filter(p => p.machineId === 'cloned-image').map(p => p.twins.length))
      .toEqual([1, 1]);
  });
});
