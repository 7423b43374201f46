/** Central's composition root. */
import { isIP } from 'node:net';
import { makeFetch } from '../platform/http.ts';
import { lockDataDir } from '../platform/lock.ts';
import { randomFraction } from '../platform/random.ts';
import { ensureWritableDir, StartError } from '../platform/start-error.ts';
import { loadStaticFiles } from '../platform/static-files.ts';
import { Connections } from './consent/connections.ts';
import { startRefresher } from './consent/refresher.ts';
import { SignIn } from './consent/sign-in.ts';
import { Tokens } from './consent/tokens.ts';
import { Turns } from './consent/turns.ts';
import type { Context } from './context.ts';
import type { DemoHands, DemoMaker } from './demo-port.ts';
import { readLicencePublicKey } from './domain/licence-file.ts';
import { setAdmin } from './fleet/admins.ts';
import { DiagnosticsDesk } from './fleet/diagnostics.ts';
import { stopRoomChecks } from './fleet/room-checks.ts';
import { startHolidays } from './holidays/keep.ts';
import type { Services } from './http/env.ts';
import { makePasswords } from './http/password.ts';
import { closeServer, listenSomewhere, makeServer } from './http/server.ts';
import { Sessions } from './http/sessions.ts';
import { Hub } from './hub.ts';
import { startNotifications } from './notifications/notifications.ts';
import { type AdminLogin, checkPassword, ensureAdmin, inventPassword, type OpenOptions, openData } from './open.ts';
import type { HttpClientFactory } from './ports.ts';
import { Relay } from './relay/relay.ts';
import { openTenantGraph } from './rooms/tenant-graph.ts';
import { StopList } from './stop-list.ts';
import { startSweeper } from './sweeper.ts';
import { loadServerCertificate } from './tls.ts';

export { StartError };

export type CentralOptions = OpenOptions & {
  /** 0 picks a free one. */
  port: number;
  /** Address to listen on; every one of this machine's when left out. */
  host?: string;
  /** How panels and browsers reach central, when that is not this machine's own name; `https://host[:port]`. */
  publicUrl?: string | null;
  /** Made at first start only; left out, a password is invented. */
  firstAdmin?: AdminLogin | null;
  /** The built console pages: dist/renderer/console. */
  pagesDir: string;
  /** The built panel preview: dist/renderer/preview; General Settings shows none when left out. */
  previewDir?: string;
  /** The vendor's public keys, PEM, which licence files must be signed with. */
  licencePublicKeys?: readonly string[];
  /** What the DEMO page plays with; null: nothing. */
  demo?: DemoMaker | null;
};

export type Central = {
  url: string;
  /** PEM of the CA that panels pin. */
  caPem: string;
  /** Only when it was invented by this start: show it once. */
  firstAdminPassword: AdminLogin | null;
  stop(): Promise<void>;
};

const VERSION = '0.1.0';

/** Starts central. Throws StartError when something on this machine is in the way. */
export async function startCentral(options: CentralOptions): Promise<Central> {
  const { clock, log } = options;
  const publicUrl = checkPublicUrl(options.publicUrl ?? null);
  const licencePublicKeys = checkLicenceKeys(options.licencePublicKeys ?? []);
  const pages = await loadStaticFiles(options.pagesDir);
  const preview = options.previewDir === undefined ? null : await loadStaticFiles(options.previewDir);
  await ensureWritableDir(options.dataDir);
  const stops = new StopList();
  try {
    const lock = await lockDataDir(options.dataDir);
    stops.add(() => lock.release());
    const { store, sealer } = await openData(options);
    stops.add(() => store.stop());
    const firstAdminPassword = await ensureAdmin(store, clock, options.firstAdmin ?? null);
    const certificate = await loadServerCertificate(options.dataDir, publicUrl, clock);

    const hub = new Hub(clock);
    const context: Context = { store, sealer, hub, clock, log, caPem: certificate.caPem };
    const makeHttpClient: HttpClientFactory = extraCa => makeFetch({ trust: { kind: 'system', extraCa }, clock });
    const connections = new Connections(store, sealer, makeHttpClient, clock);
    const turns = new Turns();
    // What is under way with the tenant ends before the database closes.
    stops.add(() => turns.take(async () => {}));
    stops.add(() => connections.drop());
    const tokens = new Tokens({ store, connections, turns, hub, clock, log });
    const signIn = new SignIn({ store, connections, turns, hub, clock, log, sealer, tokens });
    const sessions = new Sessions(store, clock);
    const relay = new Relay({
      connections,
      tokens,
      clock,
      log,
      random: randomFraction,
      listenHints: listener => hub.listenHints(listener),
    });
    stops.add(() => relay.stop());

    let url = '';
    let localUrl = '';
    const hands: DemoHands = {
      get url() {
        return localUrl;
      },
      caPem: certificate.caPem,
      changed: () => hub.topicsChanged('demo'),
      cutStreams: panel => hub.closeStreams(panel),
    };
    const demo = options.demo?.(hands) ?? null;
    if (demo !== null) stops.add(() => demo.stop());
    const diagnostics = new DiagnosticsDesk(clock);
    stops.addSync(() => diagnostics.stop());
    const openGraph = (connection: string) => openTenantGraph(context, connections, tokens, connection);
    const notifications = startNotifications({ context, publicUrl, openGraph });
    stops.add(() => notifications.stop());
    const holidays = startHolidays({ context, openGraph });
    stops.add(() => holidays.stop());
    const services: Services = {
      context,
      connections,
      tokens,
      signIn,
      sessions,
      pages,
      preview,
      demo,
      diagnostics,
      notifications,
      relay,
      licencePublicKeys,
      publicUrl,
      ownUrl: () => url,
      ownNames: certificate.names,
    };
    const server = makeServer(certificate, services, VERSION, log);
    const host = options.host ?? '::';
    const port = await listenSomewhere(server, options.port, host, options.host === undefined);
    stops.add(() => closeServer(server));
    stops.add(async () => hub.stop());
    stops.add(() => stopRoomChecks(context));
    localUrl = `https://${urlHost(options.host)}:${port}`;
    url = publicUrl ?? localUrl;

    stops.addSync(startRefresher(tokens, clock, log));
    stops.addSync(startSweeper(context, sessions));
    log.info('central-started', { url, engine: store.engine });
    return { url, caPem: certificate.caPem, firstAdminPassword, stop: () => stops.run() };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/**
 * `lintel central --init`: sets the admin, or gives the one there is a new password (null: one is invented). Central must
 * not be running. Throws StartError.
 */
export async function initCentral(options: OpenOptions & { admin: { username: string; password: string | null } }) {
  const { username } = options.admin;
  const password = checkPassword(options.admin.password ?? inventPassword());
  await ensureWritableDir(options.dataDir);
  const stops = new StopList();
  try {
    const lock = await lockDataDir(options.dataDir);
    stops.add(() => lock.release());
    const { store } = await openData(options);
    stops.add(() => store.stop());
    const isOwn = options.admin.password !== null;
    await setAdmin(store, options.clock, username, await makePasswords().hash(password), isOwn);
    return { username: username.toLowerCase(), password };
  } finally {
    await stops.run();
  }
}

function checkLicenceKeys(keys: readonly string[]): readonly string[] {
  for (const key of keys) {
    try {
      readLicencePublicKey(key);
    } catch (error) {
      const mend = 'Name the .pub files that `lintel licence new-key` made in LINTEL_LICENCE_KEYS.';
      throw new StartError('bad-setting', "a vendor's licence key is no Ed25519 public key", mend, error);
    }
  }
  return keys;
}

function checkPublicUrl(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.hash === '') return url.origin;
  throw new StartError(
    'bad-setting',
    `the public address ${text} is not of the form https://host:port`,
    'Correct LINTEL_PUBLIC_URL.',
  );
}

function urlHost(host: string | undefined): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return 'localhost';
  return isIP(host) === 6 ? `[${host}]` : host;
}
