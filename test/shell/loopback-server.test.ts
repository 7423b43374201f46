import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, IncomingMessage, request, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { milliseconds, minutes, seconds } from '../../src/contract/values/time.ts';
import { loadStaticFiles } from '../../src/platform/static-files.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { type LoopbackServer, startLoopbackServer } from '../../src/shell/chromium/loopback-server.ts';
import { makeViewStream } from '../../src/shell/chromium/view-stream.ts';
import { CONTENT_SECURITY_POLICY } from '../../src/shell/headers.ts';
import { at } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { makeFakeAgent } from './support/fake-agent.ts';
import { makeQuietLog } from './support/quiet-log.ts';

const clock = makeSystemClock();
const script = 'console.log("panel");\n'.repeat(100);
let dir = '';
let fake = makeFakeAgent();
let server: LoopbackServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-pages-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>panel</title>');
  await writeFile(join(dir, 'assets', 'main-Ab12Cd34.js'), script);
});
afterAll(() => rm(dir, { recursive: true }));

async function start() {
  fake = makeFakeAgent();
  const { log } = makeQuietLog();
  server = await startLoopbackServer({ agent: fake.agent, files: await loadStaticFiles(dir), port: 0, log, clock });
}
beforeEach(async () => {
  await start();
  return () => server.stop();
});

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, server.url), {
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
      agent: false,
    });
    asked.on('error', reject);
    asked.on('response', response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.end(options.body);
  });
}
const intent = JSON.stringify({ kind: 'book', id: 'tap-1', end: 1000 });
const post = (changes: Record<string, string> = {}, body = intent) =>
  ask('bridge/intent', {
    method: 'POST',
    headers: {
      origin: new URL(server.url).origin,
      'content-type': 'application/json',
      'lintel-panel': '1',
      ...changes,
    },
    body,
  });

/** Reads server-sent events until told to stop. */
function listenTo(): Promise<{ seqs: number[]; response: IncomingMessage; raw: () => string }> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL('bridge/stream', server.url), { agent: false }, response => {
      const seqs: number[] = [];
      let text = '';
      let seen = 0;
      response.setEncoding('utf8').on('data', part => {
        text += part;
        for (let end = text.indexOf('\n\n', seen); end >= 0; end = text.indexOf('\n\n', seen)) {
          const data = /^event: view\ndata: (.*)$/.exec(text.slice(seen, end))?.[1];
          if (data !== undefined) seqs.push(JSON.parse(data).seq);
          seen = end + 2;
        }
      });
      response.on('error', () => undefined);
      resolve({ seqs, response, raw: () => text });
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('the page and its files come with every guard, compressed, hashed ones for ever', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
  const page = await ask('');
  expect(page.status).toBe(200);
  expect(page.headers).toMatchObject({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  });
  const asset = await ask('assets/main-Ab12Cd34.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(asset.headers).toMatchObject({
    'content-encoding': 'br',
    'cache-control': expect.stringContaining('immutable'),
  });
  expect(brotliDecompressSync(asset.body).toString()).toBe(script);
  const again = await ask('', { headers: { 'if-none-match': String(page.headers.etag) } });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  expect((await ask('nothing.html')).status).toBe(404);
  expect((await ask('', { method: 'HEAD' })).body).toHaveLength(0);
  expect((await ask('', { method: 'DELETE', headers: { origin: new URL(server.url).origin } })).status).toBe(405);
});

test('without the secret there is nothing, not even an error page', async () => {
  const token = new URL(server.url).pathname.slice(1, -1);
  const wrong = (token.startsWith('0') ? '1' : '0') + token.slice(1);
  for (const path of [
    '/',
    '/index.html',
    `/${wrong}/`,
    `/${token}`,
    `/${token}x/`,
    `/x/${token}/`,
    '/bridge/stream',
    `/%30${token.slice(1)}/`,
  ]) {
    const answer = await ask(path);
    expect([answer.status, answer.body.length], path).toEqual([404, 0]);
  }
});

test('another host name (DNS rebinding) and other sites are turned away', async () => {
  const { port, origin } = new URL(server.url);
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`]) {
    expect((await ask('', { headers: { host } })).status, host).toBe(421);
  }
  expect((await ask('', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask('', { headers: { 'sec-fetch-site': site } })).status, site).toBe(403);
  }
  for (const stranger of ['https://evil.example', 'null', `${origin}.evil.example`, `http://localhost:${port}`]) {
    expect((await post({ origin: stranger })).status, stranger).toBe(403);
  }
  expect(fake.intents).toEqual([]);
});

test('an intent reaches the agent once, parsed; everything else is refused with the reason', async () => {
  expect((await post()).status).toBe(204);
  expect(fake.intents).toEqual([{ kind: 'book', id: 'tap-1', end: 1000 }]);
  expect((await post({ 'lintel-panel': '0' })).status).toBe(403);
  expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post({ 'content-type': 'application/jsonp' })).status).toBe(415);
  expect((await post({ 'content-type': 'application/json; charset=utf-8' })).status).toBe(204);
  const invalid = await post({}, '{"kind":"book","id":"1"}');
  expect([invalid.status, invalid.body.toString()]).toEqual([400, expect.stringContaining('end')]);
  expect((await post({}, '{')).status).toBe(400);
  expect((await post({}, JSON.stringify({ filler: 'x'.repeat(20_000) }))).status).toBe(413);
  expect((await ask('bridge/intent')).status).toBe(405);
  const { origin: _origin, ...withoutOrigin } = { 'content-type': 'application/json', 'lintel-panel': '1', origin: '' };
  expect((await ask('bridge/intent', { method: 'POST', headers: withoutOrigin, body: intent })).status).toBe(403);
  expect(fake.intents).toHaveLength(2);
});

test('views come at once and on every change, to each page; stopping ends them', async () => {
  const [one, two] = [await listenTo(), await listenTo()];
  await expect.poll(() => two.seqs).toEqual([1]);
  fake.show(2);
  fake.show(3);
  await expect
    .poll(() => [one.seqs, two.seqs])
    .toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  expect(server.readers()).toBe(2);
  one.response.destroy();
  await expect.poll(() => server.readers()).toBe(1);
  await server.stop();
  await expect.poll(() => two.response.destroyed).toBe(true);
  expect(fake.listeners.size).toBe(0);
  expect(fake.glass).toEqual([true, false]);
});

test('the agent knows whether a page is there: as long as one reads, and ten seconds more', async () => {
  const time = new VirtualClock(at('2026-11-20T12:00:00Z'));
  const { agent, glass } = makeFakeAgent();
  const stream = makeViewStream(agent, time);
  const open = () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    expect(stream.open(response)).toBe(true);
    return () => response.emit('close');
  };
  expect(glass).toEqual([]);
  const [closeOne, closeTwo] = [open(), open()];
  closeOne();
  await time.advance(minutes(1));
  expect(glass).toEqual([true]);
  closeTwo();
  closeTwo();
  await time.advance(seconds(9));
  // Loaded again; then it is away for good.
  open()();
  await time.advance(milliseconds(9_999));
  expect(glass).not.toContain(false);
  await time.advance(milliseconds(1));
  expect(glass.at(-1)).toBe(false);
  const close = open();
  expect(glass.at(-1)).toBe(true);
  close();
  stream.stop();
  expect([glass.at(-1), time.armed]).toEqual([false, 0]);
});

test('a ninth page is told to wait', async () => {
  const open = [];
  for (let i = 0; i < 8; i++) open.push(await listenTo());
  expect((await ask('bridge/stream')).status).toBe(503);
  for (const reader of open) reader.response.destroy();
});

test('a page that does not read costs one view at most, and gets the newest when it reads again', async () => {
  const slow = await listenTo();
  await expect.poll(() => slow.seqs).toEqual([1]);
  slow.response.pause();
  for (let seq = 2; seq <= 100; seq++) {
    fake.show(seq, 1_000_000);
    await new Promise(resolve => setImmediate(resolve));
  }
  // Had they been kept for it, all would come now.
  slow.response.resume();
  await expect.poll(() => slow.seqs.at(-1), { timeout: 5000 }).toBe(100);
  expect(slow.seqs.length).toBeLessThan(20);
  slow.response.destroy();
});

test('it listens on loopback only', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find(info => info?.family === 'IPv4' && !info.internal)?.address;
  if (outside === undefined) return;
  const outcome = await new Promise(resolve => {
    const socket = connect(Number(new URL(server.url).port), outside);
    socket.on('connect', () => resolve('connected'));
    socket.on('error', () => resolve('refused'));
  });
  expect(outcome).toBe('refused');
});

test('a port in use is named', async () => {
  const { log } = makeQuietLog();
  const port = Number(new URL(server.url).port);
  const second = startLoopbackServer({ agent: fake.agent, files: await loadStaticFiles(dir), port, log, clock });
  await expect(second).rejects.toMatchObject({ kind: 'port-in-use' });
});
