/** An admin without a browser: works the console's API and the sign-in form, as the demo's first visit does. */
import * as v from 'valibot';
import { ZoneName } from '../contract/values/time.ts';
import {
  LicenceKeyRow,
  RoomRow,
  SaveAnswer,
  ServerSettings,
  type ServerSettingsInput,
  WaitingPanel,
} from '../contract/wire/console.ts';
import { makeFetch } from '../platform/http.ts';

type Credentials = { username: string; password: string };
type TenantAddress = Credentials & {
  authority: string;
  graph: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
};

const PATIENCE_TRIES = 200;
const pause = () => new Promise(resolve => setTimeout(resolve, 50));

export class AdminClient {
  readonly #url: string;
  readonly #http: ReturnType<typeof makeFetch>;
  /** By origin, then by name. */
  readonly #cookies = new Map<string, Map<string, string>>();

  private constructor(url: string, ca: string) {
    this.#url = url;
    this.#http = makeFetch({ trust: { kind: 'only', ca } });
  }

  /** `ca`: PEM of every CA involved, the tenant's too. Throws when central says no. */
  static async logIn(url: string, ca: string, { username, password }: Credentials): Promise<AdminClient> {
    const client = new AdminClient(url, ca);
    await client.api('POST', '/login', v.unknown(), { username, password });
    return client;
  }

  /** With the session of somebody who is logged in already: the value of central's cookie. */
  static withSession(url: string, ca: string, session: string): AdminClient {
    const client = new AdminClient(url, ca);
    client.#cookies.set(new URL(url).origin, new Map([['__Host-lintel', session]]));
    return client;
  }

  close = () => this.#http.close();

  /** Server Settings filled in, Get Access Token pressed and signed in, Save Settings pressed. Does only what is missing. */
  async connectTenant(tenant: TenantAddress, tenantCa: string, zone: string): Promise<void> {
    const now = await this.api('GET', '/server-settings/default', ServerSettings);
    const isSame = now.settings?.authority === tenant.authority && now.settings.clientId === tenant.clientId;
    if (isSame && now.token.kind === 'issued' && now.token.problem === null) return;
    const input: ServerSettingsInput = {
      name: 'Demo tenant',
      serverType: 'office-365-graph',
      signIn: 'delegated',
      authority: tenant.authority,
      graphBase: tenant.graph,
      tenantId: tenant.tenantId,
      clientId: tenant.clientId,
      clientSecret: tenant.clientSecret,
      clientSecretExpires: null,
      certificate: null,
      serviceAccount: tenant.username,
      defaultZone: v.parse(ZoneName, zone),
      extraCa: tenantCa,
      access: 'direct',
      changeNotifications: false,
      holidayCalendar: null,
    };
    await this.api('PUT', '/server-settings/default', SaveAnswer, input);
    const { url } = await this.api('POST', '/server-settings/default/token', v.object({ url: v.string() }));
    await this.#signIn(url, tenant);
    const { imported, settings } = await this.api('PUT', '/server-settings/default', SaveAnswer, {
      ...input,
      clientSecret: null,
    });
    if (imported.kind !== 'imported')
      throw new Error(`no rooms were imported: ${JSON.stringify(settings.importProblem ?? settings.token)}`);
  }

  /** Waits for one panel to ask, gives it the room and a licence key, and waits until it has read the room's day. */
  async pairWaitingPanel(roomAddress: string): Promise<void> {
    for (let tries = 0; tries < PATIENCE_TRIES; tries++, await pause()) {
      const room = (await this.api('GET', '/rooms', v.array(RoomRow))).find(r => r.address === roomAddress);
      if (!room) throw new Error(`central does not know the room ${roomAddress}`);
      if (room.panel) {
        if (room.panel.lastRead !== null) return;
        continue;
      }
      const [waiting] = await this.api('GET', '/free-macs', v.array(WaitingPanel));
      if (!waiting) continue;
      const keys = await this.api('GET', '/licence-keys', v.array(LicenceKeyRow));
      if (!keys.some(k => k.state === 'free'))
        await this.api('POST', '/licence-keys', v.unknown(), { count: 5, note: 'Demo' });
      await this.api('POST', `/free-macs/${waiting.panel}/approve`, v.unknown(), { room: room.id, licenceKeyId: null });
    }
    throw new Error('the panel did not show its room in time');
  }

  async api<T>(method: string, path: string, schema: v.GenericSchema<unknown, T>, body?: unknown): Promise<T> {
    const headers = { 'lintel-console': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await this.#request(`${this.#url}/console/api/v1${path}`, init);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`central answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return v.parse(schema, text === '' ? null : JSON.parse(text));
  }

  /** Follows the sign-in from redirect to redirect, filling in the form it meets, until it is back at the console. */
  async #signIn(start: string, { username, password }: Credentials): Promise<void> {
    let url = start;
    let init: { method: string; headers: Record<string, string>; body?: string } = { method: 'GET', headers: {} };
    for (let hops = 0; hops < 20; hops++) {
      const response = await this.#request(url, init);
      const text = await response.text();
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url).href;
        init = { method: 'GET', headers: {} };
        if (url.startsWith(`${this.#url}/console/#`)) return;
        continue;
      }
      const action = /<form[^>]*action="([^"]*)"/.exec(text)?.[1];
      if (!response.ok || action === undefined)
        throw new Error(`the sign-in stopped at ${new URL(url).pathname} with ${response.status}`);
      url = new URL(action.replaceAll('&amp;', '&'), url).href;
      const body = new URLSearchParams({ username, password }).toString();
      init = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
    }
    throw new Error('the sign-in goes round in circles');
  }

  async #request(
    url: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#http.fetch(url, {
      ...init,
      headers: { ...init.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const cut = pair.indexOf('=');
      jar.set(pair.slice(0, cut).trim(), pair.slice(cut + 1).trim());
    }
    return response;
  }
}
