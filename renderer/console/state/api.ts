/** The console API (src/contract/wire/console.ts), one function a request. */
import * as v from 'valibot';
import type { PanelId, RoomId } from '../../../src/contract/values/ids.ts';
import { type Duration, minutes } from '../../../src/contract/values/time.ts';
import {
  type Approval,
  CalendarList,
  CodeAnswer,
  ConfirmAnswer,
  ConnectionRow,
  ConnectionTest,
  ConsentLink,
  type DemoAction,
  DemoStatus,
  Diagnostics,
  LicenceKeyRow,
  LicenceStatus,
  NewConnection,
  NewLicenceKeys,
  type NewRoom,
  NewVersion,
  Overview,
  type PhotoInput,
  Policies,
  type PolicyInput,
  RegistrationRow,
  Revision,
  RollOutAnswer,
  RoomCheck,
  type RoomEdit,
  RoomRow,
  SaveAnswer,
  ServerSettings,
  type ServerSettingsInput,
  Session,
  SetUp,
  TokenStatus,
  UseOfRooms,
  WaitingPanel,
} from '../../../src/contract/wire/console.ts';
import { type Failure, type Http, type Method, NoContent } from './http.ts';

/** Where to send the browser. Only https: a script address must never become a navigation. */
const SignIn = v.object({
  url: v.pipe(
    v.string(),
    v.url(),
    v.check(url => new URL(url).protocol === 'https:'),
  ),
});

export type LoginAnswer =
  | { kind: 'ok' }
  | { kind: 'wrong-password' }
  | { kind: 'too-many-tries'; retryAfter: Duration | null }
  | Exclude<Failure, { kind: 'signed-out' }>;

/** Importing some thousand rooms, page by page, takes a while; so does looking at each of them. */
const LONG_DEADLINE = minutes(5);
/** The provider or a panel is asked while we wait, with central's own deadline. */
const PROVIDER_DEADLINE = minutes(1);

export type Api = ReturnType<typeof createApi>;

export function createApi(http: Http) {
  const get = <S extends v.GenericSchema>(path: string, schema: S, deadline?: Duration) =>
    http({ method: 'GET', path, ...(deadline ? { deadline } : {}) }, schema);
  const send = <S extends v.GenericSchema>(
    method: Method,
    path: string,
    schema: S,
    body: unknown = {},
    deadline?: Duration,
  ) => http({ method, path, body, ...(deadline ? { deadline } : {}) }, schema);
  const post = (path: string, body: unknown = {}) => send('POST', path, NoContent, body);
  const settingsOf = (id: string) => `/server-settings/${encodeURIComponent(id)}`;
  const roomOf = (id: RoomId) => `/rooms/${encodeURIComponent(id)}`;
  return {
    async login(username: string, password: string): Promise<LoginAnswer> {
      const answer = await http({ method: 'POST', path: '/login', body: { username, password } }, NoContent);
      if (answer.kind === 'ok') return { kind: 'ok' };
      if (answer.kind === 'signed-out') return { kind: 'wrong-password' };
      if (answer.kind === 'refused' && answer.status === 429) {
        return { kind: 'too-many-tries', retryAfter: answer.retryAfter };
      }
      return answer;
    },
    logout: () => post('/logout'),
    session: () => get('/session', Session),
    changePassword: (current: string, next: string) => post('/password', { current, next }),
    overview: () => get('/overview', Overview),
    setUp: () => get('/set-up', SetUp),
    dismissSetUp: (isDismissed: boolean) => send('PUT', '/set-up', NoContent, { isDismissed }),

    connections: () => get('/server-settings', v.array(ConnectionRow)),
    newConnection: (body: ServerSettingsInput) => send('POST', '/server-settings', NewConnection, body),
    serverSettings: (id: string) => get(settingsOf(id), ServerSettings),
    saveServerSettings: (id: string, body: ServerSettingsInput) =>
      send('PUT', settingsOf(id), SaveAnswer, body, LONG_DEADLINE),
    deleteConnection: (id: string) => send('DELETE', settingsOf(id), NoContent),
    testConnection: (id: string) => send('POST', `${settingsOf(id)}/test`, ConnectionTest, {}, PROVIDER_DEADLINE),
    /** For a service account the address to go to; for an application what came of it. */
    getAccessToken: (id: string) =>
      send('POST', `${settingsOf(id)}/token`, v.union([SignIn, SaveAnswer]), {}, LONG_DEADLINE),
    refreshAccessToken: (id: string) =>
      send('POST', `${settingsOf(id)}/token/refresh`, TokenStatus, {}, PROVIDER_DEADLINE),
    deleteAccessToken: (id: string) => send('DELETE', `${settingsOf(id)}/token`, TokenStatus),
    consentLink: (id: string) => send('POST', `${settingsOf(id)}/consent`, ConsentLink),
    calendars: (id: string, mailbox: string | null) =>
      get(
        `${settingsOf(id)}/calendars${mailbox === null ? '' : `?mailbox=${encodeURIComponent(mailbox)}`}`,
        CalendarList,
        PROVIDER_DEADLINE,
      ),
    roomChecks: (id: string) => get(`${settingsOf(id)}/room-checks`, v.array(RoomCheck)),
    checkRooms: (id: string) => send('POST', `${settingsOf(id)}/room-checks`, v.array(RoomCheck), {}, LONG_DEADLINE),

    rooms: () => get('/rooms', v.array(RoomRow)),
    addRoom: (body: NewRoom) => send('POST', '/rooms', RoomRow, body),
    editRoom: (id: RoomId, body: RoomEdit) => send('PUT', roomOf(id), RoomRow, body),
    deleteRoom: (id: RoomId) => send('DELETE', roomOf(id), NoContent),
    useOfRooms: (date: string) => get(`/rooms/use?date=${date}`, UseOfRooms, PROVIDER_DEADLINE),
    setPhoto: (id: RoomId, body: v.InferOutput<typeof PhotoInput>) =>
      send('PUT', `${roomOf(id)}/photo`, NoContent, body),
    deletePhoto: (id: RoomId) => send('DELETE', `${roomOf(id)}/photo`, NoContent),

    licenceKeys: () => get('/licence-keys', v.array(LicenceKeyRow)),
    createLicenceKeys: (count: number, note: string) => send('POST', '/licence-keys', NewLicenceKeys, { count, note }),
    revokeLicenceKey: (id: string) => send('POST', `/licence-keys/${encodeURIComponent(id)}/revoke`, LicenceKeyRow),
    licence: () => get('/licence', LicenceStatus),
    setLicence: (file: string) => send('PUT', '/licence', LicenceStatus, { file }),
    deleteLicence: () => send('DELETE', '/licence', LicenceStatus),

    freeMacs: () => get('/free-macs', v.array(WaitingPanel)),
    enterCode: (code: string) => send('POST', '/free-macs/code', CodeAnswer, { code }),
    confirmPanels: (panels: { panel: PanelId; code: string }[]) =>
      send('POST', '/free-macs/confirm', ConfirmAnswer, { panels }, LONG_DEADLINE),
    approve: (panel: PanelId, approval: Approval) => post(`/free-macs/${panel}/approve`, approval),
    reject: (panel: PanelId) => post(`/free-macs/${panel}/reject`),
    registrations: () => get('/registrations', v.array(RegistrationRow)),
    importRollOut: (csv: string, isDryRun: boolean) =>
      send('POST', '/registrations/import', RollOutAnswer, { csv, isDryRun }, LONG_DEADLINE),
    deleteRegistration: (mac: string) => send('DELETE', `/registrations/${encodeURIComponent(mac)}`, NoContent),

    unpair: (panel: PanelId) => post(`/panels/${panel}/unpair`),
    revokePanel: (panel: PanelId) => post(`/panels/${panel}/revoke`),
    movePanel: (panel: PanelId, room: RoomId) => post(`/panels/${panel}/move`, { room }),
    renamePanel: (panel: PanelId, name: string | null) => post(`/panels/${panel}/rename`, { name }),
    replacePanel: (panel: PanelId, by: PanelId, code: string | null) => post(`/panels/${panel}/replace`, { by, code }),
    identifyPanel: (panel: PanelId) => post(`/panels/${panel}/identify`),
    restartPanel: (panel: PanelId) => post(`/panels/${panel}/restart`),
    diagnosePanel: (panel: PanelId) => send('POST', `/panels/${panel}/diagnostics`, Diagnostics, {}, PROVIDER_DEADLINE),

    policies: () => get('/policies', Policies),
    setPolicy: (body: PolicyInput) => send('PUT', '/policies', NewVersion, body),
    policyHistory: () => get('/policies/history', v.array(Revision)),
    rollBack: (version: number) => send('POST', '/policies/roll-back', NewVersion, { version }),

    demo: () => get('/demo', DemoStatus),
    switchDemo: (isOn: boolean) => send('PUT', '/demo', DemoStatus, { isOn }, PROVIDER_DEADLINE),
    demoAct: (action: DemoAction) => post('/demo/act', action),
  };
}

/** Where the browser finds a room's picture, relative to the console's own address. */
export const photoUrl = (id: RoomId, version: string) =>
  `api/v1/rooms/${encodeURIComponent(id)}/photo?v=${encodeURIComponent(version)}`;
export const ROLL_OUT_EXPORT_URL = 'api/v1/registrations/export';
