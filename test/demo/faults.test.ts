/** Every fault that can be switched on does what it says, where it says, and no longer. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { milliseconds } from '../../src/contract/values/time.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import {
  appToken,
  type GraphClient,
  makeGraphClient,
  ROOM,
  tokenCall,
  userClient,
  utc,
} from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
let accessToken: string;
beforeAll(async () => {
  // The real clock: a slow answer must come by itself.
  test = await startTestTenant({ clock: makeSystemClock() });
  graph = await userClient(test);
  accessToken = await appToken(test);
});
afterEach(() => test.tenant.faults.clear());
afterAll(() => test.stop());

const OTHER = 'kestrel@lintel.example';
const DAY = ['2027-06-01T00:00:00Z', '2027-06-02T00:00:00Z'] as const;
const nine = { subject: 'Walk-up', start: utc('2027-06-01T09:00:00'), end: utc('2027-06-01T09:30:00') };
const look = (room = ROOM) => graph.view(room, ...DAY, '', { isFaulty: true });
const windowQuery = `startDateTime=${DAY[0]}&endDateTime=${DAY[1]}`;
const rawView = async () =>
  test.fetch(`${test.tenant.graph}/v1.0/users/${ROOM}/calendarView?${windowQuery}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
const rawToken = () =>
  test.fetch(`${test.tenant.authority}/${test.tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: test.tenant.clientId,
      client_secret: test.tenant.clientSecret,
      scope: `${test.tenant.graph}/.default`,
    }).toString(),
  });
const token = () =>
  tokenCall(test, {
    grant_type: 'client_credentials',
    client_id: test.tenant.clientId,
    client_secret: test.tenant.clientSecret,
    scope: `${test.tenant.graph}/.default`,
  });

describe('faults', () => {
  it('throttle with the wait exactly as given, for as often as told', async () => {
    test.tenant.faults.add({ kind: 'throttle', retryAfter: '2.128', times: 2 });
    for (let i = 0; i < 2; i++) {
      const reply = await graph.view(ROOM, ...DAY);
      expect([reply.status, reply.headers.get('retry-after'), reply.json.error.code]).toEqual([
        429,
        '2.128',
        'ApplicationThrottled',
      ]);
    }
    expect((await look()).status).toBe(200);
    test.tenant.faults.add({ kind: 'throttle', status: 503, retryAfter: 'Fri, 20 Nov 2026 12:00:00 GMT' });
    const busy = await graph.view(ROOM, ...DAY);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, 'Fri, 20 Nov 2026 12:00:00 GMT']);
  });

  it('strike one mailbox or one method only', async () => {
    test.tenant.faults.add({ kind: 'error', status: 502, mailbox: ROOM });
    expect([(await look()).status, (await look(OTHER)).status]).toEqual([502, 200]);
    test.tenant.faults.clear();
    test.tenant.faults.add({ kind: 'unauthorized', method: 'POST' });
    expect((await look()).status).toBe(200);
    const refused = await graph.post(`/users/${ROOM}/events`, nine);
    expect([refused.status, refused.json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('slow an answer down', async () => {
    test.tenant.faults.add({ kind: 'slow', ms: 150 });
    const before = performance.now();
    expect((await look()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it('drop the connection before anything is done', async () => {
    test.tenant.faults.add({ kind: 'drop', method: 'POST', times: 1 });
    await expect(graph.post(`/users/${ROOM}/events`, nine)).rejects.toThrow();
    expect((await look()).json.value).toEqual([]);
  });

  it('lose the reply after everything was done; the same key then makes no second event', async () => {
    test.tenant.faults.add({ kind: 'lost-reply', method: 'POST', times: 1 });
    const send = () => graph.post(`/users/${ROOM}/events`, { ...nine, transactionId: 'lintel-lost' });
    await expect(send()).rejects.toThrow();
    const [stored] = (await look()).json.value;
    expect(stored.transactionId).toBe('lintel-lost');
    const again = await send();
    expect([again.status, again.json.id]).toEqual([201, stored.id]);
    expect((await look()).json.value).toHaveLength(1);
    const log = (await test.control('GET', '/log?count=50')).json;
    expect(
      log
        .filter((entry: { method: string }) => entry.method === 'POST')
        .map((entry: { status: number }) => entry.status)
        .slice(-2),
    ).toEqual([0, 201]);
  });

  it('leave a socket open on which nothing ever comes, though everything was done', async () => {
    test.tenant.faults.add({ kind: 'half-open', method: 'POST', times: 1 });
    const at = { start: utc('2027-06-01T13:00:00'), end: utc('2027-06-01T13:30:00') };
    const send = () => graph.post(`/users/${ROOM}/events`, { ...nine, ...at, transactionId: 'lintel-open' });
    const silent = send().then(
      () => 'answered',
      () => 'cut',
    );
    const wait = new Promise<string>(resolve => makeSystemClock().after(milliseconds(300), () => resolve('silence')));
    expect(await Promise.race([silent, wait])).toBe('silence');
    expect((await send()).status).toBe(201);
    expect((await look()).json.value.filter((event: Json) => event.transactionId === 'lintel-open')).toHaveLength(1);
  });

  it('end an answer halfway, as if it were all', async () => {
    test.tenant.faults.add({ kind: 'truncated', times: 2 });
    const halves = [await rawView(), await rawToken()];
    for (const half of halves) {
      expect([half.status, half.headers.get('content-type')]).toEqual([200, expect.stringContaining('json')]);
      const text = await half.text();
      expect(text).toMatch(/^\{"/);
      expect(() => JSON.parse(text)).toThrow(SyntaxError);
    }
    expect((await look()).status).toBe(200);
  });

  it('drip an answer in', async () => {
    test.tenant.faults.add({ kind: 'drip', ms: 200, times: 1 });
    const before = performance.now();
    const slow = await rawView();
    const head = performance.now() - before;
    expect(await slow.json()).toMatchObject({ value: expect.any(Array) });
    expect(performance.now() - before).toBeGreaterThan(190);
    expect(head).toBeLessThan(150);
  });

  it('challenge a token by its claims', async () => {
    test.tenant.faults.add({ kind: 'claims-challenge', times: 1 });
    const refused = await look();
    expect([refused.status, refused.json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    const header = refused.headers.get('www-authenticate') ?? '';
    expect(header).toContain('error="insufficient_claims"');
    const claims = JSON.parse(Buffer.from(/claims="([^"]+)"/.exec(header)?.[1] ?? '', 'base64').toString());
    expect(Number(claims.access_token.nbf.value) * 1000).toBeGreaterThan(Date.now() - 60_000);
    expect((await look()).status).toBe(200);
  });

  it('answer with a web page where data belongs', async () => {
    test.tenant.faults.add({ kind: 'captive-portal' });
    const reply = await look();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await token()).text).toContain('<html>');
  });

  it('say words nobody knows', async () => {
    test.tenant.faults.add({ kind: 'unknown-enum', mailbox: ROOM });
    expect((await look()).json.value[0]).toMatchObject({ showAs: 'unheardOf', sensitivity: 'unheardOf' });
  });

  it('give an empty token', async () => {
    test.tenant.faults.add({ kind: 'empty-token', times: 1 });
    expect(await token()).toMatchObject({ status: 200, json: { access_token: '' } });
    expect((await token()).json.access_token).toMatch(/^ey/);
  });

  it('shift the clock in Date and in tokens, which stay good', async () => {
    test.tenant.faults.add({ kind: 'clock-skew', ms: -300_000 });
    const skewed = makeGraphClient(test, await appToken(test));
    const reply = await skewed.view(ROOM, ...DAY);
    expect(reply.status).toBe(200);
    const off = Date.parse(reply.headers.get('date') ?? '') - Date.now();
    expect(Math.round(off / 10_000)).toBe(-30);
    const { iat = 0 } = decodeJwt(await appToken(test));
    expect(Math.round((iat * 1000 - Date.now()) / 10_000)).toBe(-30);
  });

  it('and a token from a clock two hours slow is out of date once that clock is right', async () => {
    test.tenant.faults.add({ kind: 'clock-skew', ms: -7_200_000 });
    const late = makeGraphClient(test, await appToken(test));
    expect((await late.view(ROOM, ...DAY)).status).toBe(200);
    test.tenant.faults.clear();
    const refused = await late.view(ROOM, ...DAY);
    expect([refused.status, refused.json.error.message]).toEqual([
      401,
      'Lifetime validation failed, the token is expired.',
    ]);
  });
});
