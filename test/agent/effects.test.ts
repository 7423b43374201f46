import * as v from 'valibot';
import { expect, it } from 'vitest';
import { makeEffects } from '../../src/agent/effects.ts';
import type { PanelPorts } from '../../src/agent/panel-ports.ts';
import type { Fetch, MachineReport } from '../../src/agent/ports.ts';
import { DiagnosticsReport } from '../../src/contract/wire/panel.ts';
import { diagnosticsOf } from '../../src/core/diagnostics.ts';
import type { Deed, EffectId } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import { pairedCore } from '../core/harness.ts';
import { at, config, meeting, PANEL } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = at('2026-11-20T12:00:00Z');

const machineReport = (log: string[] = []): MachineReport => ({
  os: 'Linux 6',
  arch: 'x64',
  node: '24',
  uptime: 5,
  processUptime: 4,
  memory: { total: 4, free: 3, resident: 2, heap: 1 },
  freeDisk: 9,
  log,
});

function world(log: string[] = []) {
  const written: string[] = [];
  const posted: { url: string; body: string }[] = [];
  const told: Happening[] = [];
  const tokensAsked: string[] = [];
  const restarts = { count: 0 };
  const fetch: Fetch = async (url, init) => {
    posted.push({ url, body: init?.body ?? '' });
    if (url.endsWith('/token')) {
      tokensAsked.push(url);
      return Response.json({ kind: 'token', accessToken: `t${tokensAsked.length}`, expires: NOON + 3_600_000 });
    }
    if (url.includes('calendarView')) return Response.json({ value: [] });
    return Response.json({ error: { code: 'x', message: '' } }, { status: 503 });
  };
  const closable = () => ({ fetch, close: async () => {} });
  const ports: PanelPorts = {
    clock: new VirtualClock(NOON),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    files: {
      read: async () => ({ kind: 'absent' }),
      write: async name => {
        written.push(name);
        return { kind: 'written' };
      },
      setAside: async () => {},
      remove: async () => {
        throw new Error('EBUSY');
      },
    },
    identity: {
      panel: PANEL,
      keyStore: 'sealed-file',
      boot: '0'.repeat(32),
      starts: 1,
      mac: null,
      machineId: null,
      hostname: 'panel',
      prove: async () => 'proof',
    },
    agentVersion: '1',
    randomHex: () => '0'.repeat(32),
    dice: () => 0.5,
    found: null,
    wholeUrl: typed => typed,
    probeCa: async () => ({ kind: 'unreachable', detail: '' }),
    pairingWords: () => [],
    isPin: async (_, digits) => {
      if (digits === '666') throw new Error('out of memory');
      return digits === '4711';
    },
    inspectMachine: async () => machineReport(log),
    restart: () => {
      restarts.count++;
    },
    fetchTrusting: closable,
    fetchPublic: closable,
  };
  const effects = makeEffects(ports);
  let id = 0;
  const run = async (deed: Deed) => {
    effects.run({ ...deed, id: ++id as EffectId }, happening => told.push(happening));
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  };
  return { effects, run, written, tokensAsked, restarts, posted, told };
}

it('goes on writing after a file could not be removed, and stops in peace', async () => {
  const { effects, run, written } = world();
  await run({ kind: 'remove-snapshot' });
  await run({ kind: 'write-memory', memory: { central: null, config: null, pinTries: 0 } });
  expect(written).toEqual(['panel.json']);
  await effects.stop();
});

const LINK = { kind: 'open-link', url: 'https://central.example', ca: 'PEM', wantsNewCode: false } as const;
const window = { start: NOON, end: at('2026-11-21T12:00:00Z') };

it('reads on with its token under a new policy, and with a new one for another mailbox', async () => {
  const { effects, run, tokensAsked } = world();
  await run(LINK);
  const read = (wanted: ReturnType<typeof config>) => run({ kind: 'fetch-calendar', config: wanted, window });
  const first = config();
  await read(first);
  await read(first);
  // A thousand panels that get a new theme do not all ask for a token.
  await read(config({ theme: 'dark' }, 2));
  expect(tokensAsked).toHaveLength(1);
  await read(config({}, 3, 'room-2'));
  expect(tokensAsked).toHaveLength(2);
  const elsewhere = {
    ...config({}, 4, 'room-2'),
    access: { kind: 'direct-graph', graphBase: 'https://other' } as const,
  };
  await read(elsewhere);
  expect(tokensAsked).toHaveLength(3);
  await effects.stop();
});

it('asks for a token anew when it was told to forget the one it has', async () => {
  const { effects, run, tokensAsked } = world();
  await run(LINK);
  const same = config();
  await run({ kind: 'fetch-calendar', config: same, window });
  await run({ kind: 'forget-token' });
  await run({ kind: 'fetch-calendar', config: same, window });
  expect(tokensAsked).toHaveLength(2);
  await effects.stop();
});

it('restarts, and checks a PIN; a check that breaks counts as wrong', async () => {
  const { effects, run, restarts, told } = world();
  await run({ kind: 'restart' });
  expect(restarts.count).toBe(1);
  const pin = { salt: '', hash: '' };
  for (const digits of ['4711', '4712', '666']) await run({ kind: 'check-pin', pin, digits });
  expect(told.map(h => h.kind === 'pin-checked' && h.isRight)).toEqual([true, false, false]);
  await effects.stop();
});

it('sends diagnostics that hold what mends it, and no subject, person, token or licence key', async () => {
  const busy = meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T14:00:00Z', {
    title: { kind: 'public', text: 'CANARY-subject' },
    organizer: 'CANARY-organizer',
  });
  const core = pairedCore(NOON).online().listed([busy]);
  const state = { ...core.state, provisionedKey: 'CANARY-key' as never };
  const lines = Array.from({ length: 200 }, (_, i) => `{"event":"line-${i}","detail":"${'"x'.repeat(500)}"}`);
  const { effects, run, posted, tokensAsked } = world(lines);
  await run(LINK);
  await run({ kind: 'fetch-calendar', config: config(), window });
  expect(tokensAsked).toHaveLength(1);
  await run({ kind: 'send-diagnostics', command: 'c1', findings: diagnosticsOf(state, NOON) });
  const sent = posted.find(({ url }) => url.endsWith('/panel/v1/diagnostics'));
  const { command, text } = v.parse(v.pipe(v.string(), v.parseJson(), DiagnosticsReport), sent?.body);
  expect(command).toBe('c1');
  expect(JSON.parse(text)).toMatchObject({
    agentVersion: '1',
    hostname: 'panel',
    keyStore: 'sealed-file',
    machine: { os: 'Linux 6', freeDisk: 9 },
    findings: { screen: 'room', config: { version: 1 } },
  });
  expect(text).toContain('line-199');
  expect(text).not.toContain('line-0"');
  expect(sent?.body.length).toBeLessThan(256 * 1024);
  expect(text).not.toMatch(/CANARY|"t1"/);
  await effects.stop();
});
