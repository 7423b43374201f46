import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Intent, type IntentInput } from '../../src/contract/bridge/intent.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { openPanel, type PanelOptions } from '../../src/shell/open-panel.ts';
import { makeQuietLog } from './support/quiet-log.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-panel-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const { log, events } = makeQuietLog();
const options = (machineId: string | null): PanelOptions => ({
  dataDir: dir,
  programDir: join(dir, 'nowhere'),
  agentVersion: '0.1.0',
  env: {},
  clock: makeSystemClock(),
  log,
  keychain: 'off',
  mac: null,
  machineId,
});
const open = (machineId: string | null) => openPanel(options(machineId));
const intent = (input: IntentInput) => v.parse(Intent, input);

test('a panel opens, one at a time per directory, and closes', async () => {
  const panel = await open('a'.repeat(64));
  const views: View[] = [];
  const unsubscribe = panel.agent.subscribe(view => views.push(view));
  await expect.poll(() => panel.agent.view().screen.kind).toBe('find-central');
  await expect(open('a'.repeat(64))).rejects.toMatchObject({ kind: 'already-running' });
  unsubscribe();
  await panel.stop();
  await (await open('a'.repeat(64))).stop();
});

test('a panel that is asked to starts anew, on the same data, and whoever listens goes on listening', async () => {
  let restarts = 0;
  const panel = await openPanel({ ...options('a'.repeat(64)), onRestart: () => restarts++ });
  const views: View[] = [];
  panel.agent.subscribe(view => views.push(view));
  await expect.poll(() => panel.agent.view().screen.kind).toBe('find-central');
  const before = await readFile(join(dir, 'identity'), 'utf8');
  panel.agent.intend(intent({ kind: 'open-service', id: '1', pin: null }));
  expect(panel.agent.view().service?.kind).toBe('open');
  panel.agent.intend(intent({ kind: 'restart', id: '2' }));
  // Nobody is there for the second of two taps.
  panel.agent.intend(intent({ kind: 'restart', id: '3' }));
  await expect.poll(() => restarts).toBe(1);
  await expect.poll(() => panel.agent.view()).toMatchObject({ screen: { kind: 'find-central' }, service: null });
  expect(views.some(view => view.screen.kind === 'starting')).toBe(true);
  expect(views.map(view => view.seq)).toEqual(views.map(view => view.seq).toSorted((a, b) => a - b));
  expect(new Set(views.map(view => view.seq)).size).toBe(views.length);
  const starts = (text: string) => Number(/"starts":(\d+)/.exec(text)?.[1]);
  const panelOf = (text: string) => /"panel":"([^"]+)"/.exec(text)?.[1];
  const after = await readFile(join(dir, 'identity'), 'utf8');
  expect(panelOf(after)).toBe(panelOf(before));
  expect(starts(after)).toBeGreaterThan(starts(before));
  panel.agent.intend(intent({ kind: 'open-service', id: '4', pin: null }));
  expect(panel.agent.view().service?.kind).toBe('open');
  await panel.stop();
  await (await open('a'.repeat(64))).stop();
});

test('a panel that is stopped while it starts anew is stopped for good', async () => {
  let restarts = 0;
  const panel = await openPanel({ ...options('a'.repeat(64)), onRestart: () => restarts++ });
  panel.agent.intend(intent({ kind: 'open-service', id: '1', pin: null }));
  panel.agent.intend(intent({ kind: 'restart', id: '2' }));
  await panel.stop();
  expect(restarts).toBe(0);
  await (await open('a'.repeat(64))).stop();
});

test('a key that cannot be had is told on the glass, and the panel stops cleanly', async () => {
  await (await open('a'.repeat(64))).stop();
  const panel = await open(null);
  expect(panel.agent.view().screen).toMatchObject({ kind: 'find-central', problem: 'key-store-unusable' });
  expect(events).toContain('key-store-unusable');
  await panel.stop();
  await (await open('a'.repeat(64))).stop();
});
