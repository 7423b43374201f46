/** One set of server settings in use: its HTTP client and its msal application. */
import { ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node';
import type { Fetch, HttpClientFactory } from '../ports.ts';
import type { SettingsRow } from '../store/tables.ts';
import { makeNetworkModule, type TroubleNote } from './network.ts';

export type Connection = {
  readonly app: ConfidentialClientApplication;
  readonly fetch: Fetch;
  readonly trouble: TroubleNote;
  close(): Promise<void>;
};

export function openConnection(
  settings: SettingsRow,
  clientSecret: string,
  cachePlugin: ICachePlugin,
  makeHttpClient: HttpClientFactory,
): Connection {
  const http = makeHttpClient(settings.extra_ca);
  const trouble: TroubleNote = { last: null };
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: settings.client_id,
      clientSecret,
      authority: `${settings.authority}/${settings.tenant_id}`,
      // Spares the look-up at Microsoft's that other clouds and tests do not have; must carry the port.
      knownAuthorities: [new URL(settings.authority).host],
    },
    cache: { cachePlugin },
    system: {
      networkClient: makeNetworkModule(http.fetch, trouble),
      // Our own callers try again, at times they know.
      disableInternalRetries: true,
      loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false },
    },
  });
  return { app, fetch: http.fetch, trouble, close: () => http.close() };
}

/** The calendar rights the service account is asked for, in this cloud's spelling. */
/** Without these no room can be read, booked or imported. */
const NEEDED = ['Calendars.ReadWrite.Shared', 'Place.Read.All'];

export function scopesFor(graphBase: string): string[] {
  const rights = [...NEEDED, 'User.Read'];
  return [...rights.map(right => `${graphBase}/${right}`), 'offline_access', 'openid', 'profile'];
}

/** Which of the needed rights a token does not carry: a tenant may grant part of what was asked, and say nothing. */
export function missingRights(scopes: readonly string[]): string[] {
  const granted = scopes.map(scope => scope.split('/').at(-1)?.toLowerCase());
  return NEEDED.filter(right => !granted.includes(right.toLowerCase()));
}
