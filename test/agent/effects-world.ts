/** The table of effects before a network that is made up: what was asked of whom, and what the core was told. */
import { makeEffects } from '../../src/agent/effects.ts';
import type { PanelPorts } from '../../src/agent/panel-ports.ts';
import type { Fetch, FileWritten, MachineReport } from '../../src/agent/ports.ts';
import type { Deed, EffectId } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import { at, IDENTITY } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

export const NOON = at('2026-11-20T12:00:00Z');
export type Respond = (url: string, body: string) => Response | null;

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

type Options = { log?: string[]; respond?: Respond; writes?: () => Promise<FileWritten> };

/** `respond` answers instead of the usual; null: as usual. Time stands still, but for `clock`. */
export function effectsWorld({
  log = [],
  respond = () => null,
  writes = async () => ({ kind: 'written' }),
}: Options = {}) {
  const clock = new VirtualClock(NOON);
  const written: string[] = [];
  const posted: { url: string; body: string }[] = [];
  const told: Happening[] = [];
  const tokensAsked: string[] = [];
  const restarts = { count: 0 };
  const fetch: Fetch = async (url, init) => {
    posted.push({ url, body: init?.body ?? '' });
    const answer = respond(url, init?.body ?? '');
    if (answer) return answer;
    if (url.endsWith('/token')) {
      tokensAsked.push(url);
      return Response.json({ kind: 'token', accessToken: `t${tokensAsked.length}`, expires: NOON + 3_600_000 });
    }
    if (url.includes('calendarView')) return Response.json({ value: [] });
    return Response.json({ error: { code: 'x', message: '' } }, { status: 503 });
  };
  const closable = () => ({ fetch, close: async () => {} });
  const ports: PanelPorts = {
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    files: {
      read: async () => ({ kind: 'absent' }),
      write: async name => {
        const result = await writes();
        if (result.kind === 'written') written.push(name);
        return result;
      },
      setAside: async () => {},
      removeSetAside: async () => {},
      remove: async () => {
        throw new Error('EBUSY');
      },
    },
    identity: IDENTITY,
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
  /** As one turn hands them over. */
  const run = async (...deeds: Deed[]) => {
    for (const deed of deeds) effects.run({ ...deed, id: ++id as EffectId }, happening => told.push(happening));
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  };
  return { effects, clock, run, written, tokensAsked, restarts, posted, told };
}

export const LINK = { kind: 'open-link', url: 'https://central.example', ca: 'PEM', wantsNewCode: false } as const;
