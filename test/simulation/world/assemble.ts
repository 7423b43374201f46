/** Puts a world together: one clock, the wires, the tenant, central and the panels; nothing has happened in it yet. */
import * as v from 'valibot';
import { PanelConfig } from '../../../src/contract/values/config.ts';
import { PanelId } from '../../../src/contract/values/ids.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/contract/values/policy.ts';
import { OfferedRoom } from '../../../src/contract/values/room.ts';
import { type Duration, hours, type Instant, plus, type Span } from '../../../src/contract/values/time.ts';
import { addressOf, type Office } from '../../../src/demo/office/directory.ts';
import { DEFAULT_PROCESSING } from '../../../src/demo/store/mailboxes.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import type { History, PanelHistory } from '../history.ts';
import { CENTRAL, Central, type Managed } from './central.ts';
import { type Fault, Faults } from './faults.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import { CANARY, INVITER, OFFICE_PEOPLE } from './people.ts';
import { RelayDesk } from './relay-desk.ts';
import { GRAPH, makeTenant } from './tenant.ts';

export type Access = PanelConfig['access']['kind'];
export type PanelPlan = { name: string; room: number; policy: Policy };
export type Setting = {
  zone: string;
  start: Instant;
  /** A little more than will be lived. */
  end: Instant;
  rooms: number;
  /** Whether the rooms' own booking policy lets meetings collide. */
  allowsConflicts: boolean;
  /** How long rooms take to answer invitations. */
  answersAfter: Duration;
  panels: readonly PanelPlan[];
  access: Access;
  faults: readonly Fault[];
  /** Public holidays of the place, `YYYY-MM-DD`. */
  holidays: readonly string[];
};
export type Trace = ((line: string) => void) | null;
export type Parts = ReturnType<typeof assemble>;

/** `changed`: something is new in this room's calendar. */
export function assemble(setting: Setting, dice: () => number, trace: Trace, changed: (room: string) => void) {
  const { start, end, zone, allowsConflicts, answersAfter } = setting;
  const clock = new VirtualClock(start);
  const story = trace
    ? (line: () => string) => trace(`${new Date(clock.now()).toISOString().slice(11, 23)} ${line()}`)
    : () => {};
  const history: History = {
    span: { start, end },
    calmFrom: start,
    allowsConflicts,
    truth: [],
    changes: [],
    letters: [],
    panels: [],
    troubles: [],
    leaks: [],
    requests: 0,
  };
  const watchFor = (what: string, where: string, text: string) => {
    if (text.includes(what)) history.leaks.push({ at: clock.now(), where: `${what} in ${where}` });
  };
  const days: Span = { start: plus(start, hours(-30)), end: plus(end, hours(54)) };
  const tenant = makeTenant({
    answersAfter,
    clock,
    dice,
    zone,
    office: officeOf(setting),
    days,
    history,
    story,
    changed,
  });
  const rooms = Array.from({ length: setting.rooms }, (_, room) => roomOf(zone, room));
  const managed = setting.panels.map((panel, index): Managed => {
    const config = configOf(setting, rooms, panel);
    const room = config.room.address;
    history.panels.push(unlived(panel.name, room));
    return { name: panel.name, id: v.parse(PanelId, `${'A'.repeat(42)}${index}`), config };
  });
  const historyOf = (name: string): PanelHistory => {
    const found = history.panels.find(panel => panel.name === name);
    if (!found) throw new Error(`no panel ${name}`);
    return found;
  };

  const central: Central = new Central({
    clock,
    tenant,
    panels: managed,
    rooms,
    relay: (panel, path, body, grant) => relay.answer(panel, path, body, grant),
    configured: ({ name, config }) => historyOf(name).configs.push({ at: clock.now(), config }),
    story,
  });
  const network = new Network({
    clock,
    dice,
    faults: new Faults(setting.faults, dice),
    servers: {
      tenant: { origin: GRAPH, serve: tenant.serve },
      central: { origin: CENTRAL, serve: central.serve },
    },
    heard: (edge, text) => {
      if (edge.endsWith('>central')) watchFor(CANARY, `an answer on ${edge}`, text);
    },
    story,
  });
  /** Central heard that something changed, and says so to the panels of that room. */
  const hint = (room: string) => {
    if (!central.isUp) return;
    relay.heard(room);
    central.hint(room);
  };
  const relay: RelayDesk = new RelayDesk({
    clock,
    dice,
    fetch: network.fetchFor('central', () => central.isUp),
    token: isRefused => central.token(isRefused),
    rooms,
    privacy: DEFAULT_POLICY.privacy,
    hinted: hint,
  });
  const machines = managed.map(
    ({ name, id }) =>
      new Machine({
        history: historyOf(name),
        id,
        clock,
        dice,
        network,
        centralUrl: CENTRAL,
        wrote: (where, text) => {
          watchFor(CANARY, where, text);
          watchFor('SECRET-token', where, text);
        },
        story,
      }),
  );
  return {
    clock,
    history,
    tenant,
    central,
    network,
    relay,
    machines,
    hint,
    story,
    async end() {
      for (const machine of machines) machine.stop();
      await relay.stop();
      history.letters.push(...tenant.letters());
      tenant.close();
      history.requests = network.requests;
    },
  };
}

const unlived = (name: string, room: string): PanelHistory => ({
  name,
  room,
  configs: [],
  glass: [],
  taps: [],
  clock: [],
  crashes: [],
  pageless: [],
  fullDisk: [],
});

function officeOf({ rooms, allowsConflicts }: Setting): Office {
  const place = {
    capacity: 6,
    building: 'House',
    floorNumber: 1,
    floorLabel: '1',
    nickname: '',
    hasVideo: false,
    audioDevice: null,
    displayDevice: null,
    isWheelChairAccessible: true,
    roomList: null,
    isShared: true,
    isWritable: true,
    isListed: true,
    processing: { ...DEFAULT_PROCESSING, replacesSubject: false, removesPrivate: false, allowsConflicts },
  };
  const named = Array.from({ length: rooms }, (_, room) => ({ alias: `room${room}`, name: `Room ${room}`, place }));
  return { people: OFFICE_PEOPLE, rooms: named };
}

const roomOf = (zone: string, room: number): OfferedRoom =>
  v.parse(OfferedRoom, {
    id: `room-${room}`,
    address: addressOf(`room${room}`),
    name: `Room ${room}`,
    zone,
    capacity: 6,
    building: 'House',
    floor: '1',
    equipment: [],
  });

export function accessOf(kind: Access): PanelConfig['access'] {
  if (kind === 'relay') return { kind, canInvite: true };
  const address = v.parse(OfferedRoom.entries.address, INVITER);
  return { kind, graphBase: GRAPH, inviter: { isSignedIn: false, address } };
}

function configOf({ access, holidays }: Setting, rooms: readonly OfferedRoom[], panel: PanelPlan): PanelConfig {
  return v.parse(PanelConfig, {
    version: 1,
    room: rooms[panel.room],
    panelName: panel.name,
    access: accessOf(access),
    policy: panel.policy,
    extraCa: null,
    holidays,
  });
}
