/** A world in which everything that panels, central and the tenant say to each other is written down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { vi } from 'vitest';
import type { PolicyValues } from '../../../src/contract/values/policy.ts';
import { startTenant } from '../../../src/demo/start-tenant.ts';
import { makeFetch } from '../../../src/platform/http.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { Evidence } from './canary.ts';
import { decorate, isDayOf, type Planted } from './planted.ts';
import { type Answer, type Exchange, startTap, type Tamper, type Tap } from './tap.ts';
import { makeWorld, type World } from './world.ts';

type Spoil = (said: Answer) => Answer;

export type BuggedWorld = World & {
  evidence: Evidence;
  /** Graph speaks of these with all their canaries. */
  planted: Planted[];
  /** What comes with every busy time of getSchedule. */
  scheduleWords: string;
  /** Each spoils one of Graph's answers. */
  spoils: { is(exchange: Exchange): boolean; spoil: Spoil }[];
  /** How often the tenant was asked for this room's day. */
  readsOf(address: string): number;
  /** What was said up to now is not gathered any more. */
  forget(): void;
  /** Spoils the next answers of central's that begin like this; null: lets them pass. */
  spoilCentral: { path: string; spoil: Spoil } | null;
  /** A way to central of a panel's own; what is said on it is kept under this name. */
  lineFor(name: string, room: string): Promise<string>;
  /** Every question the console can ask, and what it hears by itself. */
  askAsConsole(panels: readonly string[]): Promise<void>;
  /** Gathers what has been said and written since. */
  gather(): Promise<void>;
};

/** The demo office on 127.0.0.2, so that its own address is the tap's; both taps speak with the certificates of those behind. */
export async function makeBuggedWorld(policy: PolicyValues): Promise<BuggedWorld> {
  const std = overhear();
  const world = await makeWorld(policy);
  const evidence = new Evidence();
  const tenantTls = await tlsIn(join(world.dir, 'tls'));
  const centralTls = await tlsIn(join(world.dir, 'central'));
  const port = Number(new URL(world.tenant.url).port);
  await world.stopTenant();
  const { key, cert, ca } = tenantTls;
  world.tenant = await startTenant({
    dataDir: join(world.dir, 'tenant'),
    port,
    host: '127.0.0.2',
    clock: makeSystemClock(),
    tls: { key, cert, ca },
  });

  const reads = new Map<string, number>();
  const tamperTenant: Tamper = exchange => {
    if (!exchange.path.startsWith('/v1.0/')) return null;
    const { spoils } = bugged;
    const room = world.rooms.find(({ address }) => isDayOf(exchange, address));
    if (room) reads.set(room.address, bugged.readsOf(room.address) + 1);
    const at = spoils.findIndex(({ is }) => is(exchange));
    const [spoilt] = at < 0 ? [] : spoils.splice(at, 1);
    return said => {
      const whole = decorate(bugged.planted, bugged.scheduleWords, said);
      return spoilt ? spoilt.spoil(whole) : whole;
    };
  };
  const tamperCentral: Tamper = ({ path }) => {
    const { spoilCentral } = bugged;
    return spoilCentral !== null && path.startsWith(spoilCentral.path) ? spoilCentral.spoil : null;
  };
  const toTenant = await startTap({ port, to: { host: '127.0.0.2', port }, tls: tenantTls, tamper: tamperTenant });
  const lines: { name: string; room: string | null; tap: Tap }[] = [];
  const listen = async (name: string, room: string | null) => {
    const to = { host: '127.0.0.1', port: Number(new URL(world.central.url).port) };
    const tap = await startTap({ port: 0, to, tls: centralTls, tamper: tamperCentral });
    lines.push({ name, room, tap });
    return `https://127.0.0.1:${tap.port}`;
  };
  const consoleUrl = await listen('the console', null);
  const console = makeFetch({ trust: { kind: 'only', ca: world.central.caPem } });
  let cookie = '';
  const ask = async (method: string, path: string, body?: unknown, isStream = false) =>
    console.fetch(`${consoleUrl}/console/api/v1${path}`, {
      method,
      headers: { 'lintel-console': '1', 'content-type': 'application/json', cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      isStream,
    });

  const bugged: BuggedWorld = Object.assign(world, {
    evidence,
    planted: [],
    scheduleWords: evidence.canary('what a busy time is for'),
    spoils: [],
    spoilCentral: null,
    readsOf: (address: string) => reads.get(address) ?? 0,
    forget() {
      for (const tap of [toTenant, ...lines.map(line => line.tap)]) tap.forget();
    },
    lineFor: listen,
    async askAsConsole(panels: readonly string[]) {
      if (cookie === '') {
        const entered = await ask('POST', '/login', { username: 'admin', password: 'correct horse battery' });
        cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
        // Written down as it comes; ends with the world.
        await ask('GET', '/stream', undefined, true);
      }
      const today = new Date().toISOString().slice(0, 10);
      const questions = [...QUESTIONS, `GET /rooms/use?date=${today}`];
      for (const question of [...questions, ...panels.map(panel => `POST /panels/${panel}/diagnostics`)]) {
        const [method = '', path = ''] = question.split(' ');
        const answer = await ask(method, path);
        if (!answer.ok) throw new Error(`${question}: ${answer.status} ${await answer.text()}`);
      }
    },
    async gather() {
      for (const { name, room, tap } of lines) {
        for (const { method, path, request, answer } of tap.exchanges) {
          const where = `${name}: ${method} ${path.replace(/\?.*/, '')}`;
          evidence.add(`${where}, asked`, `${path}\n${request}`);
          // The room's own day is what a relay is for; nothing else is.
          evidence.add(`${where}, answered`, answer, path === '/panel/v1/calendar/list' ? room : null);
        }
      }
      for (const { method, path, request } of toTenant.exchanges) {
        // As other people the test itself speaks to the tenant; with our own voice only panels and central do.
        if (!path.startsWith('/control')) evidence.add(`the tenant: asked to ${method}`, `${path}\n${request}`);
      }
      evidence.add("central's log", world.centralLog.join('\n'));
      evidence.add('standard output and error', std.heard.join(''));
      evidence.add("central's tables", await tablesIn(join(world.dir, 'central')));
      await evidence.addDir("central's files", join(world.dir, 'central'));
      for (const message of await world.control('GET', '/messages', Messages)) {
        evidence.add('what organisers are told', message.comment);
      }
    },
  });

  const stopWorld = world.stop;
  bugged.stop = async () => {
    std.stop();
    await console.close();
    await Promise.all([toTenant.stop(), ...lines.map(({ tap }) => tap.stop())]);
    await stopWorld();
  };
  return bugged;
}

const Messages = v.array(v.looseObject({ comment: v.string() }));
const QUESTIONS = [
  'GET /session',
  'GET /overview',
  'GET /set-up',
  'POST /server-settings/default/room-checks',
  'POST /server-settings/default/test',
  'GET /server-settings',
  'GET /server-settings/default',
  'GET /server-settings/default/room-checks',
  'GET /rooms',
  'GET /licence-keys',
  'GET /licence',
  'GET /free-macs',
  'GET /registrations',
  'GET /registrations/export',
  'GET /policies',
  'GET /policies/history',
];

async function tlsIn(dir: string) {
  const [key, cert, ca] = await Promise.all(
    ['server.key', 'server.pem', 'ca.pem'].map(name => readFile(join(dir, name), 'utf8')),
  );
  return { key: key ?? '', cert: cert ?? '', ca: ca ?? '' };
}

/** Every row of every table. */
async function tablesIn(dir: string): Promise<string> {
  const db = new Database(join(dir, 'central.db'), { readonly: true });
  try {
    const names = v.parse(
      v.array(v.object({ name: v.string() })),
      db.prepare("select name from sqlite_master where type = 'table'").all(),
    );
    return names.map(({ name }) => JSON.stringify([name, db.prepare(`select * from "${name}"`).all()])).join('\n');
  } finally {
    db.close();
  }
}

/** What this process, in which central and panels run, writes beside the logs. */
function overhear() {
  const heard: string[] = [];
  const note = (...words: unknown[]) => void heard.push(`${words.map(String).join(' ')}\n`);
  const spies = [
    ...[process.stdout, process.stderr].map(stream => {
      const write = stream.write.bind(stream);
      return vi.spyOn(stream, 'write').mockImplementation((text, ...rest) => {
        note(text);
        return write(text, ...rest);
      });
    }),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map(level =>
      vi.spyOn(globalThis.console, level).mockImplementation(note),
    ),
  ];
  const onWarning = (warning: Error) => note(warning.stack ?? warning.message);
  process.on('warning', onWarning);
  return {
    heard,
    stop: () => {
      process.off('warning', onWarning);
      for (const spy of spies) spy.mockRestore();
    },
  };
}
