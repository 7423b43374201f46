/** A central beside a demo tenant, and an admin who can walk through the tenant's sign-in page. */

import * as v from 'valibot';
import { SaveAnswer, TokenStatus } from '../../../src/contract/wire/console.ts';
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
  save(more?: Record<string, unknown>): Promise<SaveAnswer>;
  /** Presses Get Access Token and signs in; answers with the address the browser is sent back to. */
  signIn(): Promise<URL>;
  /** Lets the browser arrive there. */
  arrive(back: URL): Promise<Response>;
  token(): Promise<TokenStatus>;
  stop(): Promise<void>;
};

export async function startTenantSession(): Promise<TenantSession> {
  const tenant = await startTestTenant();
  // msal reads the real time, so central must, too.
  const running = await runCentral({ clock: makeSystemClock() });
  const admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
  const session: TenantSession = {
    tenant,
    running,
    admin,
    settings: (more = {}) => ({
      serverType: 'office-365-graph',
      authority: tenant.tenant.authority,
      graphBase: tenant.tenant.graph,
      tenantId: tenant.tenant.tenantId,
      clientId: tenant.tenant.clientId,
      clientSecret: tenant.tenant.clientSecret,
      serviceAccount: tenant.tenant.username,
      defaultZone: 'Europe/Oslo',
      extraCa: tenant.ca.cert,
      ...more,
    }),
    save: more => admin.ask('PUT', '/server-settings', SaveAnswer, session.settings(more)),
    async signIn() {
      const { url } = await admin.ask('POST', '/server-settings/token', v.object({ url: v.string() }));
      return makeBrowser(tenant).signIn(url);
    },
    async arrive(back) {
      // From another site, the browser leaves the strict session cookie at home.
      const cookie = [...admin.cookies].filter(([name]) => name === '__Host-lintel-oauth');
      const headers = { cookie: cookie.map(pair => pair.join('=')).join('; ') };
      const answer = await running.fetch(back.href, { headers });
      admin.keepCookies(answer);
      return answer;
    },
    token: async () => (await admin.ask('GET', '/server-settings', v.object({ token: TokenStatus }))).token,
    async stop() {
      await running.stop();
      await tenant.stop();
    },
  };
  return session;
}
