/** The room's calendar beyond the walk-up: other rooms, invitations, the relay, and rooms that nobody came to. */

import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/contract/values/time.ts';
import { eventsOf, inMinutes, meet, panelAt } from './support/door.ts';
import { onEveryShell } from './support/shells.ts';
import { makeWorld, type World } from './support/world.ts';

const Messages = v.array(v.looseObject({ kind: v.string(), sender: v.string(), comment: v.string() }));
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.stop());
afterEach(() => world.tenant.faults.clear());

/** What the room's own calendar has within the next hours, which were cleared before. */
const nearNow = async (address: string) =>
  (await eventsOf(world, address)).filter(event => event.start < inMinutes(120) && event.end > inMinutes(-120));

onEveryShell('the calendar', shell => {
  afterAll(() => shell.close());

  it('offers rooms that are free while this one is taken, and books one from here', async () => {
    const { page, address, stop } = await panelAt(world, shell, 'Fjell');
    const before = new Map<string, number>();
    for (const { address: room } of world.rooms) before.set(room, (await eventsOf(world, room)).length);
    await meet(world, address, { subject: 'Board', start: inMinutes(-5), end: inMinutes(180) });
    await page.getByText('In use').first().waitFor();
    await page.getByRole('button', { name: /^Find a room/ }).click();
    const first = page.getByTestId('found-room').first();
    const name = await first.innerText();
    await first.click();
    await page
      .getByText(/^Booked: /)
      .first()
      .waitFor();
    const booked = world.rooms.find(room => name.includes(room.name));
    expect(booked?.address, 'another room than this one').not.toBe(address);
    expect((await eventsOf(world, booked?.address ?? '')).length).toBe((before.get(booked?.address ?? '') ?? 0) + 1);
    expect((await eventsOf(world, address)).length, 'ours is as it was').toBe((before.get(address) ?? 0) + 1);
    await stop();
  });

  it('asks the room by invitation, shows it as asked, and as booked when the room has accepted', async () => {
    await world.setPolicy({ bookingMode: 'invite' });
    world.tenant.faults.add({ kind: 'answer-delay', ms: 3000 });
    const { page, address, stop } = await panelAt(world, shell, 'Geiranger');
    await page.getByRole('button', { name: /^30 min/ }).click();
    await page
      .getByTestId('activity')
      .getByText(/^Asked the room: /)
      .waitFor();
    expect(await page.innerText('body')).not.toMatch(/Booked/);
    await page
      .getByTestId('activity')
      .getByText(/^Booked /)
      .waitFor();
    const [event] = await nearNow(address);
    expect(event).toMatchObject({ isOrganizer: false, showAs: 'busy' });
    await page.getByText('In use').first().waitFor();
    await page.getByRole('button', { name: 'OK' }).click();
    // It is ours: it may be ended here, and is taken back where it came from.
    await page.getByRole('button', { name: /End now/ }).click();
    await page.getByRole('button', { name: /End now\?/ }).click();
    await page.getByText('Free').first().waitFor();
    await stop();
    await world.setPolicy({});
  });

  it('goes on through central when the admin switches, without a token on the panel, and back', {
    timeout: 150_000,
  }, async () => {
    const { page, address, stop } = await panelAt(world, shell, 'Heron');
    await page.getByText('Free').first().waitFor();
    await world.setConnection({ access: 'relay' });
    await meet(world, address, {
      subject: 'Relayed',
      organizer: 'kenji.tanaka@lintel.example',
      start: inMinutes(-5),
      end: inMinutes(20),
    });
    await page.getByText('Kenji Tanaka').first().waitFor({ timeout: 20_000 });
    // Central asks; a token that only central holds is of no use to a panel that is cut off from it.
    await world.stopCentral();
    await page
      .getByText(/Last updated/)
      .first()
      .waitFor({ timeout: 60_000 });
    await world.startCentralAgain();
    await page
      .getByText(/Last updated/)
      .first()
      .waitFor({ state: 'detached', timeout: 60_000 });
    await world.setConnection({ access: 'direct' });
    await meet(world, address, {
      subject: 'Direct',
      organizer: 'amara.okafor@lintel.example',
      start: inMinutes(21),
      end: inMinutes(50),
    });
    await page.getByText('Amara Okafor').first().waitFor({ timeout: 20_000 });
    await stop();
  });

  it('books through the relay', async () => {
    await world.setConnection({ access: 'relay' });
    const { page, address, stop } = await panelAt(world, shell, 'Isbre');
    await page.getByRole('button', { name: /^30 min/ }).click();
    await page
      .getByTestId('activity')
      .getByText(/^Booked /)
      .waitFor();
    expect((await nearNow(address)).length).toBe(1);
    await page.getByText('In use').first().waitFor();
    await stop();
    await world.setConnection({ access: 'direct' });
  });

  it('gives the room back when nobody came, once, and tells the organiser why', { timeout: 150_000 }, async () => {
    await world.setPolicy({
      // Opens with the start: of what it could not have heard of, a panel new to its room releases nothing.
      checkIn: { kind: 'required', opensBefore: minutes(0), grace: minutes(1) },
      noShow: 'release',
      pollEvery: seconds(5),
    });
    const { page, address, stop } = await panelAt(world, shell, 'Juniper');
    await page.getByText('Free').first().waitFor();
    await meet(world, address, { subject: 'Ghost meeting', start: inMinutes(0.1), end: inMinutes(60) });
    await page.getByText(/or the room is released/).waitFor({ timeout: 30_000 });
    await page.getByText(/^Released: nobody checked in/).waitFor({ timeout: 90_000 });
    await page.getByText('Free').first().waitFor();
    expect(await nearNow(address)).toEqual([]);
    const declined = (await world.control('GET', '/messages', Messages)).filter(
      message => message.kind === 'declined' && message.sender === address,
    );
    expect(declined.length, 'one message').toBe(1);
    expect(declined[0]?.comment).toMatch(/Nobody checked in/);
    await stop();
    await world.setPolicy({});
  });
});
