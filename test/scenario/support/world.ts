/** The demo tenant and central, real, in this process; panels on whatever shell is present. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Central, startCentral } from '../../../src/central/main.ts';
import { AdminClient } from '../../../src/cli/admin-client.ts';
import type { PolicyValues } from '../../../src/contract/values/policy.ts';
import { seconds } from '../../../src/contract/values/time.ts';
import {
  NewVersion,
  Policies,
  RoomRow,
  SaveAnswer,
  ServerSettings,
  type ServerSettingsInput,
} from '../../../src/contract/wire/console.ts';
import { startTenant, type Tenant } from '../../../src/demo/start-tenant.ts';
import { makeFetch } from '../../../src/platform/http.ts';
import { makeLog } from '../../../src/platform/log.ts';
import { loadCertificate } from '../../../src/platform/own-certificate.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';

const clock = makeSystemClock();
const ROOT = join(import.meta.dirname, '../../..');
const ADMIN = { username: 'admin', password: 'correct horse battery' };

export type World = {
  tenant: Tenant;
  central: Central;
  admin: AdminClient;
  /** Every line central wrote to its log. */
  centralLog: string[];
  dir: string;
  rooms: RoomRow[];
  room(name: string): RoomRow;
  /** Saves these as the settings for all rooms, in place of what they were; answers with the version panels follow. */
  setPolicy(values: PolicyValues): Promise<number>;
  /** Changes these of the connection's settings, as Save Settings does. */
  setConnection(change: Partial<ServerSettingsInput>): Promise<void>;
  /** The tenant's control API. */
  control<T>(method: string, path: string, schema: v.GenericSchema<unknown, T>, body?: unknown): Promise<T>;
  stopCentral(): Promise<void>;
  startCentralAgain(): Promise<void>;
  stopTenant(): Promise<void>;
  startTenantAgain(): Promise<void>;
  stop(): Promise<void>;
};

/** A world whose panels poll every five seconds, so that "two missed polls" is worth waiting for. */
export async function makeWorld(policy: PolicyValues = {}): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'lintel-world-'));
  const centralLog: string[] = [];
  const tls = await loadCertificate({
    dir: join(dir, 'tls'),
    commonName: 'Test tenant CA',
    names: ['localhost', '127.0.0.1'],
    clock,
  });
  const beginTenant = (port: number) =>
    startTenant({ dataDir: join(dir, 'tenant'), port, clock, tls: { key: tls.key, cert: tls.chain, ca: tls.caPem } });
  const beginCentral = (port: number) =>
    startCentral({
      dataDir: join(dir, 'central'),
      port,
      host: '127.0.0.1',
      clock,
      log: makeLog({ level: 'debug', destination: { write: line => void centralLog.push(line) } }),
      firstAdmin: ADMIN,
      pagesDir: join(ROOT, 'dist/renderer/console'),
    });
  const tenant = await beginTenant(0);
  const central = await beginCentral(0);
  const ca = central.caPem + tls.caPem;
  const admin = await AdminClient.logIn(central.url, ca, ADMIN);
  await admin.connectTenant(tenant, tls.caPem, 'Europe/Oslo');
  const setPolicy = async (values: PolicyValues) => {
    const { version: basedOn } = await admin.api('GET', '/policies', Policies);
    const body = { scope: { kind: 'general' }, values: { pollEvery: seconds(5), ...values }, basedOn };
    return (await admin.api('PUT', '/policies', NewVersion, body)).version;
  };
  const setConnection = async (change: Partial<ServerSettingsInput>) => {
    const { settings } = await admin.api('GET', '/server-settings/default', ServerSettings);
    if (settings === null) throw new Error('the connection has no settings yet');
    const { hasClientSecret: _, ...rest } = settings;
    const body = { ...rest, clientSecret: null, certificate: null, ...change };
    await admin.api('PUT', '/server-settings/default', SaveAnswer, body);
  };
  await setPolicy(policy);
  await admin.api('POST', '/licence-keys', v.unknown(), { count: 20, note: 'scenario' });
  const rooms = await admin.api('GET', '/rooms', v.array(RoomRow));
  const http = makeFetch({ trust: { kind: 'only', ca } });
  const world: World = {
    tenant,
    central,
    admin,
    centralLog,
    dir,
    rooms,
    setPolicy,
    setConnection,
    room(name) {
      const found = rooms.find(r => r.name === name);
      if (!found) throw new Error(`no room ${name} among ${rooms.map(r => r.name)}`);
      return found;
    },
    async control(method, path, schema, body) {
      const json =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const answer = await http.fetch(`${world.tenant.control}/api${path}`, { method, ...json });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return v.parse(schema, text === '' ? null : JSON.parse(text));
    },
    stopCentral: () => world.central.stop(),
    async startCentralAgain() {
      world.central = await beginCentral(Number(new URL(central.url).port));
    },
    stopTenant: () => world.tenant.stop(),
    async startTenantAgain() {
      world.tenant = await beginTenant(Number(new URL(tenant.url).port));
    },
    async stop() {
      await Promise.all([admin.close(), http.close(), world.central.stop(), world.tenant.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
  return world;
}
