/** What people do at the door. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/contract/values/time.ts';
import { eventsOf, inMinutes, panelAt } from './support/door.ts';
import { onEveryShell } from './support/shells.ts';
import { makeWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(15) } });
});
afterAll(() => world.stop());

onEveryShell('at the door', shell => {
  afterAll(() => shell.close());

  const at = (roomName: string) => panelAt(world, shell, roomName);
  const eventsAt = (address: string) => eventsOf(world, address);

  it('books, extends and ends a walk-up, each confirmed by the calendar', async () => {
    const { page, address, stop } = await at('Fjell');
    const before = (await eventsAt(address)).map(e => e.id);
    const ours = async () =>
      (await eventsAt(address))
        .filter(e => !before.includes(e.id))
        .map(e => (Date.parse(e.end) - Date.parse(e.start)) / 60_000);
    await page.getByRole('button', { name: /^30 min/ }).click();
    // In the very next frame, whatever the calendar will say.
    expect(await page.innerText('body')).toMatch(/Booking|Booked/);
    await page
      .getByText(/^Booked/)
      .first()
      .waitFor();
    await page.getByText('In use').first().waitFor();
    // One less when the clock struck between the offer and the tap.
    expect([[30], [29]]).toContainEqual(await ours());
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByRole('button', { name: /\+ 15 min/ }).click();
    await page
      .getByText(/^Extended/)
      .first()
      .waitFor();
    expect([[45], [44]]).toContainEqual(await ours());
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByRole('button', { name: /End now/ }).click();
    await page.getByRole('button', { name: /End now\?/ }).click();
    await page.getByText('The meeting has ended').first().waitFor();
    await page.getByText('Free').first().waitFor();
    // Nothing is left of it, or the minute it has lasted where the clock struck meanwhile.
    expect((await ours()).filter(length => length > 1)).toEqual([]);
    await stop();
  });

  it('refuses with the reason when somebody took the slot since the last look', async () => {
    const { page, address, stop } = await at('Geiranger');
    await page.getByRole('button', { name: /^30 min/ }).waitFor();
    await world.control('POST', `/rooms/${address}/meetings`, v.unknown(), {
      organizer: 'Kenji Tanaka',
      subject: 'Surprise',
      start: inMinutes(5),
      end: inMinutes(50),
    });
    const before = (await eventsAt(address)).length;
    await page.getByRole('button', { name: /^30 min/ }).click();
    await page.getByText('Not booked').first().waitFor();
    await page.getByText('Somebody else has the room at that time.').first().waitFor();
    expect((await eventsAt(address)).length).toBe(before);
    await stop();
  });

  it('books once when the answer to the booking is lost', async () => {
    const { page, address, stop } = await at('Heron');
    await page.getByRole('button', { name: /^15 min/ }).waitFor();
    world.tenant.faults.add({ kind: 'lost-reply', method: 'POST', times: 1 });
    const before = (await eventsAt(address)).length;
    await page.getByRole('button', { name: /^15 min/ }).click();
    await page
      .getByText(/^Booked/)
      .first()
      .waitFor();
    expect((await eventsAt(address)).length).toBe(before + 1);
    await stop();
  });

  it('checks in to a meeting', async () => {
    const { page, address, stop } = await at('Juniper');
    await world.control('POST', `/rooms/${address}/meetings`, v.unknown(), {
      organizer: 'Kenji Tanaka',
      subject: 'Planning',
      start: inMinutes(5),
      end: inMinutes(65),
    });
    await page.getByRole('button', { name: /^Check in/ }).click();
    await page.getByText('checked in').first().waitFor();
    expect(await page.getByRole('button', { name: /^Check in/ }).count()).toBe(0);
    await stop();
  });

  it('never lets a private subject onto glass, disk or log', async () => {
    const { page, address, log, start, stop } = await at('Isbre');
    const secret = 'Canary: merger with Acme';
    await world.control('POST', `/rooms/${address}/meetings`, v.unknown(), {
      organizer: 'Kenji Tanaka',
      subject: secret,
      start: inMinutes(-5),
      end: inMinutes(50),
      isPrivate: true,
    });
    await page.getByText('Private').first().waitFor();
    await stop();
    const files = await readdir(start.dataDir, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter(f => f.isFile()).map(f => readFile(join(f.parentPath, f.name), 'utf8')),
    );
    expect([...log, ...world.centralLog, ...texts].join('\n')).not.toContain('Canary');
  });

  it('says that the connection must be renewed when the provider turns the token down, and never claims to be free', async () => {
    world.tenant.faults.add({ kind: 'unauthorized' });
    const { page, stop } = await at('Kestrel');
    await page.getByText('Not known').first().waitFor();
    await page.getByText('The connection to the calendar has to be renewed').first().waitFor();
    expect(await page.innerText('body')).not.toMatch(/\bFree\b/);
    world.tenant.faults.clear();
    await page.getByText('Free').first().waitFor();
    await stop();
  });
});
