/** A running demo as the DEMO page sees and plays it, whoever started its parts. */
import * as v from 'valibot';
import type { DemoHands } from '../central/demo-port.ts';
import { type Refusal, refused } from '../central/fleet/refusal.ts';
import type { Clock } from '../contract/values/clock.ts';
import { type PanelId, RoomAddress } from '../contract/values/ids.ts';
import { plus, ZoneName } from '../contract/values/time.ts';
import { type DemoAction, DemoStatus, RoomRow } from '../contract/wire/console.ts';
import { AdminClient } from './admin-client.ts';
import type { DemoParts } from './demo-parts.ts';
import { makeTenantControl } from './tenant-control.ts';

export type DemoPlay = ReturnType<typeof makeDemoPlay>;

export function makeDemoPlay(parts: DemoParts, hands: DemoHands, clock: Clock) {
  const tenant = makeTenantControl(parts.control, parts.tenantCa);
  const room = v.parse(RoomAddress, parts.room);
  const zone = v.parse(ZoneName, parts.zone);
  let unplugged: PanelId | null = null;

  async function unplug(isUnplugged: boolean, session: string): Promise<Refusal | null> {
    if (!isUnplugged) {
      unplugged = null;
      return null;
    }
    const admin = AdminClient.withSession(hands.url, hands.caPem, session);
    try {
      const rooms = await admin.api('GET', '/rooms', v.array(RoomRow));
      const panel = rooms.find(row => row.address === room)?.panel ?? null;
      if (panel === null) return refused('panel-unknown', 'The demo panel is not paired.');
      unplugged = panel.id;
      hands.cutStreams(panel.id);
      return null;
    } finally {
      await admin.close();
    }
  }

  return {
    async status(): Promise<DemoStatus> {
      const { fault, ahead } = await tenant.mood();
      const rooms = await tenant.rooms();
      return v.parse(DemoStatus, {
        kind: 'on',
        zone,
        now: plus(clock.now(), ahead),
        fault,
        isCentralUnplugged: unplugged !== null,
        rooms: rooms.map(({ address, name, meetings }) => ({
          address,
          name,
          meetings: meetings.map(({ id, subject, organizer, start, end }) => ({
            id,
            subject,
            organizer: organizer ?? '',
            start,
            end,
          })),
        })),
        panel: { room, path: parts.panel === null ? null : 'demo/panel/' },
      });
    },
    async act(action: DemoAction, session: string): Promise<Refusal | null> {
      switch (action.kind) {
        case 'book': {
          const { ahead } = await tenant.mood();
          const start = plus(plus(clock.now(), ahead), action.in);
          const isBooked = await tenant.book(action.room, start, plus(start, action.length), action.isPrivate);
          return isBooked ? null : refused('slot-taken', 'The room declined: it is taken at that time.');
        }
        case 'cancel':
          if (!(await tenant.cancel(action.room, action.event))) {
            return refused('gone', 'There is no such meeting any more.');
          }
          return null;
        case 'fault':
          await tenant.setFault(action.fault);
          return null;
        case 'jump-clock':
          await tenant.jumpClock(action.by);
          return null;
        case 'unplug-central':
          return unplug(action.isUnplugged, session);
      }
    },
    panelPage: () => (parts.panel === null ? null : new URL(parts.panel)),
    isUnplugged: (panel: PanelId) => panel === unplugged,
    close: () => tenant.close(),
  };
}
