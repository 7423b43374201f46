/** One set of server settings in use: its HTTP client and its msal application. */
import { ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node';
import type { Fetch } from '../ports.ts';
import type { Sealer } from '../store/seal.ts';
import { openCertificate, openClientSecret } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import { clientCertificate } from './certificate.ts';
import { makeNetworkModule, type TroubleNote } from './network.ts';

/** How the application proves who it is. */
export type Credential =
  | { clientSecret: string }
  | { clientCertificate: { thumbprintSha256: string; privateKey: string } };

/** Null: none is stored for this kind of sign-in. Throws SealError when what is stored was changed or moved. */
export function openCredential(sealer: Sealer, row: SettingsRow): Credential | null {
  if (row.sign_in === 'app-certificate') {
    const whole = openCertificate(sealer, row);
    return whole === null ? null : { clientCertificate: clientCertificate(whole) };
  }
  const clientSecret = openClientSecret(sealer, row);
  return clientSecret === null ? null : { clientSecret };
}

export type Connection = {
  readonly app: ConfidentialClientApplication;
  /** Counted for the health line. */
  readonly fetch: Fetch;
  readonly trouble: TroubleNote;
  close(): Promise<void>;
};

export function openConnection(
  settings: SettingsRow,
  credential: Credential,
  cachePlugin: ICachePlugin,
  http: { fetch: Fetch; close(): Promise<void> },
): Connection {
  const trouble: TroubleNote = { last: null };
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: settings.client_id,
      ...credential,
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
