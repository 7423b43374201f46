import * as v from 'valibot';
import { expect, it } from 'vitest';
import { DiagnosticsReport } from '../../src/contract/wire/panel.ts';
import { diagnosticsOf } from '../../src/core/diagnostics.ts';
import { pairedCore } from '../core/harness.ts';
import { at, config, meeting } from '../support/samples.ts';
import { effectsWorld, LINK, NOON } from './effects-world.ts';

it('goes on writing after a file could not be removed, and stops in peace', async () => {
  const { effects, run, written } = effectsWorld();
  await run({ kind: 'remove-snapshot' });
  await run({ kind: 'write-memory', memory: { central: null, config: null, pinTries: 0 } });
  expect(written).toEqual(['panel.json']);
  await effects.stop();
});

const window = { start: NOON, end: at('2026-11-21T12:00:00Z') };

it('reads on with its token under a new policy, and with a new one for another mailbox', async () => {
  const { effects, run, tokensAsked } = effectsWorld();
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
    access: { kind: 'direct-graph', graphBase: 'https://other', inviter: null } as const,
  };
  await read(elsewhere);
  expect(tokensAsked).toHaveLength(3);
  await effects.stop();
});

it('asks for a token anew when it was told to forget the one it has', async () => {
  const { effects, run, tokensAsked } = effectsWorld();
  await run(LINK);
  const same = config();
  await run({ kind: 'fetch-calendar', config: same, window });
  await run({ kind: 'forget-token' });
  await run({ kind: 'fetch-calendar', config: same, window });
  expect(tokensAsked).toHaveLength(2);
  await effects.stop();
});

it('restarts, and checks a PIN; a check that breaks counts as wrong', async () => {
  const { effects, run, restarts, told } = effectsWorld();
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
  const { effects, run, posted, tokensAsked } = effectsWorld({ log: lines });
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
