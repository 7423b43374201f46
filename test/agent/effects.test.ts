import { expect, it } from 'vitest';
import { makeEffects } from '../../src/agent/effects.ts';
import type { PanelPorts } from '../../src/agent/panel-ports.ts';
import type { Deed, EffectId } from '../../src/core/effects.ts';
import { at, config, PANEL } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = at('2026-11-20T12:00:00Z');

function world() {
  const written: string[] = [];
  const tokensAsked: string[] = [];
  const fetch = async (url: string) => {
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
    fetchTrusting: closable,
    fetchPublic: closable,
  };
  const effects = makeEffects(ports);
  let id = 0;
  const run = async (deed: Deed) => {
    effects.run({ ...deed, id: ++id as EffectId }, () => {});
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
  };
  return { effects, run, written, tokensAsked };
}

it('goes on writing after a file could not be removed, and stops in peace', async () => {
  const { effects, run, written } = world();
  await run({ kind: 'remove-snapshot' });
  await run({ kind: 'write-memory', memory: { central: null, config: null } });
  expect(written).toEqual(['panel.json']);
  await effects.stop();
});

it('reads under a new config with a new token: the old one may be of another tenant', async () => {
  const { effects, run, tokensAsked } = world();
  await run({ kind: 'open-link', url: 'https://central.example', ca: 'PEM', wantsNewCode: false });
  const window = { start: NOON, end: at('2026-11-21T12:00:00Z') };
  const first = config();
  await run({ kind: 'fetch-calendar', config: first, window });
  await run({ kind: 'fetch-calendar', config: first, window });
  expect(tokensAsked).toHaveLength(1);
  await run({ kind: 'fetch-calendar', config: config({}, 2), window });
  expect(tokensAsked).toHaveLength(2);
  await effects.stop();
});
