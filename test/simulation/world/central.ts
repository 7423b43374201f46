/**
 * As much of central as panels see: contract/wire/panel.ts, without its store and its console. Its relay is the real one.
 * Proofs are plain text here, told apart by their number, so that no work leaves this thread.
 */

import * as v from 'valibot';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { ConfigVersion, type PanelConfig } from '../../../src/contract/values/config.ts';
import type { PanelId } from '../../../src/contract/values/ids.ts';
import type { OfferedRoom } from '../../../src/contract/values/room.ts';
import { seconds } from '../../../src/contract/values/time.ts';
import { type PanelState, type RoomsOnOffer, WIRE_VERSION } from '../../../src/contract/wire/panel.ts';
import type { Answer, Reply, Request, Wire } from './network.ts';
import type { Tenant } from './tenant.ts';

export const CENTRAL = 'https://central.sim';
const COMMENT_EVERY = seconds(15);

export type Access = PanelConfig['access']['kind'];
export type Managed = { name: string; id: PanelId; config: PanelConfig };
export type CentralOptions = {
  clock: Clock;
  tenant: Tenant;
  panels: readonly Managed[];
  /** Every room of the connection, in order of nearness. */
  rooms: readonly OfferedRoom[];
  /** Answers `/panel/v1/calendar/...` for this panel. */
  relay: (panel: Managed, path: string, body: string, grant: string) => Promise<Answer>;
  configured: (panel: Managed) => void;
  story: (line: () => string) => void;
};

export class Central {
  readonly #options: CentralOptions;
  readonly #panels: Map<string, Managed>;
  readonly #streams = new Map<string, Set<Wire>>();
  readonly #proofs = new Set<string>();
  #nonce = 1;
  #version = 1;
  #grant = 1;
  #token: ReturnType<Tenant['newToken']> | null = null;
  isUp = true;

  constructor(options: CentralOptions) {
    this.#options = options;
    this.#panels = new Map(options.panels.map(panel => [panel.name, panel]));
    for (const panel of options.panels) options.configured(panel);
  }

  /** Its process ends: streams break, and what it remembered of proofs and tokens is gone. */
  goDown() {
    this.isUp = false;
    this.#options.story(() => 'central goes down');
    for (const wires of this.#streams.values()) for (const wire of [...wires]) wire.end();
    this.#streams.clear();
    this.#proofs.clear();
    this.#token = null;
  }

  comeUp() {
    this.isUp = true;
    this.#nonce++;
    this.#options.story(() => 'central is up');
  }

  /** The console's switch between direct and relay. */
  switchAccess(access: PanelConfig['access']) {
    this.#options.story(() => `central switches to ${access.kind}`);
    this.#version++;
    this.#grant++;
    for (const panel of this.#panels.values()) {
      panel.config = { ...panel.config, version: v.parse(ConfigVersion, this.#version), access };
      this.#options.configured(panel);
      this.#push(panel.name, 'config', panel.config);
      this.#push(panel.name, 'state', this.#stateOf(panel));
    }
  }

  /** Somebody took the connection's tokens away, and it got new ones. */
  renewGrant() {
    this.#options.tenant.revokeTokens();
    this.#token = null;
    this.#grant++;
    for (const panel of this.#panels.values()) this.#push(panel.name, 'state', this.#stateOf(panel));
  }

  hint(room: string) {
    for (const { name, config } of this.#panels.values()) {
      if (config.room.address === room) this.#push(name, 'hint', { room: config.room.id });
    }
  }

  /** The connection's own token, for the relay. */
  token(isRefused: boolean) {
    const { clock, tenant } = this.#options;
    if (isRefused || this.#token === null || clock.now() + seconds(120) > this.#token.expires) {
      this.#token = tenant.newToken(seconds(600));
    }
    return this.#token;
  }

  serve = async (from: string, { method, url, headers, body }: Request): Promise<Reply | 'died' | null> => {
    if (!this.isUp) return null;
    const panel = this.#panels.get(from);
    const { pathname } = new URL(url);
    const path = pathname.replace(/^\/panel\/v1/, '');
    if (!panel) return this.#error(403, 'not-paired');
    if (path === '/hello') return this.#json({ product: 'lintel-central', wireVersion: WIRE_VERSION });
    const proof = headers.DPoP ?? '';
    if (proof.split(' ')[3] !== `n${this.#nonce}`) return this.#error(401, 'use_dpop_nonce');
    if (this.#proofs.has(proof)) return this.#error(401, 'invalid_dpop_proof');
    this.#proofs.add(proof);
    switch (`${method} ${path}`) {
      case 'POST /enrol':
      case 'GET /state':
        return this.#json(this.#stateOf(panel));
      case 'GET /config':
        return this.#json(panel.config);
      case 'POST /token':
        return this.#json(this.#tokenFor(panel, body ?? ''));
      case 'GET /rooms':
        return this.#json(this.#roomsFor(panel));
      case 'POST /report':
        return this.#answer(204, '');
      case 'GET /stream':
        return { headers: this.#headers('text/event-stream'), open: wire => this.#listen(panel, wire) };
    }
    if (!path.startsWith('/calendar/')) return this.#error(404, 'unknown');
    if (panel.config.access.kind !== 'relay') return this.#error(409, 'not-relayed');
    const life = this.#nonce;
    const answer = await this.#options.relay(panel, path.slice('/calendar'.length), body ?? '', `g${this.#grant}`);
    if (!this.isUp || life !== this.#nonce) return 'died';
    return { ...answer, headers: { ...this.#headers('application/json'), ...answer.headers } };
  };

  #tokenFor({ config }: Managed, body: string) {
    if (config.access.kind === 'relay') return { kind: 'none', why: 'relayed', detail: '' };
    const { isRefused } = v.parse(v.pipe(v.string(), v.parseJson(), v.object({ isRefused: v.boolean() })), body);
    return { kind: 'token', ...this.token(isRefused) };
  }

  #roomsFor({ config }: Managed): RoomsOnOffer {
    const rooms = this.#options.rooms.filter(room => room.id !== config.room.id);
    return { equipment: [], rooms };
  }

  #stateOf({ id, config }: Managed): PanelState {
    const grant = config.access.kind === 'relay' ? null : `g${this.#grant}`;
    return { kind: 'paired', panel: id, configVersion: config.version, grant };
  }

  #listen(panel: Managed, wire: Wire): Stop {
    const { clock } = this.#options;
    const wires = this.#streams.get(panel.name) ?? new Set();
    this.#streams.set(panel.name, wires.add(wire));
    wire.write(event('config', panel.config) + event('state', this.#stateOf(panel)));
    let disarm: Stop = () => {};
    const tick = () => {
      disarm = clock.after(COMMENT_EVERY, () => {
        if (!wires.has(wire)) return;
        wire.write(': still here\n\n');
        tick();
      });
    };
    tick();
    return () => {
      disarm();
      wires.delete(wire);
    };
  }

  #push(name: string, kind: string, value: unknown) {
    for (const wire of this.#streams.get(name) ?? []) wire.write(event(kind, value));
  }

  #headers = (type: string) => ({
    'content-type': type,
    date: new Date(this.#options.clock.now()).toUTCString(),
    'dpop-nonce': `n${this.#nonce}`,
  });
  #answer = (status: number, text: string): Answer => ({ status, headers: this.#headers('application/json'), text });
  #json = (value: unknown) => this.#answer(200, JSON.stringify(value));
  #error = (status: number, code: string) => this.#answer(status, JSON.stringify({ error: { code, message: '' } }));
}

const event = (kind: string, value: unknown) => `event: ${kind}\ndata: ${JSON.stringify(value)}\n\n`;
