import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { View } from '../../src/contract/bridge/view.ts';
import { CHANNELS } from '../../src/shell/electron/channels.ts';
import { PAGE_URL } from '../../src/shell/guards.ts';
import { CONTENT_SECURITY_POLICY } from '../../src/shell/headers.ts';

/** Electron's main as it is shipped, bundled, run by Node with an Electron made for the test (see fake-electron.mjs). */
const root = join(import.meta.dirname, '../..');
let dir = '';
let app: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-electron-'));
  const bundle = (what: string) =>
    promisify(execFile)(
      process.execPath,
      [
        join(root, 'node_modules/vite/bin/vite.js'),
        'build',
        '--config',
        'build/electron.vite.config.ts',
        '--outDir',
        join(dir, 'dist/electron'),
      ],
      { cwd: root, env: { ...process.env, LINTEL_BUNDLE: what } },
    );
  await Promise.all([bundle('main'), bundle('preload')]);
  await mkdir(join(dir, 'node_modules/electron'), { recursive: true });
  await copyFile(join(import.meta.dirname, 'support/fake-electron.mjs'), join(dir, 'node_modules/electron/index.mjs'));
  await writeFile(join(dir, 'node_modules/electron/package.json'), '{"name":"electron","exports":"./index.mjs"}');
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
  await mkdir(join(dir, 'dist/renderer/panel'), { recursive: true });
  await writeFile(join(dir, 'dist/renderer/panel/index.html'), '<!doctype html>the panel');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function start(env: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(dir, 'data-'));
  const child = fork(join(dir, 'dist/electron/main.js'), {
    env: {
      PATH: process.env.PATH,
      FAKE_APP_PATH: dir,
      FAKE_HOME: dir,
      LINTEL_DATA_DIR: dataDir,
      LINTEL_KEYCHAIN: 'off',
      FAKE_PACKAGED: '1',
      ...env,
    },
    silent: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', part => (output += part));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const pending = new Map<number, (answer: unknown) => void>();
  const boxes: string[] = [];
  child.on('message', message => {
    const parsed = v.parse(
      v.object({ id: v.optional(v.number()), answer: v.optional(v.unknown()), box: v.optional(v.string()) }),
      message,
    );
    if (parsed.box !== undefined) boxes.push(parsed.box);
    if (parsed.id !== undefined) pending.get(parsed.id)?.(parsed.answer);
  });
  let count = 0;
  const ask = (name: string, argument?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++count;
      pending.set(id, resolve);
      child.send({ id, name, argument }, error => error && reject(error));
    });
  return { ask, ended, boxes, child, dataDir, output: () => output };
}
type State = { windows: number; loads: number[]; sent: string[]; preferences: object; kiosk: boolean };
const state = async () => (await app.ask('state')) as State;

beforeEach(async () => {
  app = await start();
  await expect.poll(async () => (await state()).windows, { timeout: 10_000 }).toBe(1);
  return async () => {
    await app.ask('quit').catch(() => undefined);
    expect(await app.ended).toBe(0);
  };
});

test('the window is locked down: items 2, 3, 4, 6, 8, 9, 10 and 11 of the checklist', async () => {
  const { preferences, ...rest } = (await app.ask('state')) as State;
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    devTools: false,
    preload: join(dir, 'dist/electron/preload.cjs'),
  });
  expect(preferences).not.toHaveProperty('enableBlinkFeatures');
  expect(rest).toMatchObject({ url: PAGE_URL, kiosk: true, menu: null, sandboxed: true, isPanelSession: true });
});

test('pages come through our own scheme with the policy, and nothing else does: items 1, 7 and 18', async () => {
  expect(await app.ask('fetch', PAGE_URL)).toEqual({
    status: 200,
    csp: CONTENT_SECURITY_POLICY,
    text: '<!doctype html>the panel',
  });
  for (const url of ['lintel://panel/../../package.json', 'lintel://panel/nothing', 'lintel://other/index.html']) {
    expect(await app.ask('fetch', url)).toMatchObject({ status: 404 });
  }
  expect(await app.ask('request', PAGE_URL)).toEqual({ cancel: false });
  for (const url of ['https://example.com/', 'file:///etc/passwd', 'ws://example.com/']) {
    expect(await app.ask('request', url)).toEqual({ cancel: true });
  }
});

test('no permission, no device, no download, no other window, no other page: items 5, 12, 13 and 14', async () => {
  expect(await app.ask('permission', 'media')).toEqual([false, false, false, false, false, false]);
  for (const name of ['select-hid-device', 'select-usb-device', 'select-serial-port', 'will-download']) {
    expect(await app.ask('sessionEvent', name), name).toBe(true);
  }
  const isPrevented = (name: string, url: string) => app.ask('contentsEvent', { name, url, isMainFrame: true });
  expect(await isPrevented('will-navigate', 'https://example.com/')).toBe(true);
  expect(await isPrevented('will-navigate', PAGE_URL)).toBe(false);
  expect(await app.ask('contentsEvent', { name: 'will-frame-navigate', url: PAGE_URL, isMainFrame: false })).toBe(true);
  for (const name of ['will-redirect', 'will-attach-webview', 'select-bluetooth-device']) {
    expect(await isPrevented(name, PAGE_URL), name).toBe(true);
  }
  expect(await app.ask('open', PAGE_URL)).toEqual({ action: 'deny' });
});

test('only our page is answered, and only with strings: items 17 and 20', async () => {
  const ipc = (channel: string, from: string, payload?: unknown) => app.ask('ipc', { channel, from, payload });
  const [message] = (await ipc(CHANNELS.watch, 'page')) as [string, string][];
  expect(message?.[0]).toBe(CHANNELS.view);
  expect(v.parse(v.pipe(v.string(), v.parseJson(), View), message?.[1]).screen.kind).toBe('find-central');
  for (const from of ['other-window', 'stranger', 'gone']) {
    expect(await ipc(CHANNELS.watch, from), from).toEqual([]);
    await ipc(CHANNELS.intent, from, '{"kind":"ask-new-code","id":"1"}');
  }
  await expect.poll(() => app.output().match(/ipc-from-stranger/g)?.length).toBe(6);
  await ipc(CHANNELS.intent, 'page', '{"kind":"quit"}');
  await expect.poll(() => app.output()).toContain('intent-does-not-parse');
  // An intent changes the view, which comes back by itself.
  const before = (await state()).sent.filter(channel => channel === CHANNELS.view).length;
  await ipc(CHANNELS.intent, 'page', JSON.stringify({ kind: 'enter-central', id: '1', url: 'https://127.0.0.1:9' }));
  await expect
    .poll(async () => (await state()).sent.filter(channel => channel === CHANNELS.view).length)
    .toBeGreaterThan(before);
});

test('a page that crashes is loaded again', async () => {
  expect((await state()).loads).toEqual([1]);
  await app.ask('die');
  await expect.poll(async () => (await state()).loads, { timeout: 3000 }).toEqual([2]);
});

test('the agent knows whether a page is there that answers, and no page is until it has asked for views', async () => {
  const toldIn = (output: string) => [...output.matchAll(/"isThere":(true|false)/g)].map(match => match[1] === 'true');
  const told = () => toldIn(app.output());
  const becomes = (...news: boolean[]) => expect.poll(told, { timeout: 3000 }).toEqual(news);
  const watch = (from: string) => app.ask('ipc', { channel: CHANNELS.watch, from });
  await watch('stranger');
  await app.ask('windowEvent', 'responsive');
  await app.ask('contentsEvent', { name: 'did-start-navigation', isMainFrame: true, isSameDocument: false });
  await watch('page');
  await becomes(true);
  await app.ask('windowEvent', 'unresponsive');
  await becomes(true, false);
  await app.ask('windowEvent', 'responsive');
  await becomes(true, false, true);
  await app.ask('contentsEvent', { name: 'did-start-navigation', isMainFrame: false, isSameDocument: false });
  await app.ask('contentsEvent', { name: 'did-start-navigation', isMainFrame: true, isSameDocument: true });
  await app.ask('die');
  await becomes(true, false, true, false);
  // Loaded again, it has to ask again; a page that hung and died hangs no more.
  await expect.poll(async () => (await state()).loads, { timeout: 3000 }).toEqual([2]);
  expect(toldIn(app.output().split('page-died')[0] ?? '')).toEqual([true, false, true, false]);
  await watch('page');
  await becomes(true, false, true, false, true);
  await app.ask('contentsEvent', { name: 'did-start-navigation', isMainFrame: true, isSameDocument: false });
  await becomes(true, false, true, false, true, false);
});

test('agent and page start anew when the service page asks for it', async () => {
  const ask = (intent: object) =>
    app.ask('ipc', { channel: CHANNELS.intent, from: 'page', payload: JSON.stringify(intent) });
  await ask({ kind: 'open-service', id: '1', pin: null });
  expect((await state()).loads).toEqual([1]);
  await ask({ kind: 'restart', id: '2' });
  await expect.poll(async () => (await state()).loads).toEqual([2]);
  const [message] = (await app.ask('ipc', { channel: CHANNELS.watch, from: 'page' })) as [string, string][];
  const view = v.parse(v.pipe(v.string(), v.parseJson(), View), message?.[1]);
  expect(view).toMatchObject({ screen: { kind: 'find-central' }, service: null });
});

test('a second one on the same data, or an unusable directory, ends with a reason', async () => {
  const second = await start({ FAKE_SECOND: '1' });
  expect(await second.ended).toBe(1);
  const clash = await start({ LINTEL_DATA_DIR: app.dataDir });
  expect(await clash.ended).toBe(1);
  expect(clash.boxes[0]).toMatch(/already uses the data directory.*LINTEL_DATA_DIR/s);
});

test('the preload is one screen, hands out three functions and requires nothing but electron', async () => {
  const bundled = await readFile(join(dir, 'dist/electron/preload.cjs'), 'utf8');
  expect([...bundled.matchAll(/require\(["'](.*?)["']\)/g)].map(match => match[1])).toEqual(['electron']);
  expect(bundled).not.toMatch(/^import /m);
  const source = await readFile(join(root, 'src/shell/electron/preload.ts'), 'utf8');
  expect(source.split('\n').length).toBeLessThanOrEqual(55);
});
