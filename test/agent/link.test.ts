/** What comes down the stream, as the core hears it. */
import { expect, it } from 'vitest';
import { CentralClient } from '../../src/agent/central-client.ts';
import { runLink } from '../../src/agent/link.ts';
import type { Fetch, Identity } from '../../src/agent/ports.ts';
import { WIRE_VERSION } from '../../src/contract/wire/panel.ts';
import type { EffectId } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import { at, config, PANEL } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const EFFECT = 1 as EffectId;
const PAIRED = { kind: 'paired', panel: PANEL, configVersion: 2, grant: null };
const LABELS = { keyStore: 'sealed-file', boot: '0'.repeat(32), starts: 1, mac: null, machineId: null } as const;
const identity: Identity = { panel: PANEL, ...LABELS, hostname: 'panel', prove: async () => 'proof' };
const event = (name: string, data: unknown) =>
  `event: ${name}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** Central says this and ends the stream, or refuses it with `status`. */
async function listen(said: string[], status = 200, enrolled: unknown = PAIRED) {
  const heard: Happening[] = [];
  const warned: string[] = [];
  const fetch: Fetch = async url => {
    if (url.endsWith('/enrol')) return Response.json(enrolled);
    if (status !== 200) return Response.json({ error: { code: 'revoked', message: '' } }, { status });
    // Cut where it hurts: in the middle of a character of two bytes.
    const bytes = new TextEncoder().encode(said.join(''));
    const parts = [bytes.slice(0, 1001), bytes.slice(1001)];
    return new Response(new ReadableStream({ pull: c => (parts[0] ? c.enqueue(parts.shift()) : c.close()) }));
  };
  await runLink({
    client: new CentralClient('https://central.example', fetch, identity),
    clock: new VirtualClock(at('2026-11-20T12:00:00Z')),
    enrolment: { wireVersion: WIRE_VERSION, agentVersion: '1', ...LABELS, hostname: 'panel', wantsNewCode: false },
    effect: EFFECT,
    signal: new AbortController().signal,
    log: { info: () => {}, warn: name => warned.push(name), error: () => {} },
    dispatch: happening => heard.push(happening),
  });
  return { heard, warned, pushed: heard.filter(h => h.kind === 'config-pushed').map(h => h.result) };
}

it('hears that the calendar may have changed', async () => {
  const { heard, warned } = await listen([event('hint', { room: 'room-1' }), event('hint', {})]);
  expect(heard.filter(h => h.kind === 'calendar-hinted')).toEqual([{ kind: 'calendar-hinted', effect: EFFECT }]);
  expect(warned).toHaveLength(1);
});

it('hears states, configs and commands, in order, and that it ended', async () => {
  const whole = config({ helpContact: 'Åse i resepsjonen, ø' }, 2);
  const command = { id: 'c1', kind: 'identify' };
  const { heard } = await listen([event('config', whole), event('state', PAIRED), event('command', command)]);
  expect(heard.map(h => h.kind)).toEqual([
    'link-opened',
    'panel-state-received',
    'config-pushed',
    'panel-state-received',
    'command-received',
    'link-closed',
  ]);
  expect(heard[2]).toEqual({ kind: 'config-pushed', effect: EFFECT, result: { kind: 'config', config: whole } });
  expect(heard[4]).toEqual({ kind: 'command-received', effect: EFFECT, command });
});

it('refuses a config it cannot use by its version, tells which field, and not what stood there', async () => {
  const bad = { ...config({}, 7), policy: { ...config().policy, pin: 'CANARY' } };
  const { pushed } = await listen([event('config', bad)]);
  expect(pushed).toEqual([{ kind: 'unusable', version: 7, why: expect.stringContaining('policy.pin') }]);
  expect(JSON.stringify(pushed)).not.toContain('CANARY');
});

it('takes no notice of what it does not know, but of what comes after it', async () => {
  const { heard, warned, pushed } = await listen([
    event('config', { policy: {} }),
    event('config', '{"half'),
    event('state', { kind: 'promoted' }),
    event('command', { id: '1', kind: 'explode' }),
    event('weather', {}),
    event('config', config({}, 3)),
  ]);
  expect(pushed).toMatchObject([{ kind: 'config', config: { version: 3 } }]);
  expect(heard).toHaveLength(4);
  expect(warned).toHaveLength(4);
});

it('that is refused to a revoked panel ends, after it was told', async () => {
  const { heard } = await listen([], 403, { kind: 'revoked', panel: PANEL });
  expect(heard).toMatchObject([
    { kind: 'link-opened' },
    { kind: 'panel-state-received', state: { kind: 'revoked' } },
    { kind: 'link-closed' },
  ]);
});
