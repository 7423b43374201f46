/** A central under attack: makes the victims, and can tell whether an attack left a line anywhere. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { expect } from 'vitest';
import { minutes } from '../../../src/contract/values/time.ts';
import { LicenceKeyRow, NewLicenceKeys } from '../../../src/contract/wire/console.ts';
import { ConsoleClient } from './console-client.ts';
import { PanelClient } from './panel-client.ts';
import { type RunningCentral, runCentral, seedRooms } from './running-central.ts';

export type Waiting = PanelClient & { mac: string; code: string };
const ROOMS = 200;

export class Arena {
  readonly running: RunningCentral;
  readonly admin: ConsoleClient;
  readonly #audit: Database.Database;
  readonly #panels: PanelClient[] = [];
  /** Attacks that were found held. */
  held = 0;
  #rooms = 0;
  #macs = 0;
  #mark = 0;

  private constructor(running: RunningCentral) {
    this.running = running;
    this.admin = new ConsoleClient(running.fetch, running.url);
    this.#audit = new Database(join(running.dataDir, 'central.db'), { readonly: true });
  }

  static async open(): Promise<Arena> {
    const names = Array.from({ length: ROOMS }, (_, n) => `Room${n}`);
    const arena = new Arena(await runCentral({ seed: seedRooms(...names) }));
    await arena.admin.login();
    await arena.admin.send('POST', '/licence-keys', { count: 300, note: '' });
    return arena;
  }

  async close(): Promise<void> {
    this.#audit.close();
    await this.running.stop();
  }

  /** So far that limits on lines and tries are full again, and every nonce is of the past. */
  async nextCase(): Promise<void> {
    await this.running.clock.advance(minutes(11));
    for (const panel of this.#panels) panel.nonce = null;
    // Using the session keeps it; it ends after some hours all the same.
    if ((await this.admin.send('GET', '/session')).status === 401) await this.admin.login();
  }

  mark(): void {
    this.#mark = this.#lines();
  }

  /** Since the mark it was noticed, and none of these got in by it. */
  async expectHeld(...intruders: PanelClient[]): Promise<void> {
    expect(this.#lines()).toBeGreaterThan(this.#mark);
    for (const intruder of intruders) {
      intruder.nonce = null;
      const config = await intruder.send('GET', '/panel/v1/config');
      const token = await intruder.send('POST', '/panel/v1/token', { isRefused: false });
      for (const { status } of [config, token]) expect([401, 403]).toContain(status);
    }
    this.held++;
  }

  room(): string {
    return `room${this.#rooms++ % ROOMS}`;
  }
  mac(): string {
    const hex = (++this.#macs).toString(16).padStart(6, '0');
    return `02:00:00:${hex.match(/../g)?.join(':')}`;
  }

  async stranger(): Promise<PanelClient> {
    return this.keep(await PanelClient.make(this.running.fetch, this.running.url));
  }
  keep<T extends PanelClient>(panel: T): T {
    this.#panels.push(panel);
    return panel;
  }

  async waiting(more: Record<string, unknown> = {}): Promise<Waiting> {
    const panel = await this.stranger();
    const mac = this.mac();
    const state = await panel.enrol({ mac, machineId: `machine ${mac}`, ...more });
    if (state.kind !== 'awaiting-approval') throw new Error(state.kind);
    return Object.assign(panel, { mac, code: state.code });
  }

  async paired(room = this.room()): Promise<Waiting & { room: string }> {
    const panel = await this.waiting();
    const approval = { room, licenceKeyId: null, code: panel.code };
    const answer = await this.admin.send('POST', `/free-macs/${panel.id}/approve`, approval);
    if (!answer.ok) throw new Error(await answer.text());
    return Object.assign(panel, { room });
  }

  async rejected(): Promise<Waiting> {
    const panel = await this.waiting();
    await this.admin.send('POST', `/free-macs/${panel.id}/reject`);
    return panel;
  }

  async revoked(): Promise<Waiting> {
    const panel = await this.paired();
    await this.admin.send('POST', `/panels/${panel.id}/revoke`);
    return panel;
  }

  /** Paired, and then found in two places. */
  async torn(): Promise<Waiting> {
    const panel = await this.paired();
    const copy = panel.startedAgain();
    await copy.enrol({ mac: panel.mac, machineId: `machine ${panel.mac}` });
    await panel.state();
    return panel;
  }

  async key(): Promise<{ id: string; key: string }> {
    const [made] = (await this.admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' })).keys;
    if (made === undefined) throw new Error('no key was made');
    return made;
  }
  async keyInUse(): Promise<string> {
    const [panel, made] = [await this.waiting(), await this.key()];
    const approval = { room: this.room(), licenceKeyId: made.id, code: null };
    await this.admin.send('POST', `/free-macs/${panel.id}/approve`, approval);
    return made.key;
  }
  async keyRevoked(): Promise<string> {
    const made = await this.key();
    await this.admin.ask('POST', `/licence-keys/${made.id}/revoke`, LicenceKeyRow);
    return made.key;
  }

  async register(...rows: string[]): Promise<unknown> {
    const csv = `mac,room,licence key,code\n${rows.join('\n')}`;
    const answer = await this.admin.ask('POST', '/registrations/import', v.unknown(), { csv, isDryRun: false });
    return answer;
  }

  typeKey(panel: PanelClient, key: string, room: string | null = null): Promise<Response> {
    return panel.send('POST', '/panel/v1/licence', { key, room });
  }

  #lines(): number {
    const row = this.#audit.prepare('select count(*) as n from audit').get();
    return v.parse(v.object({ n: v.number() }), row).n + this.running.log.length;
  }
}

/** A no by its status, or a refusal in words. */
export async function expectNo(answer: Response): Promise<void> {
  if (!answer.ok) return expect([400, 401, 403, 404, 409, 411, 413, 426, 429]).toContain(answer.status);
  expect(await answer.json()).toMatchObject({ kind: 'refused' });
}
