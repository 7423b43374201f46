/** The cable is pulled out. */
import { mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clock } from '../../src/contract/values/clock.ts';
import { minutes, plus } from '../../src/contract/values/time.ts';
import { RoomRow, WaitingPanel } from '../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { onEveryShell } from './support/shells.ts';
import { makeWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.stop());

onEveryShell('without a network', shell => {
  afterAll(() => shell.close());

  async function pairedAt(roomName: string, clock?: Clock) {
    const dataDir = await mkdtemp(join(world.dir, 'panel-'));
    const start = { dataDir, centralUrl: world.central.url, ...(clock ? { clock } : {}) };
    const panel = await shell.open(start);
    const find = async () => (await world.admin.api('GET', '/free-macs', v.array(WaitingPanel)))[0];
    await expect.poll(find).toBeDefined();
    await world.admin.api('POST', `/free-macs/${(await find())?.panel}/approve`, v.unknown(), {
      room: world.room(roomName).id,
      licenceKeyId: null,
    });
    await panel.page
      .getByText(/^(Free|In use|Starting soon)/)
      .first()
      .waitFor();
    return { ...panel, start };
  }

  it('keeps the day, says how old it is after two missed polls, restarts from the snapshot, and comes back by itself', {
    timeout: 90_000,
  }, async () => {
    const { page, start, stop } = await pairedAt('Aurora');
    const before = await page.innerText('body');
    // Central alone away: the panel reads on with the token it has, and says so in small print.
    await world.stopCentral();
    await page
      .getByText(/Central has not answered since/)
      .first()
      .waitFor();
    expect(await page.innerText('body')).not.toContain('Last updated');
    await world.stopTenant();
    await page
      .getByText(/Last updated/)
      .first()
      .waitFor({ timeout: 40_000 });
    expect(await page.innerText('body')).toContain('Aurora');
    for (const line of before.split('\n').filter(l => /^(Kick-off|Weekly|Design)/.test(l)))
      expect(await page.innerText('body')).toContain(line);
    await stop();

    const again = await shell.open(start);
    await again.page.getByText('Aurora').first().waitFor();
    await again.page
      .getByText(/Last updated|as far as we know/)
      .first()
      .waitFor();
    const shown = await again.page.evaluate(() => performance.now());
    expect(shown).toBeLessThan(1500);

    await world.startTenantAgain();
    await world.startCentralAgain();
    await again.page
      .getByText(/Last updated/)
      .first()
      .waitFor({ state: 'detached', timeout: 40_000 });
    await again.stop();
  });

  it('holds a walk-up made without a link, shows it as requested, and books it once when the link is back', {
    timeout: 90_000,
  }, async () => {
    const { page, stop } = await pairedAt('Elder');
    await page.getByRole('button', { name: /^15 min/ }).waitFor();
    const booked = () =>
      world.control(
        'GET',
        `/rooms/${world.room('Elder').address}/events`,
        v.array(v.looseObject({ subject: v.string() })),
      );
    const before = (await booked()).length;
    await world.stopTenant();
    await page.getByRole('button', { name: /^15 min/ }).click();
    await page
      .getByText(/^Requested/)
      .first()
      .waitFor({ timeout: 20_000 });
    expect(await page.innerText('body')).not.toMatch(/Booked|In use/);
    await world.startTenantAgain();
    await page.getByText('In use').first().waitFor({ timeout: 30_000 });
    expect((await booked()).length).toBe(before + 1);
    await stop();
  });

  it('puts a garbage snapshot aside, reports it, and shows the room all the same', async () => {
    const { start, stop } = await pairedAt('Birch');
    await stop();
    const file = join(start.dataDir, 'snapshot.json');
    const { length } = await readFile(file);
    await truncate(file, Math.floor(length / 2));
    const again = await shell.open(start);
    await again.page
      .getByText(/^(Free|In use|Starting soon)/)
      .first()
      .waitFor();
    expect((await readdir(start.dataDir)).some(name => name.startsWith('snapshot.json.bad'))).toBe(true);
    const reported = async () =>
      (await world.admin.api('GET', '/rooms', v.array(RoomRow))).find(r => r.name === 'Birch')?.panel?.problems ?? [];
    await expect.poll(reported).toContain('snapshot-set-aside');
    await again.stop();
    await writeFile(file, 'garbage');
    const third = await shell.open(start);
    await third.page
      .getByText(/^(Free|In use|Starting soon)/)
      .first()
      .waitFor();
    await third.stop();
  });

  it.skipIf(shell.name !== 'Chromium')(
    'with a clock five minutes wrong shows the right time and says that it had to be put right',
    async () => {
      const real = makeSystemClock();
      const { page, stop } = await pairedAt('Cedar', { now: () => plus(real.now(), minutes(-5)), after: real.after });
      await page
        .getByText(/clock is wrong by 5 min/)
        .first()
        .waitFor();
      await stop();
    },
  );
});
