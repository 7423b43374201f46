/** Sample values, made whole so that a test names only what it is about. */
import * as v from 'valibot';
import type { Identity } from '../../src/agent/ports.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { BookingKey, EventId, IntentId, PanelId } from '../../src/contract/values/ids.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/contract/values/policy.ts';
import { type Instant, instant, ZoneName } from '../../src/contract/values/time.ts';
import type { Machine } from '../../src/core/events.ts';

export const zone = (name: string) => v.parse(ZoneName, name);
export const OSLO = zone('Europe/Oslo');
export const at = (iso: string): Instant => instant(Date.parse(iso));
export const intentId = (text: string) => v.parse(IntentId, text);
export const eventId = (text: string) => v.parse(EventId, text);
export const bookingKey = (n: number) => v.parse(BookingKey, `lintel-${n.toString(16).padStart(32, '0')}`);
export const MACHINE: Machine = { mac: null, hostname: 'panel-7', agentVersion: '1.2.3' };
/** Nothing hidden but what is marked private or personal. */
export const { privacy: PRIVACY } = DEFAULT_POLICY;
export const PANEL = v.parse(PanelId, 'A'.repeat(43));

export const IDENTITY: Identity = {
  panel: PANEL,
  keyStore: 'sealed-file',
  boot: '0'.repeat(32),
  starts: 1,
  mac: null,
  machineId: null,
  hostname: 'panel',
  prove: async () => 'proof',
};

export function meeting(
  id: string,
  start: string | Instant,
  end: string | Instant,
  more: Partial<Meeting> = {},
): Meeting {
  const when = {
    kind: 'timed',
    start: typeof start === 'string' ? at(start) : start,
    end: typeof end === 'string' ? at(end) : end,
  } as const;
  return {
    id: eventId(id),
    version: 'W/"1"',
    when,
    title: { kind: 'public', text: `Meeting ${id}` },
    organizer: 'Åse Berg',
    occupies: 'busy',
    isRoomOrganizer: false,
    bookingKey: null,
    createdAt: null,
    isInvitedByUs: false,
    series: null,
    uid: null,
    ...more,
  };
}

export const config = (policy: Partial<Policy> = {}, version = 1, roomId = 'room-1'): PanelConfig =>
  v.parse(PanelConfig, {
    version,
    room: {
      id: roomId,
      address: `${roomId}@lintel.example`,
      name: 'Fjord',
      zone: 'Europe/Oslo',
      capacity: 8,
      building: null,
      floor: '2',
    },
    panelName: null,
    access: { kind: 'direct-graph', graphBase: 'https://graph.example' },
    policy: { ...DEFAULT_POLICY, ...policy },
    extraCa: null,
  });
