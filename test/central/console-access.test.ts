import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hours, minutes } from '../../src/contract/values/time.ts';
import { ConsoleClient } from './support/console-client.ts';
import { ADMIN, type RunningCentral, runCentral } from './support/running-central.ts';

let running: RunningCentral;
const newClient = () => new ConsoleClient(running.fetch, running.url);
const WRONG = { ...ADMIN, password: 'wrong' };

async function loggedIn(): Promise<ConsoleClient> {
  // Whatever an earlier test did to the throttle is over.
  await running.clock.advance(hours(2));
  const client = newClient();
  expect((await client.login()).status).toBe(204);
  return client;
}

beforeAll(async () => {
  running = await runCentral();
});
afterAll(() => running.stop());

test('everything behind the log-in asks for it', async () => {
  const client = newClient();
  for (const path of [
    '/session',
    '/overview',
    '/set-up',
    '/server-settings',
    '/rooms',
    '/licence-keys',
    '/free-macs',
    '/policies',
    '/policies/history',
    '/stream',
  ]) {
    expect((await client.send('GET', path)).status).toBe(401);
  }
  for (const [method, path] of [
    ['POST', '/password'],
    ['PUT', '/set-up'],
    ['PUT', '/server-settings/default'],
    ['POST', '/server-settings/default/token'],
    ['DELETE', '/server-settings/default/token'],
    ['POST', '/licence-keys'],
    ['PUT', '/policies'],
    ['POST', '/policies/roll-back'],
  ] as const) {
    expect((await client.send(method, path, {})).status).toBe(401);
  }
});

test('the session cookie is locked down, new with every log-in, and dead after logging out', async () => {
  const client = await loggedIn();
  const answer = await newClient().login();
  const [cookie] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-lintel=[A-Za-z0-9_-]{43};/);
  for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part);
  expect(await (await client.send('GET', '/session')).json()).toEqual({ username: 'admin' });

  const secret = client.cookies.get('__Host-lintel') ?? '';
  await client.login();
  expect(client.cookies.get('__Host-lintel')).not.toBe(secret);
  const old = newClient();
  old.cookies.set('__Host-lintel', secret);
  expect((await old.send('GET', '/session')).status).toBe(401);

  const kept = client.cookieHeader();
  expect((await client.send('POST', '/logout')).status).toBe(204);
  const answerAfter = await running.fetch(`${running.url}/console/api/v1/session`, { headers: { cookie: kept } });
  expect(answerAfter.status).toBe(401);
  // The database knows only the hash.
  const database = await readFile(join(running.dataDir, 'central.db-wal'));
  expect(database.includes(secret)).toBe(false);
});

test('a session idles out after 30 minutes, and ends after eight hours of use', async () => {
  const idle = await loggedIn();
  await running.clock.advance(minutes(29));
  expect((await idle.send('GET', '/session')).status).toBe(200);
  await running.clock.advance(minutes(29));
  expect((await idle.send('GET', '/session')).status).toBe(200);
  await running.clock.advance(minutes(30));
  expect((await idle.send('GET', '/session')).status).toBe(401);

  const busy = await loggedIn();
  for (let passed = 0; passed < 460; passed += 20) {
    await running.clock.advance(minutes(20));
    expect((await busy.send('GET', '/session')).status).toBe(200);
  }
  await running.clock.advance(minutes(20));
  expect((await busy.send('GET', '/session')).status).toBe(401);
});

describe('a change that another site may have sent', () => {
  let visitor: ConsoleClient;
  beforeAll(async () => {
    visitor = await loggedIn();
  });

  test.each([
    ['without our header', { 'lintel-console': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as text', { 'content-type': 'text/plain' }],
  ])('a change %s is refused although the cookie is good', async (_name, headers: Record<string, string>) => {
    const client = visitor;
    const answer = await client.send('POST', '/licence-keys', { count: 1, note: '' }, headers);
    expect(answer.status).toBe(403);
    expect(await (await client.send('GET', '/licence-keys')).json()).toEqual([]);
  });

  test('a change from our own origin passes', async () => {
    const client = visitor;
    const headers = { origin: running.url, 'sec-fetch-site': 'same-origin' };
    expect((await client.send('POST', '/licence-keys', { count: 1, note: '' }, headers)).status).toBe(200);
  });
});

test('wrong passwords and unknown names look alike, take alike, and slow down', async () => {
  await loggedIn();
  const client = newClient();
  const time = async (login: typeof ADMIN) => {
    const before = performance.now();
    const answer = await client.login(login);
    return { took: performance.now() - before, status: answer.status, text: await answer.text() };
  };
  const wrong = await time(WRONG);
  const unknown = await time({ username: 'nobody', password: 'wrong' });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(unknown.text).toBe(wrong.text);
  expect(unknown.took).toBeGreaterThan(wrong.took / 3);

  await client.login(WRONG);
  await client.login(WRONG);
  const slowed = await client.login(ADMIN);
  expect(slowed.status).toBe(429);
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  // The name nobody has is slowed just the same.
  for (let n = 0; n < 2; n++) await client.login({ username: 'nobody', password: 'wrong' });
  expect((await client.login({ username: 'nobody', password: 'wrong' })).status).toBe(429);
  await running.clock.advance(minutes(6));
  expect((await client.login()).status).toBe(204);
});

test('parallel guesses count before any of them is answered', async () => {
  await loggedIn();
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await newClient().login(WRONG)).status));
  expect(statuses.filter(status => status === 401).length).toBeLessThanOrEqual(3);
});

test('pages come with a strict policy, compressed, and are not fetched twice', async () => {
  const page = await running.fetch(`${running.url}/console/`);
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain('unsafe');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const etag = page.headers.get('etag') ?? '';
  const again = await running.fetch(`${running.url}/console/`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  const script = await running.fetch(`${running.url}/console/assets/main-Ab12Cd34.js`);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(await script.text()).toContain('filler');
  expect((await running.fetch(`${running.url}/console/../secret.key`)).status).toBe(404);
  expect((await running.fetch(`${running.url}/console/%2e%2e/secret.key`)).status).toBe(404);
  const root = await running.fetch(`${running.url}/`);
  expect([root.status, root.headers.get('location')]).toEqual([302, '/console/']);
  expect(await (await running.fetch(`${running.url}/health`)).json()).toMatchObject({ ok: true });
});

test('a page hears of changes, at once and then at most every second', async () => {
  const client = await loggedIn();
  const abort = new AbortController();
  const stream = await running.fetch(`${running.url}/console/api/v1/stream`, {
    headers: { cookie: client.cookieHeader() },
    isStream: true,
    signal: abort.signal,
  });
  const events: string[] = [];
  void (async () => {
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return;
      events.push(...(part.value.match(/^data: .*$/gm) ?? []));
    }
  })().catch(() => {});
  await running.clock.advance(minutes(1));
  for (let n = 0; n < 5; n++) await client.send('POST', '/licence-keys', { count: 1, note: '' });
  await expect.poll(() => events).toEqual(['data: "licence-keys"']);
  await running.clock.advance(minutes(1));
  await expect.poll(() => events).toEqual(['data: "licence-keys"', 'data: "licence-keys"']);
  abort.abort();
});

test('a refused body is named by its field, never by its content', async () => {
  const client = await loggedIn();
  const answer = await client.send('PUT', '/server-settings/default', { clientSecret: 12345678901 });
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toContain('12345678901');
});
