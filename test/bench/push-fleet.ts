/** A real central with a fleet of paired panels, each in its own room and on its own stream, and an admin who saves. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Db } from '../../src/central/store/store.ts';
import type { PolicyValues } from '../../src/contract/values/policy.ts';
import { NewVersion, Policies } from '../../src/contract/wire/console.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { ConsoleClient } from '../central/support/console-client.ts';
import { pairedPanel } from '../central/support/paired-panel.ts';
import { type RunningCentral, runCentral, seedRooms } from '../central/support/running-central.ts';
import type { FromPanels, ToPanels } from './push-panels.ts';

/** Milliseconds from the moment the admin saved until each panel had parsed the new configuration. */
export type Push = { latencies: number[]; bytes: number };

/** Panels parse their configurations on machines of their own; here two processes share the work of all of them. */
const PROCESSES = 2;

export class PushFleet {
  readonly running: RunningCentral;
  readonly admin: ConsoleClient;
  readonly #children: readonly ChildProcess[];

  private constructor(running: RunningCentral, admin: ConsoleClient, children: readonly ChildProcess[]) {
    this.running = running;
    this.admin = admin;
    this.#children = children;
  }

  /** `count`: an even number of panels. */
  static async start(count: number): Promise<PushFleet> {
    const program = join(import.meta.dirname, 'push-panels.ts');
    const children = Array.from({ length: PROCESSES }, () => fork(program, { execArgv: [] }));
    const made = await askAll(children, { kind: 'make', count: count / PROCESSES }, 'made');
    const panels = made.flatMap(answer => answer.panels);
    const running = await runCentral({ clock: makeSystemClock(), seed: db => seedFleet(db, panels) });
    const admin = new ConsoleClient(running.fetch, running.url);
    await admin.login();
    await askAll(children, { kind: 'connect', url: running.url, ca: running.central.caPem }, 'connected');
    return new PushFleet(running, admin, children);
  }

  /** Saves general settings, all there are, and waits until every panel has them. */
  async push(values: PolicyValues): Promise<Push> {
    const { version } = await this.admin.ask('GET', '/policies', Policies);
    const input = { scope: { kind: 'general' }, values, basedOn: version };
    const began = Number(process.hrtime.bigint()) / 1e6;
    const saved = await this.admin.ask('PUT', '/policies', NewVersion, input);
    const arrived = await askAll(this.#children, { kind: 'await-version', version: saved.version }, 'arrived');
    const latencies = arrived.flatMap(({ at }) => at.map(arrival => arrival - began));
    return { latencies, bytes: arrived.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  async stop(): Promise<void> {
    const ended = this.#children.map(child => new Promise(resolve => child.once('exit', resolve)));
    for (const child of this.#children) child.disconnect();
    await Promise.all(ended);
    await this.running.stop();
  }
}

type Answer<Kind> = Extract<FromPanels, { kind: Kind }>;

function askAll<Kind extends FromPanels['kind']>(children: readonly ChildProcess[], message: ToPanels, kind: Kind) {
  return Promise.all(children.map(child => ask(child, message, kind)));
}

function ask<Kind extends FromPanels['kind']>(
  child: ChildProcess,
  message: ToPanels,
  kind: Kind,
): Promise<Answer<Kind>> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: FromPanels) => {
      if (answer.kind !== kind && answer.kind !== 'broke') return;
      child.off('message', onMessage);
      if (answer.kind === 'broke') reject(new Error(answer.detail));
      else resolve(answer as Answer<Kind>);
    };
    child.on('message', onMessage);
    child.send(message);
  });
}

async function seedFleet(db: Db, panels: readonly { id: string; boot: string }[]): Promise<void> {
  await seedRooms(...panels.map((_, n) => `Room-${n}`))(db);
  const rows = panels.map(({ id, boot }, n) => pairedPanel(id, `room-${n}`, { boot }));
  for (let from = 0; from < rows.length; from += 500) {
    await db
      .insertInto('panels')
      .values(rows.slice(from, from + 500))
      .execute();
  }
}
