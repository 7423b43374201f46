/** A central beside a demo tenant, and an admin who can walk through the tenant's sign-in page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { SteadyClock } from '../../../src/contract/values/clock.ts';
import { NewConnection, SaveAnswer, ServerSettings, type TokenStatus } from '../../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { makeBrowser } from '../../demo/support/browser.ts';
import { startTestTenant, type TestTenant } from '../../demo/support/tenant.ts';
import { ConsoleClient } from './console-client.ts';
import { type RunningCentral, runCentral } from './running-central.ts';

export type TenantSession = {
  tenant: TestTenant;
  running: RunningCentral;
  admin: ConsoleClient;
  settings(more?: Record<string, unknown>): Record<string, unknown>;
  /** One more connection to the same tenant; answers with its id. */
  add(more?: Record<string, unknown>): Promise<string>;
  // Everything below is about the default connection unless another one is named.
  save(more?: Record<string, unknown>, connection?: string): Promise<SaveAnswer>;
  read(connection?: string): Promise<ServerSettings>;
  token(connection?: string): Promise<TokenStatus>;
  /** Presses Get Access Token and signs in; answers with the address the browser is sent back to. */
  signIn(connection?: string): Promise<URL>;
  /** Lets the browser arrive there. */
  arrive(back: URL): Promise<Response>;
  /** Central once more on the same data, with another clock. */
  restart(clock: SteadyClock): Promise<void>;
  stop(): Promise<void>;
};

export async function startTenantSession(): Promise<TenantSession> {
  const tenant = await startTestTenant();
  // msal reads the real time, so central must, too.
  const dataDir = await mkdtemp(join(tmpdir(), 'lintel-session-'));
  const start = async (clock: SteadyClock) => {
    const running = await runCentral({ dataDir, clock });
    const admin = new ConsoleClient(running.fetch, running.url);
    await admin.login();
    return { running, admin };
  };
  const session: TenantSession = {
    tenant,
    ...(await start(makeSystemClock())),
    settings: (more = {}) => ({
      name: 'Test tenant',
      serverType: 'office-365-graph',
      signIn: 'delegated',
      authority: tenant.tenant.authority,
      graphBase: tenant.tenant.graph,
      tenantId: tenant.tenant.tenantId,
      clientId: tenant.tenant.clientId,
      clientSecret: tenant.tenant.clientSecret,
      clientSecretExpires: null,
      certificate: null,
      serviceAccount: tenant.tenant.username,
      defaultZone: 'Europe/Oslo',
      extraCa: tenant.ca.cert,
      ...more,
    }),
    add: async more => (await session.admin.ask('POST', '/server-settings', NewConnection, session.settings(more))).id,
    save: (more, connection = 'default') =>
      session.admin.ask('PUT', `/server-settings/${connection}`, SaveAnswer, session.settings(more)),
    read: (connection = 'default') => session.admin.ask('GET', `/server-settings/${connection}`, ServerSettings),
    token: async connection => (await session.read(connection)).token,
    async signIn(connection = 'default') {
      const path = `/server-settings/${connection}/token`;
      const { url } = await session.admin.ask('POST', path, v.object({ url: v.string() }));
      return makeBrowser(tenant).signIn(url);
    },
    async arrive(back) {
      // From another site, the browser leaves the strict session cookie at home.
      const cookie = [...session.admin.cookies].filter(([name]) => name.startsWith('__Host-lintel-'));
      const headers = { cookie: cookie.map(pair => pair.join('=')).join('; ') };
      const answer = await session.running.fetch(back.href, { headers });
      session.admin.keepCookies(answer);
      return answer;
    },
    async restart(clock) {
      await session.running.stop();
      Object.assign(session, await start(clock));
    },
    async stop() {
      await session.running.stop();
      await tenant.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return session;
}
