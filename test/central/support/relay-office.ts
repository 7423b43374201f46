/** The sample office over a connection that central relays, with a paired panel wherever a test wants one. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { makeRelayCalendar } from '../../../src/calendar/relay/relay-calendar.ts';
import type { RoomCalendar } from '../../../src/calendar/room-calendar.ts';
import { BookingKey, RoomId } from '../../../src/contract/values/ids.ts';
import { hours, type Instant, instant, minutes, plus, type Span } from '../../../src/contract/values/time.ts';
import { NewLicenceKeys, RoomRow } from '../../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { PanelClient } from './panel-client.ts';
import { startTenantSession, type TenantSession } from './tenant-session.ts';

export type Door = { panel: PanelClient; calendar: RoomCalendar; room: RoomId };
export type RelayOffice = {
  session: TenantSession;
  /** By the part of the address before the @. */
  idOf(alias: string): RoomId;
  addressOf(alias: string): string;
  /** A panel that is paired with this room, and that room's calendar as it reaches it. */
  pair(alias: string): Promise<Door>;
  /** Another room's calendar, as this panel reaches it. */
  elsewhere(door: Door, alias: string): RoomCalendar;
  /** One bare request; the body gets the room. */
  ask(panel: PanelClient, path: string, body: object): Promise<Response>;
  /** A person books. */
  book(alias: string, body: Record<string, unknown>): Promise<void>;
  /** How often Graph was asked for something like this. */
  asked(pattern: RegExp): Promise<number>;
  stop(): Promise<void>;
};

const Log = v.array(v.object({ method: v.string(), path: v.string() }));
export const newKey = () => v.parse(BookingKey, `lintel-${randomBytes(16).toString('hex')}`);

export async function startRelayOffice(settings: Record<string, unknown> = {}): Promise<RelayOffice> {
  const session = await startTenantSession();
  const { tenant, admin, running } = session;
  await session.save({ access: 'relay', ...settings });
  await session.arrive(await session.signIn());
  const rooms = await admin.ask('GET', '/rooms', v.array(RoomRow));
  await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 10, note: '' });
  const find = (alias: string) => {
    const found = rooms.find(room => room.address.startsWith(`${alias}@`));
    if (found === undefined) throw new Error(`no room ${alias} was imported`);
    return found;
  };
  let macs = 0;
  const office: RelayOffice = {
    session,
    idOf: alias => v.parse(RoomId, find(alias).id),
    addressOf: alias => find(alias).address,
    async pair(alias) {
      const panel = await PanelClient.make(running.fetch, running.url);
      const mac = `02:00:00:00:01:${(++macs).toString(16).padStart(2, '0')}`;
      await panel.enrol({ mac, machineId: mac, hostname: alias });
      const room = office.idOf(alias);
      const approval = { room, licenceKeyId: null, code: null };
      const answer = await admin.send('POST', `/free-macs/${panel.id}/approve`, approval);
      if (!answer.ok) throw new Error(await answer.text());
      return { panel, room, calendar: calendarOf(panel, room) };
    },
    elsewhere: ({ panel }, alias) => calendarOf(panel, office.idOf(alias)),
    ask: (panel, path, body) => panel.send('POST', `/panel/v1/calendar${path}`, body),
    async book(alias, body) {
      const reply = await tenant.control('POST', `/rooms/${office.addressOf(alias)}/meetings`, body);
      if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    },
    async asked(pattern) {
      const { json } = await tenant.control('GET', '/log?count=1000');
      return v.parse(Log, json).filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
    },
    stop: () => session.stop(),
  };
  const calendarOf = (panel: PanelClient, room: RoomId) =>
    makeRelayCalendar({
      room,
      canInvite: true,
      clock: makeSystemClock(),
      call: async (path, body) => {
        const answer = await office.ask(panel, path, Object(body));
        if (!answer.ok) {
          const detail = `${answer.status} ${await answer.text()}`;
          return { kind: 'failed', problem: 'no-access', retryAfter: null, isSent: false, detail };
        }
        return { kind: 'ok', json: await answer.json(), serverTime: null };
      },
    });
  return office;
}

/** Slots on the half hour that no sample meeting and no other test is in: a weekend far off. */
export function makeSlots(from: Instant = instant(Date.parse('2027-01-09T03:00:00Z'))) {
  let next = from;
  return (length = minutes(30)): Span => {
    const start = next;
    next = plus(next, hours(1));
    return { start, end: plus(start, length) };
  };
}
