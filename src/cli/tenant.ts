/** lintel tenant: the demo tenant alone, a stand-in for Microsoft 365 to play and test against. */
import { join } from 'node:path';
import { startTenant } from '../demo/start-tenant.ts';
import { lockDataDir } from '../platform/lock.ts';
import { loadCertificate } from '../platform/own-certificate.ts';
import { ensureWritableDir } from '../platform/start-error.ts';
import { makeSystemClock } from '../platform/system-clock.ts';
import type { Command } from './command.ts';
import { COMMON_HELP, COMMON_OPTIONS, dataDirOf, portOf, zoneOf } from './settings.ts';

export const DEFAULT_TENANT_PORT = 4301;

export const tenant: Command = {
  name: 'tenant',
  help: `lintel tenant: answers as Microsoft Graph and Entra ID do, on this machine, with made-up rooms and people

  --port N         one for everything, over HTTPS (LINTEL_PORT; default ${DEFAULT_TENANT_PORT}, 0 picks a free one)
  --zone ZONE      the office's time zone         (default: Europe/Oslo)
${COMMON_HELP}`,
  options: { ...COMMON_OPTIONS, zone: { type: 'string' } },
  start: async values => {
    const { dir: dataDir } = dataDirOf(values, 'tenant');
    const clock = makeSystemClock();
    const [port, zone] = [portOf(values, DEFAULT_TENANT_PORT), zoneOf(values)];
    await ensureWritableDir(dataDir);
    const lock = await lockDataDir(dataDir);
    const names = ['localhost', '127.0.0.1', '::1'];
    const {
      caPem: ca,
      key,
      chain: cert,
    } = await loadCertificate({ dir: dataDir, commonName: 'Lintel demo tenant', names, clock });
    const caFile = join(dataDir, 'ca.pem');
    const started = await startTenant({ dataDir, port, clock, tls: { key, cert, ca }, zone });
    const { graph, authority, tenantId, clientId, clientSecret, username, password, control } = started;
    return {
      ready: {
        graph,
        authority,
        tenantId,
        clientId,
        clientSecret,
        caFile,
        room: started.rooms[0]?.address ?? null,
        username,
        password,
        control,
        dataDir,
      },
      lines: [
        `Graph is at ${graph}/v1.0, its authority ${authority}/${tenantId}, its CA in ${caFile}`,
        `Client ID ${clientId}, client secret ${clientSecret}`,
        `Sign in as ${username} with the password ${password}`,
        `Play with it at ${control}`,
      ],
      stop: async () => {
        await started.stop();
        await lock.release();
      },
    };
  },
};
