/** What the fake central knows at first: a believable office, an empty one, and one full of hostile strings. */
import * as v from 'valibot';
import { type Instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { LicenceKeyRow, RoomRow, ServerSettings, WaitingPanel } from '../../src/contract/wire/console.ts';

export type Office = {
  settings: ServerSettings;
  rooms: RoomRow[];
  licenceKeys: LicenceKeyRow[];
  waiting: WaitingPanel[];
};

const ago = (now: Instant, n: number) => plus(now, minutes(-n));
/** A thumbprint that is none, but looks like one. */
export const panelId = (n: number) => String(n).padStart(43, 'P');

const REDIRECT_URI = 'https://central.example.com/console/oauth/callback';
const SETTINGS = {
  serverType: 'office-365-graph',
  authority: 'https://login.microsoftonline.com',
  graphBase: 'https://graph.microsoft.com',
  tenantId: '8f1c2f4e-6a57-4b0e-9a52-0c6d1f7f3a10',
  clientId: '2b7e1516-28ae-4d2a-a6ab-f7158809cf4f',
  serviceAccount: 'room-panels@contoso.example',
  defaultZone: 'Europe/Oslo',
  extraCa: null,
  hasClientSecret: true,
};

type Row = [name: string, floor: string, seats: number];
const ROOMS: Row[] = [
  ['Aurora', '1', 4],
  ['Birch', '1', 6],
  ['Cedar', '1', 8],
  ['Dune', '1', 2],
  ['Ember', '1', 12],
  ['Fjord', '1', 10],
  ['Glacier', '2', 6],
  ['Harbour', '2', 20],
  ['Island', '2', 4],
  ['Juniper', '2', 8],
  ['Kelp', '2', 6],
  ['Lagoon', '2', 14],
];

const pairedPanel = (n: number, now: Instant) => ({
  id: panelId(n),
  mac: `00:1b:21:3c:9d:${(16 + n).toString(16)}`,
  hostname: `panel-${n}`,
  isOnline: true,
  lastSeen: plus(now, seconds(-4)),
  lastRead: plus(now, seconds(-20)),
  readProblem: null,
  problems: [],
  configVersion: 7,
  targetVersion: 7,
  configRefused: null,
  isConflict: false,
  keyStore: 'keychain',
});

const room = ([name, floor, capacity]: Row, n: number, panel: unknown) => ({
  id: `room-${n}`,
  address: `${name.toLowerCase()}@contoso.example`,
  name,
  zone: 'Europe/Oslo',
  capacity,
  building: 'Oslo',
  floor,
  isMissing: name === 'Kelp',
  panel,
});

export const waitingPanel = (n: number, now: Instant, more: object = {}): WaitingPanel =>
  v.parse(WaitingPanel, {
    panel: panelId(50 + n),
    mac: `00:1b:21:3c:9d:a${n}`,
    machineId: `machine-${n}`,
    hostname: `panel-a${n}`,
    address: `10.20.4.${30 + n}`,
    agentVersion: '0.1.0',
    keyStore: 'keychain',
    code: ['BCDFGHJK', 'LMNPQRST', 'VWXZBCDF', 'GHJKLMNP'][n] ?? 'QRSTVWXZ',
    expires: plus(now, minutes(8 - n)),
    words: [
      ['amber', 'fossil', 'river', 'stone'],
      ['canvas', 'lemon', 'orbit', 'tunnel'],
      ['dolphin', 'garment', 'maple', 'velvet'],
    ][n] ?? ['acoustic', 'knife', 'pepper', 'wagon'],
    firstSeen: ago(now, 3 + n * 17),
    lastSeen: plus(now, seconds(-6)),
    isOnline: true,
    isRejected: false,
    twins: [],
    ...more,
  });

/** Some rooms with a panel in every state, some keys, some panels waiting. */
export function livelyOffice(now: Instant): Office {
  const panels: Record<number, object | null> = {
    2: { readProblem: 'no-access', lastRead: ago(now, 47) },
    3: null,
    5: { isConflict: true },
    6: { isOnline: false, lastSeen: ago(now, 190), lastRead: ago(now, 190), problems: ['disk-full'] },
    7: { configVersion: 6, keyStore: 'sealed-file' },
    8: null,
    9: { configVersion: 6, configRefused: 'unknown time zone' },
    10: null,
    11: null,
  };
  const rooms = ROOMS.map((row, n) => {
    const more = panels[n];
    return room(row, n, more === null ? null : { ...pairedPanel(n, now), ...more });
  });
  const key = (n: number, state: string, note: string, inRoom: string | null) => ({
    id: `key-${n}`,
    hint: `${['7Q2MX', 'B4KTW', 'ZP9D0', '3HJRN', 'V8CFE', 'XK5TB'][n % 6]}…${['4TDWA', '0N8QP', 'M7ZRC', 'K2VHX'][n % 4]}`,
    note,
    created: ago(now, 60 * (n + 1)),
    state,
    room: inRoom,
  });
  const withPanel = rooms.filter(({ panel }) => panel !== null);
  return {
    settings: v.parse(ServerSettings, {
      settings: SETTINGS,
      token: {
        kind: 'issued',
        account: 'room-panels@contoso.example',
        scopes: ['Calendars.ReadWrite.Shared', 'Place.Read.All', 'User.Read', 'offline_access'],
        issued: ago(now, 22),
        expires: plus(now, minutes(43)),
        problem: null,
      },
      redirectUri: REDIRECT_URI,
      importProblem: null,
    }),
    rooms: v.parse(v.array(RoomRow), rooms),
    licenceKeys: v.parse(v.array(LicenceKeyRow), [
      ...withPanel.map((own, n) => key(n, 'used', 'Oslo, first lot', own.name)),
      key(8, 'free', 'Oslo, first lot', null),
      key(9, 'free', 'Spare', null),
      key(10, 'revoked', 'Lost with the old tablet', null),
    ]),
    waiting: [
      waitingPanel(0, now),
      waitingPanel(1, now, {
        keyStore: 'sealed-file',
        twins: [{ panel: panelId(2), shared: 'machine-id', room: 'Cedar' }],
      }),
      waitingPanel(2, now, { code: null, expires: null, isOnline: false, lastSeen: ago(now, 51) }),
      waitingPanel(3, now, { code: null, expires: null, isRejected: true, mac: null }),
    ],
  };
}

/** The first visit: nothing is set. */
export function emptyOffice(): Office {
  const settings = {
    settings: null,
    token: { kind: 'none', problem: null },
    redirectUri: REDIRECT_URI,
    importProblem: null,
  };
  return { settings: v.parse(ServerSettings, settings), rooms: [], licenceKeys: [], waiting: [] };
}

/** Set up, but the secret has expired: nothing could be imported. */
export function brokenOffice(now: Instant): Office {
  const problem = {
    kind: 'wrong-secret',
    code: 'AADSTS7000222',
    detail:
      'AADSTS7000222: The provided client secret keys for app are expired. Trace ID: 0f1e2d3c Timestamp: 2026-11-20',
    at: ago(now, 4),
  };
  return {
    ...emptyOffice(),
    settings: v.parse(ServerSettings, {
      settings: SETTINGS,
      token: { kind: 'none', problem },
      redirectUri: REDIRECT_URI,
      importProblem: { problem: 'no-token', detail: 'no access token' },
    }),
  };
}

/** Runs if it is ever taken for markup or script, has nowhere to break a line, and turns around what follows. */
export const HOSTILE = `"><img src=x onerror="globalThis.wasHit=1"><script>globalThis.wasHit=1</script>{{7*7}}${'W'.repeat(70)}\u202Ekcatta`;

/** Every string that a panel, a directory or a provider may choose is hostile. */
export function hostileOffice(now: Instant): Office {
  const office = livelyOffice(now);
  const { token } = office.settings;
  const problem = { kind: 'refused', code: HOSTILE, detail: HOSTILE, at: now };
  return {
    settings: v.parse(ServerSettings, {
      settings: { ...SETTINGS, serviceAccount: HOSTILE, tenantId: HOSTILE },
      token: { ...token, account: HOSTILE, scopes: [HOSTILE], problem },
      redirectUri: HOSTILE,
      importProblem: { problem: 'provider-error', detail: HOSTILE },
    }),
    rooms: office.rooms.map(row => ({
      ...row,
      name: `${HOSTILE} ${row.name}`,
      building: HOSTILE,
      panel: row.panel && { ...row.panel, hostname: HOSTILE, problems: [HOSTILE], configRefused: HOSTILE },
    })),
    licenceKeys: office.licenceKeys.map(row => ({ ...row, note: HOSTILE, room: row.room && HOSTILE })),
    waiting: office.waiting.map(panel => ({
      ...panel,
      hostname: HOSTILE,
      address: HOSTILE,
      agentVersion: HOSTILE,
      words: [HOSTILE, ...panel.words.slice(1)],
      twins: v.parse(WaitingPanel.entries.twins, [{ panel: panelId(2), shared: 'mac', room: HOSTILE }]),
    })),
  };
}
