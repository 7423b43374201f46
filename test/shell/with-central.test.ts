/** A panel as it is shipped, headless, and a real central: over TLS, from the first code to the last word. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Panel } from '../../src/agent/start-panel.ts';
import { Intent, type IntentInput } from '../../src/contract/bridge/intent.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import { MacAddress } from '../../src/contract/values/ids.ts';
import { Diagnostics, NewVersion, Policies, type PolicyInput, RoomRow } from '../../src/contract/wire/console.ts';
import { makeLog } from '../../src/platform/log.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { openPanel } from '../../src/shell/open-panel.ts';
import { ConsoleClient } from '../central/support/console-client.ts';
import { type RunningCentral, runCentral, seedRooms } from '../central/support/running-central.ts';

let running: RunningCentral;
let admin: ConsoleClient;
let panel: Panel;
let dir = '';
const lines: string[] = [];
const view = () => panel.agent.view();
const tap = (input: IntentInput) => panel.agent.intend(v.parse(Intent, input));
const shows = (what: Partial<Record<keyof View, unknown>>) => expect.poll(view, { timeout: 5000 }).toMatchObject(what);
const room = { screen: { kind: 'room', view: { room: { id: 'oslo' } } } };

/** Saves the general settings whole, and answers how long it took to be on the glass, in milliseconds. */
async function save(values: PolicyInput['values'], isThere: (shown: View) => boolean) {
  const { version } = await admin.ask('GET', '/policies', Policies);
  const before = performance.now();
  const shown = new Promise<number>(resolve => {
    const stop = panel.agent.subscribe(now => {
      if (!isThere(now)) return;
      stop();
      resolve(performance.now() - before);
    });
  });
  await admin.ask('PUT', '/policies', NewVersion, { scope: { kind: 'general' }, values, basedOn: version });
  return shown;
}
const rowOfPanel = async () => (await admin.ask('GET', '/rooms', v.array(RoomRow))).find(row => row.panel)?.panel;

beforeAll(async () => {
  running = await runCentral({ seed: seedRooms('Oslo', 'Bergen') });
  admin = new ConsoleClient(running.fetch, running.url);
  await admin.login();
  await admin.send('POST', '/licence-keys', { count: 3, note: '' });
  dir = await mkdtemp(join(tmpdir(), 'lintel-panel-'));
  panel = await openPanel({
    dataDir: dir,
    programDir: dir,
    agentVersion: '9.9.9',
    env: { LINTEL_CENTRAL_URL: running.url },
    clock: makeSystemClock(),
    log: makeLog({ level: 'debug', destination: { write: line => lines.push(line) } }),
    keychain: 'off',
    mac: v.parse(MacAddress, '02:00:00:00:0a:01'),
    machineId: 'a'.repeat(64),
  });
});
afterAll(async () => {
  await panel.stop();
  await running.stop();
  await rm(dir, { recursive: true, force: true });
});

async function approve() {
  await expect
    .poll(() => view().screen, { timeout: 5000 })
    .toMatchObject({ kind: 'pairing', code: expect.any(String) });
  const { screen } = view();
  const code = screen.kind === 'pairing' ? screen.code : null;
  const waiting = (await admin.waiting()).find(row => row.mac === '02:00:00:00:0a:01');
  const answer = await admin.send('POST', `/free-macs/${waiting?.panel}/approve`, {
    room: 'oslo',
    licenceKeyId: null,
    code,
  });
  expect(answer.status, await answer.text()).toBe(204);
  await shows(room);
  return waiting?.panel;
}

test('from its code to a changed setting, a command, a restart and the end of it', { timeout: 25_000 }, async () => {
  const id = await approve();

  // A setting is on the glass before anything is asked for.
  const took = [];
  for (const theme of ['dark', 'light', 'dark'] as const)
    took.push(await save({ theme, pin: { digits: '4711' } }, ({ look }) => look.theme === theme));
  console.log(`saved to shown, over TLS: ${took.map(ms => `${Math.round(ms)} ms`).join(', ')}`);
  expect(Math.max(...took)).toBeLessThan(1000);
  await expect.poll(async () => (await rowOfPanel())?.configVersion).toBe((await rowOfPanel())?.targetVersion);

  expect((await admin.send('POST', `/panels/${id}/identify`)).status).toBe(204);
  await shows({ identify: { name: expect.any(String), detail: 'Oslo · 02:00:00:00:0a:01' } });

  const { text } = await admin.ask('POST', `/panels/${id}/diagnostics`, Diagnostics);
  expect(JSON.parse(text)).toMatchObject({
    agentVersion: '9.9.9',
    mac: '02:00:00:00:0a:01',
    machine: { node: process.versions.node, freeDisk: expect.any(Number) },
    findings: { screen: 'room', standing: 'paired' },
  });
  expect(JSON.parse(text).log.length).toBeGreaterThan(0);

  // The same panel after its restart, in the same room.
  expect((await admin.send('POST', `/panels/${id}/restart`)).status).toBe(204);
  await expect.poll(() => lines.filter(line => line.includes('restart-asked')).length).toBe(1);
  await shows(room);
  await expect.poll(async () => (await admin.send('POST', `/panels/${id}/identify`)).status).toBe(204);
  await shows({ identify: { name: expect.any(String) } });

  // The PIN of the policy, and nothing else, opens the service page.
  tap({ kind: 'open-service', id: '1', pin: '0000' });
  await shows({ service: { kind: 'asking', isChecking: false, problem: { kind: 'wrong' } } });
  tap({ kind: 'open-service', id: '2', pin: '4711' });
  await shows({ service: { kind: 'open', canLeave: true, agentVersion: '9.9.9' } });
  tap({ kind: 'close-service', id: '3' });

  const before = performance.now();
  expect((await admin.send('POST', `/panels/${id}/revoke`)).status).toBe(204);
  await shows({ screen: { kind: 'revoked' } });
  expect(performance.now() - before).toBeLessThan(1000);
  // Nothing on its glass lets it in again; an admin does.
  tap({ kind: 'ask-new-code', id: '4' });
  await shows({ screen: { kind: 'revoked' } });
  expect((await admin.send('POST', `/panels/${id}/unpair`)).status).toBe(204);
  expect(await approve()).toBe(id);

  // Taken away by who knows the PIN; the identity stays, and so does its pairing.
  tap({ kind: 'open-service', id: '5', pin: '4711' });
  await shows({ service: { kind: 'open' } });
  tap({ kind: 'leave-central', id: '6' });
  await shows({ screen: { kind: 'find-central', url: running.url }, service: null });
  tap({ kind: 'enter-central', id: '7', url: running.url });
  await shows(room);
  expect(lines.join('')).not.toContain('4711');
});
