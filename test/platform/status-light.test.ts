/** The status light on a directory with the files the kernel would have there. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../../src/agent/ports.ts';
import { MEMORY_FILE, SNAPSHOT_FILE } from '../../src/agent/recall.ts';
import { instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { makeFiles } from '../../src/platform/files.ts';
import { makeLog } from '../../src/platform/log.ts';
import { type LightState, makeStatusLight } from '../../src/platform/status-light.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { openPanel } from '../../src/shell/open-panel.ts';
import { CENTRAL } from '../core/harness.ts';
import { config, meeting, PRIVACY } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

let dir = '';
let clock: VirtualClock;
let logged: string[] = [];
const log: Log = {
  info: event => logged.push(event),
  warn: event => logged.push(event),
  error: event => logged.push(event),
};
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-led-'));
  clock = new VirtualClock(instant(0));
  logged = [];
});
afterEach(async () => {
  expect(clock.armed, 'nothing stays behind').toBe(0);
  await rm(dir, { recursive: true, force: true });
});

async function plugIn(colours = 'red green blue', most = 255) {
  await writeFile(join(dir, 'multi_index'), `${colours}\n`);
  await writeFile(join(dir, 'max_brightness'), `${most}\n`);
  // Some trigger of the system drove it before.
  await writeFile(join(dir, 'brightness'), '77\n');
  await writeFile(join(dir, 'multi_intensity'), '0 0 0\n');
}
const read = async (file: string) => (await readFile(join(dir, file), 'utf8')).trim();
const lit = async () => `${await read('multi_intensity')} at ${await read('brightness')}`;

test.each([
  ['free', '0 255 0 at 255'],
  ['soon', '255 115 0 at 255'],
  ['waiting', '0 0 255 at 255'],
  ['taken', '255 0 0 at 255'],
  ['unknown', '38 38 38 at 255'],
] as const)('%s is shown as %s, and stopping puts it out', async (state, expected) => {
  await plugIn();
  const light = makeStatusLight({ dir, clock, log });
  light.show(state);
  await expect.poll(lit).toBe(expected);
  await light.stop();
  expect(await read('brightness')).toBe('0');
  light.show('taken');
  await light.stop();
  expect(await read('brightness')).toBe('0');
  expect(logged).toEqual([]);
});

test('an LED names its colours in its own order, may lack some, and has its own scale', async () => {
  await plugIn('white blue red', 31);
  const light = makeStatusLight({ dir, clock, log });
  light.show('taken');
  await expect.poll(lit).toBe('0 0 31 at 31');
  light.show('unknown');
  await expect.poll(lit).toBe('5 5 5 at 31');
  await light.stop();
});

test('waiting breathes slowly, never goes dark, and stops with the state', async () => {
  await plugIn();
  const light = makeStatusLight({ dir, clock, log });
  light.show('waiting');
  await expect.poll(lit).toBe('0 0 255 at 255');
  await clock.advance(seconds(1));
  await expect.poll(lit).toBe('0 0 255 at 51');
  await clock.advance(seconds(1));
  await expect.poll(lit).toBe('0 0 255 at 255');
  await clock.advance(seconds(1));
  light.show('taken');
  await expect.poll(lit).toBe('255 0 0 at 255');
  await light.stop();
});

test('the same state again writes nothing', async () => {
  await plugIn();
  const light = makeStatusLight({ dir, clock, log });
  light.show('free');
  await expect.poll(lit).toBe('0 255 0 at 255');
  // Whoever writes here between two changes is seen to be left alone.
  await writeFile(join(dir, 'brightness'), 'untouched');
  light.show('free');
  await clock.advance(seconds(60));
  expect(await read('brightness')).toBe('untouched');
  light.show('taken');
  await expect.poll(lit).toBe('255 0 0 at untouched');
  await light.stop();
});

test('of many changes at once the last one stays', async () => {
  await plugIn();
  const light = makeStatusLight({ dir, clock, log });
  const states: LightState[] = ['free', 'taken', 'waiting', 'off', 'soon', 'taken', 'free'];
  for (const state of states) light.show(state);
  await expect.poll(lit).toBe('0 255 0 at 255');
  await light.stop();
});

test('one that is not there is told once, and found when it is plugged in later', async () => {
  const light = makeStatusLight({ dir, clock, log });
  light.show('waiting');
  for (let i = 0; i < 5; i++) await clock.advance(seconds(1));
  light.show('free');
  await expect.poll(() => logged).toEqual(['status-light-failed']);
  await plugIn();
  light.show('taken');
  await expect.poll(lit).toBe('255 0 0 at 255');
  await light.stop();
  expect(logged).toEqual(['status-light-failed']);
});

test('another one in its place is asked anew what colours it has', async () => {
  await plugIn();
  const light = makeStatusLight({ dir, clock, log });
  light.show('free');
  await expect.poll(lit).toBe('0 255 0 at 255');
  await rm(dir, { recursive: true });
  light.show('taken');
  await expect.poll(() => logged).toEqual(['status-light-failed']);
  await mkdir(dir);
  await plugIn('green red', 15);
  light.show('free');
  await expect.poll(lit).toBe('15 0 at 15');
  await light.stop();
});

test.skipIf(process.getuid?.() === 0)('one that may not be written is told once and stops nobody', async () => {
  await plugIn();
  await chmod(join(dir, 'brightness'), 0o444);
  const light = makeStatusLight({ dir, clock, log });
  for (const state of ['free', 'taken', 'free'] as const) light.show(state);
  await light.stop();
  expect(logged).toEqual(['status-light-failed']);
});

test('a path that is not absolute, and garbage in place of numbers, are refused', async () => {
  for (const wrong of ['leds/status', dir]) {
    logged = [];
    await plugIn('red green blue', Number.NaN);
    const light = makeStatusLight({ dir: wrong, clock, log });
    light.show('free');
    await light.stop();
    expect(logged).toEqual(['status-light-failed']);
    expect(await read('brightness')).toBe('77');
  }
});

test('a panel shows its room on the light it is given, from the snapshot on, and puts it out when it stops', async () => {
  await plugIn();
  const dataDir = await mkdtemp(join(tmpdir(), 'lintel-light-'));
  const now = instant(Date.now());
  const room = config();
  const files = makeFiles(dataDir);
  const meetings = [meeting('m1', plus(now, minutes(-30)), plus(now, minutes(30)))];
  const window = { start: plus(now, minutes(-600)), end: plus(now, minutes(600)) };
  await files.write(MEMORY_FILE, JSON.stringify({ central: { ...CENTRAL, url: 'https://127.0.0.1:9' }, config: room }));
  await files.write(
    SNAPSHOT_FILE,
    JSON.stringify({ room: room.room.id, privacy: PRIVACY, lastRead: now, window, meetings, checkIns: [], held: null }),
  );
  const panel = await openPanel({
    dataDir,
    programDir: dataDir,
    agentVersion: 'test',
    env: { LINTEL_STATUS_LIGHT: dir },
    clock: makeSystemClock(),
    log: makeLog({ level: 'silent' }),
    keychain: 'off',
  });
  await expect.poll(lit).toBe('255 0 0 at 255');
  await panel.stop();
  expect(await read('brightness')).toBe('0');
  await rm(dataDir, { recursive: true, force: true });
});
