import { expect, test } from 'vitest';
import { readRooms } from '../../src/central/consent/graph-rooms.ts';
import { startRefresher } from '../../src/central/consent/refresher.ts';
import type { Fetch } from '../../src/central/ports.ts';
import { hours, type Instant, instant, minutes, plus } from '../../src/contract/values/time.ts';
import type { TokenStatus } from '../../src/contract/wire/console.ts';
import { makeLog } from '../../src/platform/log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const BASE = 'https://graph.example';

/** Answers by path, and notes who got the token. */
function graph(pages: Record<string, unknown>, status = 200) {
  const asked: string[] = [];
  const fetch: Fetch = async (url, init) => {
    if (init?.headers?.authorization) asked.push(url);
    const body = pages[new URL(url).pathname + new URL(url).search];
    return new Response(typeof body === 'string' ? body : JSON.stringify(body ?? {}), { status });
  };
  return { asked, read: () => readRooms(fetch, BASE, 'token') };
}
const FIRST = '/v1.0/places/microsoft.graph.room?$top=100';

test('pages are followed, capacities come as numbers and as strings, and what cannot be booked is left out', async () => {
  const { read } = graph({
    [FIRST]: {
      value: [
        { displayName: 'A', emailAddress: 'A@Example.com', capacity: '50', building: '1', floorLabel: 'Ground' },
        { displayName: 'No address', capacity: 3 },
      ],
      '@odata.nextLink': `${BASE}/v1.0/places/microsoft.graph.room?$skip=2`,
    },
    '/v1.0/places/microsoft.graph.room?$skip=2': {
      value: [
        { displayName: '', emailAddress: 'b@example.com', capacity: null, floorNumber: 2, building: ' ' },
        { emailAddress: 'c@example.com', capacity: 'many' },
      ],
    },
  });
  expect(await read()).toEqual({
    kind: 'listed',
    skipped: 1,
    rooms: [
      { address: 'a@example.com', name: 'A', capacity: 50, building: '1', floor: 'Ground' },
      { address: 'b@example.com', name: 'b@example.com', capacity: null, building: null, floor: '2' },
      { address: 'c@example.com', name: 'c@example.com', capacity: null, building: null, floor: null },
    ],
  });
});

test.each(['https://evil.example/next', 'http://graph.example/next', 'https://graph.example:8443/next'])(
  'the token does not go to %s',
  async next => {
    const { read, asked } = graph({ [FIRST]: { value: [], '@odata.nextLink': next } });
    expect(await read()).toMatchObject({ kind: 'failed', problem: 'misunderstood' });
    expect(asked).toEqual([BASE + FIRST]);
  },
);

test('a list without an end is not followed for ever', async () => {
  const { read, asked } = graph({ [FIRST]: { value: [], '@odata.nextLink': BASE + FIRST } });
  expect(await read()).toMatchObject({ kind: 'failed' });
  expect(asked.length).toBeLessThanOrEqual(200);
});

test.each([
  [401, 'sign-in-needed'],
  [403, 'no-access'],
  [429, 'throttled'],
  [503, 'throttled'],
  [500, 'provider-error'],
  [404, 'misunderstood'],
])('status %i is %s', async (status, problem) => {
  const { read } = graph({ [FIRST]: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } }, status);
  expect(await read()).toEqual({
    kind: 'failed',
    problem,
    detail: `Graph answered ${status} ErrorAccessDenied: Access is denied.`,
  });
});

test('a web page, another shape and no answer', async () => {
  expect(await graph({ [FIRST]: '<html>log in' }).read()).toMatchObject({ problem: 'captive-portal' });
  expect(await graph({ [FIRST]: { value: 'none' } }).read()).toMatchObject({ problem: 'misunderstood' });
  const cut: Fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }));
  expect(await readRooms(cut, BASE, 'token')).toMatchObject({ problem: 'unreachable', detail: 'ECONNREFUSED' });
});

test('the token is refreshed before it ends, and daily when it lasts for longer', async () => {
  const clock = new VirtualClock(instant(1_790_000_000_000));
  let life = minutes(75);
  let issued: Instant = clock.now();
  const refreshed: number[] = [];
  const status = async (): Promise<TokenStatus> => ({
    kind: 'issued',
    account: 'a',
    scopes: [],
    issued,
    expires: plus(issued, life),
    problem: null,
  });
  const refresh = async () => {
    refreshed.push(clock.now() - issued);
    issued = clock.now();
    return status();
  };
  const stop = startRefresher({ status, refresh }, clock, makeLog({ level: 'silent' }));
  await clock.advance(hours(12));
  expect(refreshed.length).toBeGreaterThan(8);
  expect(Math.max(...refreshed)).toBeLessThan(life - minutes(5));
  life = hours(28);
  refreshed.length = 0;
  await clock.advance(hours(72));
  expect(refreshed.length).toBeGreaterThanOrEqual(3);
  expect(Math.max(...refreshed)).toBeLessThanOrEqual(hours(24));
  stop();
  expect(clock.armed).toBe(0);
});
