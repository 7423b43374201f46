/**
 * The demo behind central's DEMO page. Two ways to it: `lintel demo` runs central, tenant and panel beside one another and
 * tells central of the other two; a central that runs alone starts both itself when an admin turns the demo on.
 *
 *   off(problem) -> starting -> on -> off      attached: always on
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Files } from '../agent/ports.ts';
import type { DemoHands, DemoMaker, DemoPort } from '../central/demo-port.ts';
import { type Refusal, refused } from '../central/fleet/refusal.ts';
import type { Log } from '../central/ports.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { DemoAction, DemoStatus } from '../contract/wire/console.ts';
import { makeFiles } from '../platform/files.ts';
import { AdminClient } from './admin-client.ts';
import { type Child, startChild } from './children.ts';
import { addDemo, DemoMade, pairDemoPanel, removeDemo } from './demo-admin.ts';
import { type DemoParts, PanelReady, TenantReady } from './demo-parts.ts';
import { type DemoPlay, makeDemoPlay } from './demo-play.ts';

const ZONE = 'Europe/Oslo';
const MADE_FILE = 'made.json';
const LEFT_OVER =
  'Central was restarted while the demo was on. Turn it on again, or remove what is left of it: its server settings, rooms and panel.';
/** A demo's parts have no business with what central itself was given, its database least of all. */
const NOT_THEIRS = {
  LINTEL_PORT: '',
  LINTEL_DATA_DIR: '',
  LINTEL_PUBLIC_URL: '',
  LINTEL_DATABASE_URL: '',
  LINTEL_SECRET_KEY_FILE: '',
  LINTEL_ADMIN_PASSWORD: '',
  LINTEL_LICENCE_KEYS: '',
  LINTEL_DEMO: '',
};

type Phase =
  | { kind: 'off'; problem: string | null }
  | { kind: 'starting' }
  | { kind: 'on'; play: DemoPlay; end(): Promise<void> };
type Options = { dataDir: string; clock: Clock; log: Log };

/** Somebody else runs the parts; `parts` calls back once they are known. */
export const attachedDemo =
  (parts: (found: (parts: DemoParts) => void) => void, clock: Clock): DemoMaker =>
  hands => {
    let play: DemoPlay | null = null;
    parts(found => {
      play = makeDemoPlay(found, hands, clock);
      hands.changed();
    });
    const ends = () =>
      Promise.resolve(refused('demo-attached', 'This is lintel demo: it ends when that command ends.'));
    return {
      status: () => play?.status() ?? Promise.resolve({ kind: 'starting' }),
      turnOn: () => Promise.resolve(null),
      turnOff: ends,
      act: (action, session) => play?.act(action, session) ?? Promise.resolve(notOn()),
      panelPage: () => play?.panelPage() ?? null,
      isUnplugged: panel => play?.isUnplugged(panel) ?? false,
      stop: async () => play?.close(),
    };
  };

/** Tenant and panel are started as children of this process. */
export const ownDemo =
  (options: Options): DemoMaker =>
  hands =>
    new OwnDemo(hands, options);

const notOn = () => refused('demo-off', 'The demo is not on.');

class OwnDemo implements DemoPort {
  readonly #hands: DemoHands;
  readonly #options: Options;
  readonly #files: Files;
  #phase: Phase = { kind: 'off', problem: null };

  constructor(hands: DemoHands, options: Options) {
    this.#hands = hands;
    this.#options = options;
    this.#files = makeFiles(options.dataDir);
  }

  async status(): Promise<DemoStatus> {
    if (this.#phase.kind === 'on') return this.#phase.play.status();
    if (this.#phase.kind === 'off' && this.#phase.problem === null && (await this.#made()) !== null) {
      return { kind: 'off', problem: LEFT_OVER };
    }
    return this.#phase;
  }

  async turnOn(session: string): Promise<null> {
    if (this.#phase.kind !== 'off') return null;
    this.#enter({ kind: 'starting' });
    try {
      this.#enter(await this.#start(session));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#options.log.error('demo-not-started', { detail: problem });
      this.#enter({ kind: 'off', problem });
    }
    return null;
  }

  /** Also when it is off already: an earlier demo may have left something in central. */
  async turnOff(session: string): Promise<Refusal | null> {
    if (this.#phase.kind === 'starting') return refused('demo-starting', 'The demo is still starting.');
    const end = this.#phase.kind === 'on' ? this.#phase.end : null;
    this.#enter({ kind: 'off', problem: null });
    await end?.();
    const made = await this.#made();
    if (made === null) return null;
    await this.#asAdmin(session, admin => removeDemo(admin, made));
    await this.#files.remove(MADE_FILE);
    // Its identity was revoked: the next demo's panel is another one.
    await rm(join(this.#options.dataDir, 'panel'), { recursive: true, force: true });
    this.#hands.changed();
    return null;
  }

  act(action: DemoAction, session: string): Promise<Refusal | null> {
    return this.#phase.kind === 'on' ? this.#phase.play.act(action, session) : Promise.resolve(notOn());
  }

  panelPage = () => (this.#phase.kind === 'on' ? this.#phase.play.panelPage() : null);
  isUnplugged: DemoPort['isUnplugged'] = panel => this.#phase.kind === 'on' && this.#phase.play.isUnplugged(panel);

  async stop(): Promise<void> {
    if (this.#phase.kind === 'on') await this.#phase.end();
    this.#phase = { kind: 'off', problem: null };
  }

  #enter(phase: Phase) {
    this.#phase = phase;
    this.#hands.changed();
  }

  async #start(session: string): Promise<Phase & { kind: 'on' }> {
    const { dataDir, clock, log } = this.#options;
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    let made: DemoMade = (await this.#made()) ?? { connection: '', panel: null, keys: [] };
    const keep = async (part: Partial<DemoMade>) => {
      made = { ...made, ...part };
      await this.#files.write(MADE_FILE, JSON.stringify(made));
    };
    const children: Child[] = [];
    const endChildren = async () => void (await Promise.all(children.toReversed().map(child => child.stop())));
    const begin = async (name: string, args: string[], env: Record<string, string>) => {
      const child = await startChild(
        [name, '--port', '0', '--data-dir', join(dataDir, name), ...args],
        { ...NOT_THEIRS, LINTEL_LOG_LEVEL: 'error', ...env },
        () => log.warn('demo-part-ended', { part: name }),
      );
      children.push(child);
      return child.ready;
    };
    try {
      const tenant = v.parse(TenantReady, await begin('tenant', ['--zone', ZONE], {}));
      const tenantCa = await readFile(tenant.caFile, 'utf8');
      const known = made.connection === '' ? null : made.connection;
      await this.#asAdmin(session, admin =>
        addDemo(admin, known, tenant, tenantCa, ZONE, connection => keep({ connection })),
      );
      const env = { LINTEL_CENTRAL_URL: this.#hands.url, LINTEL_KEYCHAIN: 'off' };
      const panel = v.parse(PanelReady, await begin('panel', ['--shell', 'none'], env));
      await this.#asAdmin(session, admin =>
        pairDemoPanel(admin, panel.panel, tenant.room, (id, key) => keep({ panel: id, keys: [...made.keys, key] })),
      );
      const { control, room } = tenant;
      const parts: DemoParts = { kind: 'demo-parts', control, tenantCa, room, panel: panel.panel, zone: ZONE };
      const play = makeDemoPlay(parts, this.#hands, clock);
      const end = async () => {
        await play.close();
        await endChildren();
      };
      return { kind: 'on', play, end };
    } catch (error) {
      await endChildren();
      throw error;
    }
  }

  /** What a demo made in this central and nobody removed yet. */
  async #made(): Promise<DemoMade | null> {
    const read = await this.#files.read(MADE_FILE);
    const made = v.safeParse(v.pipe(v.string(), v.parseJson(), DemoMade), read.kind === 'read' ? read.text : '');
    return made.success && made.output.connection !== '' ? made.output : null;
  }

  async #asAdmin<T>(session: string, work: (admin: AdminClient) => Promise<T>): Promise<T> {
    const admin = AdminClient.withSession(this.#hands.url, this.#hands.caPem, session);
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }
}
