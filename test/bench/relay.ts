/** What a thousand relayed rooms, polled every 30 s over TLS with a proof each, cost central: its share of one core. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Db } from '../../src/central/store/store.ts';
import { issueLeaf, makeCa } from '../../src/platform/certificates.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { ConsoleClient } from '../central/support/console-client.ts';
import { pairedPanel } from '../central/support/paired-panel.ts';
import { runCentral, seedRooms } from '../central/support/running-central.ts';
import type { Figures } from './main.ts';
import type { FromGraph, ToGraph } from './relay-graph.ts';
import type { FromRelayPanels, ToRelayPanels } from './relay-panels.ts';
import { percentile, round } from './support.ts';

const ROOMS = 1000;
const POLL_EVERY_MS = 30_000;

export async function relay(): Promise<Figures> {
  const clock = makeSystemClock();
  const ca = await makeCa('Lintel bench CA', clock);
  const leaf = await issueLeaf(ca, ['localhost', '127.0.0.1'], clock);
  const [graph, panels] = [child('relay-graph.ts'), child('relay-panels.ts')];
  const { port } = await ask<ToGraph, FromGraph, 'serving'>(
    graph,
    { kind: 'serve', key: leaf.key, cert: leaf.chain },
    'serving',
  );
  const { panels: made } = await ask<ToRelayPanels, FromRelayPanels, 'made'>(
    panels,
    { kind: 'make', count: ROOMS },
    'made',
  );
  const running = await runCentral({ clock, seed: db => seed(db, made) });
  try {
    const admin = new ConsoleClient(running.fetch, running.url);
    await admin.login();
    await connect(admin, `https://localhost:${port}`, ca.cert);
    await ask(panels, { kind: 'connect', url: running.url, ca: running.central.caPem }, 'connected');
    // Connections are opened and the code is warm before anything is measured.
    await ask(panels, { kind: 'poll', overMs: POLL_EVERY_MS / 3 }, 'polled');
    await new Promise(resolve => setTimeout(resolve, 11_000));
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    const polling: ToRelayPanels = { kind: 'poll', overMs: POLL_EVERY_MS };
    const polled = await ask<ToRelayPanels, FromRelayPanels, 'polled'>(panels, polling, 'polled');
    const spent = process.cpuUsage(cpu);
    const share = (spent.user + spent.system) / 1000 / (performance.now() - began);
    if (polled.failed > 0) throw new Error(`${polled.failed} of ${ROOMS} polls were not answered`);
    return {
      relayCpuPercent: { value: round(share * 100), limit: 15, unit: '% of a core' },
      relayReadP99: { value: percentile(polled.tookMs, 0.99), limit: 1000, unit: 'ms' },
    };
  } finally {
    for (const one of [graph, panels]) one.disconnect();
    await running.stop();
  }
}

async function seed(db: Db, panels: readonly { id: string; boot: string }[]): Promise<void> {
  await seedRooms(...panels.map((_, n) => `Room-${n}`))(db);
  const rows = panels.map(({ id, boot }, n) => pairedPanel(id, `room-${n}`, { boot }));
  for (let from = 0; from < rows.length; from += 500) {
    await db
      .insertInto('panels')
      .values(rows.slice(from, from + 500))
      .execute();
  }
}

/** An application, for whom nobody has to sign in. */
async function connect(admin: ConsoleClient, base: string, extraCa: string): Promise<void> {
  const settings = {
    name: 'Bench',
    serverType: 'office-365-graph',
    signIn: 'app-secret',
    authority: base,
    graphBase: base,
    tenantId: 'tenant',
    clientId: 'client',
    clientSecret: 'secret',
    clientSecretExpires: null,
    certificate: null,
    serviceAccount: null,
    defaultZone: 'Europe/Oslo',
    extraCa,
    access: 'relay',
  };
  for (const [method, path] of [
    ['PUT', '/server-settings/default'],
    ['POST', '/server-settings/default/token'],
  ] as const) {
    const answer = await admin.send(method, path, method === 'PUT' ? settings : undefined);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`);
  }
}

const child = (name: string) => fork(join(import.meta.dirname, name), { execArgv: [] });

function ask<To extends object, From extends { kind: string }, Kind extends From['kind']>(
  process: ChildProcess,
  message: To,
  kind: Kind,
): Promise<Extract<From, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    process.once('message', (answer: From) => {
      if (answer.kind === kind) resolve(answer as Extract<From, { kind: Kind }>);
      else reject(new Error(JSON.stringify(answer)));
    });
    process.send(message);
  });
}
