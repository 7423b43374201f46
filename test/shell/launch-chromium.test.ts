import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../../src/agent/ports.ts';
import type { Clock } from '../../src/contract/values/clock.ts';
import { type Duration, instant, milliseconds, seconds } from '../../src/contract/values/time.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { findChromium, hasDisplay } from '../../src/shell/chromium/find-chromium.ts';
import { type Launched, launchChromium } from '../../src/shell/chromium/launch-chromium.ts';
import { type LoopbackShell, startLoopbackShell } from '../../src/shell/chromium/loopback-shell.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { makeFakeAgent } from './support/fake-agent.ts';
import { makeQuietLog } from './support/quiet-log.ts';

let dir = '';
let launched: Launched | null = null;
const shells: LoopbackShell[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-chromium-'));
});
afterEach(async () => {
  await launched?.stop();
  launched = null;
  for (const shell of shells.splice(0)) await shell.stop();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

/** A stand-in for Chromium: a shell script that notes its start and its process group. */
async function fakeBrowser(body: string): Promise<string> {
  const path = join(dir, 'browser');
  await writeFile(path, `#!/bin/sh\necho "$$ $*" >> '${dir}/starts'\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}
async function starts(): Promise<string[]> {
  const text = await readFile(join(dir, 'starts'), 'utf8').catch(() => '');
  return text.split('\n').filter(line => line !== '');
}
function groupOf(start: string | undefined): number[] {
  const leader = Number(start?.split(' ')[0]);
  const found = spawnSync('ps', ['-o', 'pid=,stat=', '--sort=pid', '-g', String(leader)], { encoding: 'utf8' });
  return found.stdout
    .split('\n')
    .filter(line => line.trim() !== '' && !line.includes('Z'))
    .map(line => Number.parseInt(line, 10));
}
/** Real time, a hundred times as fast. */
function hurriedClock(): Clock {
  const clock = makeSystemClock();
  const began = clock.now();
  return {
    now: () => instant(began + (clock.now() - began) * 100),
    after: (delay, task) => clock.after(milliseconds(delay / 100), task),
  };
}
const common = () => ({ url: 'http://127.0.0.1:1/x/', userDataDir: join(dir, 'profile'), isHeard: () => true });

test('a browser that dies is started again, later each time; five deaths in a row are called a crash loop', async () => {
  const clock = new VirtualClock(instant(0));
  const waits: Duration[] = [];
  const loops: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (event, fields) => event === 'chromium-died' && waits.push(milliseconds(Number(fields?.againIn))),
    error: event => loops.push(event),
  };
  launched = await launchChromium({ ...common(), binary: await fakeBrowser('exit 3'), log, clock });
  for (let deaths = 1; deaths <= 7; deaths++) {
    await expect.poll(() => waits.length).toBe(deaths);
    expect(await starts()).toHaveLength(deaths);
    await clock.advance(milliseconds((waits.at(-1) ?? 0) - 1));
    expect(await starts()).toHaveLength(deaths);
    if (deaths < 7) await clock.advance(milliseconds(1));
  }
  expect(loops).toEqual(['chromium-crash-loop']);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(seconds(15));
  await launched.stop();
  await clock.advance(seconds(60));
  expect(await starts()).toHaveLength(7);
  expect(clock.armed).toBe(0);
});

test('it runs as a kiosk on our address, and stopping ends it with its children', async () => {
  const clock = makeSystemClock();
  const { log } = makeQuietLog();
  const binary = await fakeBrowser('sleep 1000 & sleep 1000 & wait');
  launched = await launchChromium({ ...common(), binary, log, clock });
  await expect.poll(async () => groupOf((await starts())[0]).length).toBe(3);
  const [start = ''] = await starts();
  for (const flag of [
    '--kiosk',
    '--app=http://127.0.0.1:1/x/',
    `--user-data-dir=${join(dir, 'profile')}`,
    '--no-first-run',
  ]) {
    expect(start).toContain(flag);
  }
  expect(start.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
  await launched.stop();
  expect(groupOf(start)).toEqual([]);
});

test('one that ignores being asked is ended all the same', async () => {
  const { log } = makeQuietLog();
  const binary = await fakeBrowser("trap '' TERM\nwhile :; do sleep 0.1; done");
  launched = await launchChromium({ ...common(), binary, log, clock: hurriedClock() });
  await expect.poll(async () => (await starts()).length).toBe(1);
  const [start] = await starts();
  await launched.stop();
  expect(groupOf(start)).toEqual([]);
});

test('a browser whose page is not listening is started anew', async () => {
  const { log, events } = makeQuietLog();
  let isHeard = true;
  const binary = await fakeBrowser('exec sleep 1000');
  launched = await launchChromium({ ...common(), binary, log, clock: hurriedClock(), isHeard: () => isHeard });
  await new Promise(resolve => setTimeout(resolve, 600));
  expect(events).toEqual(expect.not.arrayContaining(['chromium-page-lost']));
  isHeard = false;
  await expect.poll(() => events).toContain('chromium-page-lost');
  isHeard = true;
  await expect.poll(async () => (await starts()).length).toBe(2);
});

test('a window that was asked to comes back, though it closes as if somebody had closed it', async () => {
  const { log } = makeQuietLog();
  const binary = await fakeBrowser("trap 'exit 0' TERM\nwhile :; do sleep 0.05; done");
  launched = await launchChromium({ ...common(), binary, log, clock: hurriedClock(), isKiosk: false });
  await expect.poll(async () => (await starts()).length).toBe(1);
  const [first] = await starts();
  launched.restart();
  await expect.poll(async () => (await starts()).length).toBe(2);
  expect(groupOf(first)).toEqual([]);
  const second = (await starts())[1];
  // Closed by somebody, it stays closed.
  process.kill(Number(second?.split(' ')[0]), 'SIGTERM');
  await expect.poll(() => groupOf(second)).toEqual([]);
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(await starts()).toHaveLength(2);
});

test('a missing binary is a death like any other', async () => {
  const clock = new VirtualClock(instant(0));
  const { log, events } = makeQuietLog();
  launched = await launchChromium({ ...common(), binary: join(dir, 'nowhere'), log, clock });
  await expect.poll(() => events).toContain('chromium-died');
});

test('LINTEL_CHROMIUM decides, and a display is needed', async () => {
  const binary = await fakeBrowser('exit 0');
  expect(await findChromium({ LINTEL_CHROMIUM: binary })).toBe(binary);
  expect(await findChromium({ LINTEL_CHROMIUM: join(dir, 'nowhere') })).toBeNull();
  expect([hasDisplay({}), hasDisplay({ DISPLAY: ':0' }), hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' })]).toEqual([
    false,
    true,
    true,
  ]);
  const { log, events } = makeQuietLog();
  await mkdir(join(dir, 'pages'));
  await writeFile(join(dir, 'pages', 'index.html'), 'page');
  const { agent } = makeFakeAgent();
  const options = { agent, pagesDir: join(dir, 'pages'), port: 0, log, clock: makeSystemClock(), userDataDir: dir };
  const shell = await startLoopbackShell({ ...options, launch: true, env: { LINTEL_CHROMIUM: binary } });
  expect([shell.window, events]).toEqual(['no-display', ['no-window']]);
  await shell.stop();
});

const chromium = await findChromium(process.env);
test.skipIf(chromium === null)(
  'a real Chromium shows the page under our CSP, hears views and sends an intent; killed, it comes back; a leftover is ended',
  { timeout: 40_000 },
  async () => {
    const pagesDir = join(dir, 'pages');
    await mkdir(pagesDir);
    await writeFile(
      join(pagesDir, 'index.html'),
      '<!doctype html><title>t</title><script type="module" src="./main.js"></script><script>document.title = "inline"</script>',
    );
    await writeFile(join(pagesDir, 'main.js'), PAGE);
    const fake = makeFakeAgent();
    const { log, events } = makeQuietLog();
    const start = () =>
      startLoopbackShell({
        agent: fake.agent,
        pagesDir,
        port: 0,
        log,
        clock: makeSystemClock(),
        launch: true,
        userDataDir: join(dir, 'profile'),
        env: { ...process.env, DISPLAY: ':none' },
        extraArguments: ['--headless=new', '--disable-gpu', '--disable-quic'],
      });
    const shell = await start();
    shells.push(shell);
    const ids = () => fake.intents.map(intent => intent.id);
    await expect.poll(ids, { timeout: 15_000 }).toContain('seq-1');
    fake.show(2);
    await expect.poll(ids).toContain('seq-2');
    // The page reports what its policy stopped; its inline script never ran.
    await expect
      .poll(() =>
        ids()
          .filter(id => id.startsWith('csp-'))
          .sort(),
      )
      .toEqual(['csp-connect-src', 'csp-require-trusted-types-for', 'csp-require-trusted-types-for']);
    expect(ids()).toEqual(expect.arrayContaining(['sink-blocked', 'eval-blocked', 'title-t']));

    const [pid] = chromiumsOf(join(dir, 'profile'));
    if (pid === undefined) throw new Error('no Chromium');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => fake.intents.filter(intent => intent.id === 'seq-2').length, { timeout: 15_000 }).toBe(2);
    expect(events).toContain('chromium-died');

    // A second agent on the same profile, as after a kill -9 of the first: it ends the other's browser and has its own.
    const second = await start();
    shells.push(second);
    await expect
      .poll(() => fake.intents.filter(intent => intent.id === 'seq-2').length, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(3);
    expect(events).toContain('chromium-leftover-ended');
    await shell.stop();
    await second.stop();
    expect(chromiumsOf(join(dir, 'profile'))).toEqual([]);
  },
);

function chromiumsOf(profile: string): number[] {
  const found = spawnSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return found.stdout
    .split('\n')
    .filter(line => line.includes(`--user-data-dir=${profile}`) && !/^\s*\d+\s+Z/.test(line))
    .map(line => Number.parseInt(line, 10));
}

const PAGE = `
const send = id => fetch('./bridge/intent', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'Lintel-Panel': '1' },
  body: JSON.stringify({ kind: 'ask-new-code', id }),
});
document.addEventListener('securitypolicyviolation', event => send('csp-' + event.effectiveDirective));
new EventSource('./bridge/stream').addEventListener('view', event => send('seq-' + JSON.parse(event.data).seq));
send('title-' + document.title);
try { eval('1'); } catch { send('eval-blocked'); }
fetch('http://127.0.0.1:9/').catch(() => {});
try { document.body.innerHTML = '<b>x</b>'; } catch { send('sink-blocked'); }
`;
