/** A real central on a temporary directory, its pages replaced by one small file. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Central, type CentralOptions, startCentral } from '../../../src/central/main.ts';
import { openData } from '../../../src/central/open.ts';
import type { Fetch } from '../../../src/central/ports.ts';
import type { Db } from '../../../src/central/store/store.ts';
import { instant } from '../../../src/contract/values/time.ts';
import { DEFAULT_CONNECTION } from '../../../src/contract/wire/console.ts';
import { makeFetch } from '../../../src/platform/http.ts';
import { makeLog } from '../../../src/platform/log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const ADMIN = { username: 'admin', password: 'correct horse battery' };

export type RunningCentral = {
  central: Central;
  /** `https://localhost:port`, whatever its public URL says. */
  url: string;
  dataDir: string;
  clock: VirtualClock;
  /** Trusts central's CA and nothing else. */
  fetch: Fetch;
  /** Everything that was logged. */
  log: string[];
  stop(): Promise<void>;
};

type Options = Partial<CentralOptions> & { seed?: (db: Db) => Promise<void> };

export async function runCentral(options: Options = {}): Promise<RunningCentral> {
  const { seed, ...over } = options;
  const dataDir = over.dataDir ?? (await mkdtemp(join(tmpdir(), 'lintel-central-')));
  const pagesDir = join(dataDir, 'pages');
  await mkdir(join(pagesDir, 'assets'), { recursive: true });
  await writeFile(join(pagesDir, 'index.html'), '<!doctype html><title>Lintel</title>');
  await writeFile(join(pagesDir, 'assets', 'main-Ab12Cd34.js'), `export const filler = '${'lintel '.repeat(200)}';`);
  // Virtual, but today: the certificates must be valid for real TLS.
  const clock = new VirtualClock(instant(Date.now()));
  const lines: string[] = [];
  const log = makeLog({ level: 'info', destination: { write: line => lines.push(line) } });
  if (seed) {
    const { store } = await openData({ clock, log, ...over, dataDir });
    await seed(store.db);
    await store.stop();
  }
  const central = await startCentral({ port: 0, clock, log, firstAdmin: ADMIN, pagesDir, ...over, dataDir });
  const http = makeFetch({ trust: { kind: 'only', ca: central.caPem } });
  return {
    central,
    url: central.url,
    dataDir,
    clock,
    fetch: http.fetch,
    log: lines,
    async stop() {
      await http.close();
      await central.stop();
      if (over.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Settings and rooms as an import would leave them. */
export function seedRooms(...names: string[]) {
  return async (db: Db) => {
    const settings = {
      id: DEFAULT_CONNECTION,
      server_type: 'office-365-graph',
      authority: 'https://login.example',
      graph_base: 'https://graph.example',
      tenant_id: 'example.com',
      client_id: 'client',
      sealed_client_secret: null,
      service_account: null,
      default_zone: 'Europe/Oslo',
      extra_ca: null,
      import_problem: null,
    };
    await db.insertInto('settings').values(settings).execute();
    for (const name of names) {
      const id = name.toLowerCase();
      const rest = { zone: 'Europe/Oslo', capacity: 8, building: 'Main', floor: '1', is_missing: 0 };
      await db
        .insertInto('rooms')
        .values({ id, name, address: `${id}@example.com`, ...rest })
        .execute();
    }
  };
}
