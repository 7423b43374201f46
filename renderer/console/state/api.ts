/** The console API (src/contract/wire/console.ts), one function a request. */
import * as v from 'valibot';
import type { PanelId } from '../../../src/contract/values/ids.ts';
import { type Duration, minutes } from '../../../src/contract/values/time.ts';
import {
  type Approval,
  LicenceKeyRow,
  NewLicenceKeys,
  Overview,
  RoomRow,
  SaveAnswer,
  ServerSettings,
  type ServerSettingsInput,
  Session,
  TokenStatus,
  WaitingPanel,
} from '../../../src/contract/wire/console.ts';
import { type Answer, type Failure, type Http, NoContent } from './http.ts';

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

/** Importing some thousand rooms, page by page, takes a while. */
const IMPORT_DEADLINE = minutes(3);
/** The provider is asked while we wait, with central's own deadline. */
const PROVIDER_DEADLINE = minutes(1);

export type Api = ReturnType<typeof createApi>;

export function createApi(http: Http) {
  const get = <S extends v.GenericSchema>(path: string, schema: S) => http({ method: 'GET', path }, schema);
  const post = (path: string) => http({ method: 'POST', path }, NoContent);
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
    overview: () => get('/overview', Overview),

    serverSettings: () => get('/server-settings', ServerSettings),
    saveServerSettings: (body: ServerSettingsInput) =>
      http({ method: 'PUT', path: '/server-settings', body, deadline: IMPORT_DEADLINE }, SaveAnswer),
    getAccessToken: () => http({ method: 'POST', path: '/server-settings/token', deadline: PROVIDER_DEADLINE }, SignIn),
    refreshAccessToken: () =>
      http({ method: 'POST', path: '/server-settings/token/refresh', deadline: PROVIDER_DEADLINE }, TokenStatus),
    deleteAccessToken: () => http({ method: 'DELETE', path: '/server-settings/token' }, TokenStatus),

    rooms: () => get('/rooms', v.array(RoomRow)),
    unpair: (panel: PanelId) => post(`/panels/${panel}/unpair`),

    licenceKeys: () => get('/licence-keys', v.array(LicenceKeyRow)),
    createLicenceKeys: (count: number, note: string) =>
      http({ method: 'POST', path: '/licence-keys', body: { count, note } }, NewLicenceKeys),
    revokeLicenceKey: (id: string) =>
      http({ method: 'POST', path: `/licence-keys/${encodeURIComponent(id)}/revoke` }, LicenceKeyRow),

    freeMacs: () => get('/free-macs', v.array(WaitingPanel)),
    approve: (panel: PanelId, approval: Approval): Promise<Answer<undefined>> =>
      http({ method: 'POST', path: `/free-macs/${panel}/approve`, body: approval }, NoContent),
    reject: (panel: PanelId) => post(`/free-macs/${panel}/reject`),
  };
}
