/** lintel demo: central, the demo tenant and one paired panel, each its own process, set up as an admin would. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { DEFAULT_CENTRAL_PORT } from '../platform/central-address.ts';
import { lockDataDir } from '../platform/lock.ts';
import { ensureWritableDir } from '../platform/start-error.ts';
import { AdminClient } from './admin-client.ts';
import { type Child, startChild } from './children.ts';
import type { Command, Running, Values } from './command.ts';
import { type DemoParts, PanelReady, TenantReady } from './demo-parts.ts';
import { COMMON_HELP, COMMON_OPTIONS, dataDirOf, portOf, zoneOf } from './settings.ts';

const CentralReady = v.object({ console: v.string(), url: v.string(), caFile: v.string() });

export const demo: Command = {
  name: 'demo',
  help: `lintel demo: a room on the glass, with nothing to set up

  --port N         of central; the tenant takes N+1 and the panel N+2 (LINTEL_PORT; default ${DEFAULT_CENTRAL_PORT})
                   0 picks free ones, and a data directory that is gone afterwards unless one is named
  --zone ZONE      the office's time zone         (default: Europe/Oslo)
${COMMON_HELP}  LINTEL_SHELL        electron, chromium or none  (default: what is installed, if there is a display)
`,
  options: { ...COMMON_OPTIONS, zone: { type: 'string' } },
  start,
};

/** What is set for a central or panel of this machine is not meant for the demo: least of all its database. */
const OWN_SETTINGS = {
  LINTEL_PORT: '',
  LINTEL_DATA_DIR: '',
  LINTEL_PUBLIC_URL: '',
  LINTEL_DATABASE_URL: '',
  LINTEL_SECRET_KEY_FILE: '',
};

async function start(values: Values): Promise<Running> {
  const [port, zone] = [portOf(values, DEFAULT_CENTRAL_PORT), zoneOf(values)];
  const { dataDir, tidy } = await chooseDataDir(values, port);
  const lock = await lockDataDir(dataDir);
  const ports = port === 0 ? ['0', '0', '0'] : [port, port + 1, port + 2].map(String);
  const [centralPort = '0', tenantPort = '0', panelPort = '0'] = ports;
  const children: Child[] = [];
  const stop = async () => {
    await Promise.all(children.reverse().map(child => child.stop()));
    await lock.release();
    await tidy();
  };
  // Whoever ends one part on purpose wants to see what the others do.
  const onDeath = (name: string) => process.stderr.write(`lintel demo: ${name} has ended; the rest goes on\n`);
  const begin = async (args: string[], env: Record<string, string>) => {
    const child = await startChild(
      args,
      { ...OWN_SETTINGS, LINTEL_LOG_LEVEL: process.env.LINTEL_LOG_LEVEL || 'error', ...env },
      onDeath,
    );
    children.push(child);
    return child;
  };
  try {
    const tenant = v.parse(
      TenantReady,
      (await begin(['tenant', '--port', tenantPort, '--data-dir', join(dataDir, 'tenant'), '--zone', zone], {})).ready,
    );
    const centralProcess = await begin(
      [
        'central',
        '--port',
        centralPort,
        '--host',
        '127.0.0.1',
        '--data-dir',
        join(dataDir, 'central'),
        '--username',
        tenant.username,
      ],
      { LINTEL_ADMIN_PASSWORD: tenant.password, LINTEL_DEMO: 'attached' },
    );
    const central = v.parse(CentralReady, centralProcess.ready);
    const caFile = join(dataDir, 'ca-bundle.pem');
    await writeFile(caFile, (await readFile(central.caFile, 'utf8')) + (await readFile(tenant.caFile, 'utf8')));
    const client = await AdminClient.logIn(central.url, await readFile(caFile, 'utf8'), tenant);
    const tenantCa = await readFile(tenant.caFile, 'utf8');
    await client.connectTenant(tenant, tenantCa, zone);
    const panelEnv = { LINTEL_CENTRAL_URL: central.url, LINTEL_KEYCHAIN: 'off' };
    const panel = v.parse(
      PanelReady,
      (await begin(['panel', '--window', '--port', panelPort, '--data-dir', join(dataDir, 'panel')], panelEnv)).ready,
    );
    await client.pairWaitingPanel(tenant.room);
    await client.close();
    const { control } = tenant;
    const parts: DemoParts = { kind: 'demo-parts', control, tenantCa, room: tenant.room, panel: panel.panel, zone };
    centralProcess.tell(parts);
    const { graph, authority, tenantId, clientId, clientSecret, room, username, password } = tenant;
    return {
      ready: {
        console: central.console,
        panel: panel.panel,
        graph,
        authority,
        tenantId,
        clientId,
        clientSecret,
        caFile,
        room,
        username,
        password,
        dataDir,
      },
      lines: describe({ central, panel, tenant, caFile }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function chooseDataDir(values: Values, port: number) {
  const { dir, isOwnChoice } = dataDirOf(values, 'demo');
  if (port === 0 && isOwnChoice) {
    const dataDir = await mkdtemp(join(tmpdir(), 'lintel-demo-'));
    return { dataDir, tidy: () => rm(dataDir, { recursive: true, force: true }) };
  }
  await ensureWritableDir(dir);
  return { dataDir: dir, tidy: () => Promise.resolve() };
}

type Parts = {
  central: { console: string };
  panel: { panel: string | null; window: string };
  tenant: TenantReady;
  caFile: string;
};

function describe({ central, panel, tenant, caFile }: Parts): string[] {
  const where =
    panel.window === 'launched' ? ', and in a window' : panel.window === 'electron' ? 'in an Electron window' : '';
  return [
    '',
    `  Panel    ${panel.panel ?? ''}${where}   (${tenant.room})`,
    `  Console  ${central.console}`,
    `           log in as ${tenant.username}, password ${tenant.password}`,
    `  Tenant   ${tenant.control}   (book as somebody else, make it fail)`,
    '',
    `  Console and tenant use certificates of their own CA; browsers warn once, or trust ${caFile}.`,
    '  Ctrl-C ends everything.',
    '',
  ];
}
