/** A panel at a room of the world, and the room's calendar as the tenant itself holds it. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect } from 'vitest';
import { minutes, plus, toIso } from '../../../src/contract/values/time.ts';
import { WaitingPanel } from '../../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import type { OpenPanel, PanelStart, Shell } from './shells.ts';
import type { World } from './world.ts';

const clock = makeSystemClock();
const Items = v.array(
  v.looseObject({
    id: v.string(),
    subject: v.nullable(v.string()),
    organizer: v.nullable(v.string()),
    start: v.string(),
    end: v.string(),
    showAs: v.string(),
    isOrganizer: v.boolean(),
  }),
);
export type TenantEvent = v.InferOutput<typeof Items>[number];
export type Door = OpenPanel & { address: string; start: PanelStart };

export const inMinutes = (n: number) => toIso(plus(clock.now(), minutes(n)));

export const eventsOf = (world: World, address: string) => world.control('GET', `/rooms/${address}/events`, Items);

/** Clears the room for the next hours, so that what the sample office has there at this hour of the day does not matter. */
export async function clear(world: World, address: string) {
  const from = encodeURIComponent(inMinutes(-600));
  const to = encodeURIComponent(inMinutes(600));
  for (const item of await world.control('GET', `/rooms/${address}/events?from=${from}&to=${to}`, Items)) {
    await world.control('DELETE', `/rooms/${address}/meetings/${encodeURIComponent(item.id)}`, v.unknown());
  }
}

export const meet = (
  world: World,
  address: string,
  meeting: { subject: string; start: string; end: string; organizer?: string },
) => world.control('POST', `/rooms/${address}/meetings`, v.unknown(), { organizer: 'Kenji Tanaka', ...meeting });

/** A panel at this room with a cleared calendar, paired and showing it. */
export async function panelAt(world: World, shell: Shell, roomName: string): Promise<Door> {
  const room = world.room(roomName);
  await clear(world, room.address);
  const dataDir = await mkdtemp(join(world.dir, 'panel-'));
  const start = { dataDir, centralUrl: world.central.url };
  const panel = await shell.open(start);
  const find = async () => (await world.admin.api('GET', '/free-macs', v.array(WaitingPanel)))[0];
  await expect.poll(find).toBeDefined();
  await world.admin.api('POST', `/free-macs/${(await find())?.panel}/approve`, v.unknown(), {
    room: room.id,
    licenceKeyId: null,
  });
  await panel.page.getByText(roomName).first().waitFor();
  return { ...panel, address: room.address, start };
}
