/** Every fault that can be switched on does what it says, where it says, and no longer. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
import { startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
beforeAll(async () => {
  // The real clock: a slow answer must come by itself.
  test = await startTestTenant({ clock: makeSystemClock() });
  graph = await userClient(test);
});
afterEach(() => test.tenant.faults.clear());
afterAll(() => test.stop());

const OTHER = 'kestrel@lintel.example';
const DAY = ['2027-06-01T00:00:00Z', '2027-06-02T00:00:00Z'] as const;
const nine = { subject: 'Walk-up', start: utc('2027-06-01T09:00:00'), end: utc('2027-06-01T09:30:00') };
const look = (room = ROOM) => graph.view(room, ...DAY, '', { isFaulty: true });
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
