import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { View } from '../../src/contract/bridge/view.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { openPanel } from '../../src/shell/open-panel.ts';
import { makeQuietLog } from './support/quiet-log.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-panel-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const { log, events } = makeQuietLog();
const open = (machineId: string | null) =>
  openPanel({
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

test('a key that cannot be had is told on the glass, and the panel stops cleanly', async () => {
  await (await open('a'.repeat(64))).stop();
  const panel = await open(null);
  expect(panel.agent.view().screen).toMatchObject({ kind: 'find-central', problem: 'key-store-unusable' });
  expect(events).toContain('key-store-unusable');
  await panel.stop();
  await (await open('a'.repeat(64))).stop();
});
