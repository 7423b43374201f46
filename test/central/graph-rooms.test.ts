/** Reading a directory: pages, odd values, lists that fail, and links that lead astray. */
import { expect, test } from 'vitest';
import { openConnection } from '../../src/calendar/graph/connection.ts';
import { readDirectory } from '../../src/central/rooms/directory.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';

const BASE = 'https://graph.example';
const ROOMS = '/places/microsoft.graph.room?$top=100';
const LISTS = '/places/microsoft.graph.roomlist?$top=100';
const rooms = (list: string) => `/places/${encodeURIComponent(list)}/microsoft.graph.roomlist/rooms?$top=100`;

type Page = { status?: number; body: unknown };
/** Answers by path and query below /v1.0, and notes who got the token. Directories without lists unless told otherwise. */
function graph(pages: Record<string, Page>) {
  const asked: string[] = [];
  const all: Record<string, Page> = { [LISTS]: { body: { value: [] } }, ...pages };
  const connection = openConnection({
    graphBase: BASE,
    clock: makeSystemClock(),
    random: () => 0,
    token: async () => ({ kind: 'token', accessToken: 'secret' }),
    fetch: async (url, init) => {
      const { origin, pathname, search } = new URL(url);
      if (init?.headers?.authorization === 'Bearer secret') asked.push(url);
      const page = origin === BASE ? all[decodeURI(pathname + search).replace('/v1.0', '')] : undefined;
      const missing: Page = { status: 404, body: { error: { code: 'NotFound', message: 'private words' } } };
      const { status = 200, body } = page ?? all[pathname.replace('/v1.0', '') + search] ?? missing;
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
    },
  });
  return { asked, read: () => readDirectory(connection) };
}
const NOTHING = { capacity: null, building: null, floor: null, equipment: [] };

test('pages are followed, capacities come as numbers and as strings, and what cannot be booked is left out', async () => {
  const { read } = graph({
    [ROOMS]: {
      body: {
        value: [
          { displayName: 'A', emailAddress: 'A@Example.com', capacity: '50', building: '1', floorLabel: 'Ground' },
          { displayName: 'No address', capacity: 3 },
        ],
        '@odata.nextLink': `${BASE}/v1.0/places/microsoft.graph.room?$skip=2`,
      },
    },
    '/places/microsoft.graph.room?$skip=2': {
      body: {
        value: [
          { displayName: '', emailAddress: 'b@example.com', capacity: null, floorNumber: 2, building: ' ' },
          { emailAddress: 'c@example.com', capacity: 'many', building: 7, tags: 'none' },
          { displayName: `D${'d'.repeat(400)}`, emailAddress: 'd@example.com', capacity: '' },
          { displayName: ' Two\nlines ', emailAddress: 'e@example.com', capacity: -1, floorNumber: 0 },
          { displayName: 'Stadium', emailAddress: 'f@example.com', capacity: 4_294_967_296 },
          { displayName: 'Odd', emailAddress: 'g\u0000@example.com', capacity: 3 },
          { displayName: 'Odder', emailAddress: 'h\n@example.com', capacity: 3 },
        ],
      },
    },
  });
  const read1 = await read();
  expect(read1).toMatchObject({ kind: 'listed', skipped: 3, lists: { unread: new Set(), problem: null } });
  expect(read1.kind === 'listed' && read1.rooms).toEqual([
    { ...NOTHING, address: 'a@example.com', name: 'A', capacity: 50, building: '1', floor: 'Ground' },
    { ...NOTHING, address: 'b@example.com', name: 'b@example.com', floor: '2' },
    { ...NOTHING, address: 'c@example.com', name: 'c@example.com' },
    { ...NOTHING, address: 'd@example.com', name: `D${'d'.repeat(199)}` },
    { ...NOTHING, address: 'e@example.com', name: 'Two lines', floor: '0' },
    { ...NOTHING, address: 'f@example.com', name: 'Stadium' },
  ]);
});

test('equipment is told by its names, each once', async () => {
  const { read } = graph({
    [ROOMS]: {
      body: {
        value: [
          {
            emailAddress: 'a@example.com',
            audioDeviceName: 'Poly Studio',
            videoDeviceName: 'Poly studio ',
            displayDeviceName: '',
            isWheelChairAccessible: true,
            tags: ['Whiteboard', 'whiteboard', ' '],
          },
          { emailAddress: 'b@example.com', isWheelChairAccessible: false, tags: null },
        ],
      },
    },
  });
  const directory = await read();
  expect(directory.kind === 'listed' && directory.rooms.map(room => room.equipment)).toEqual([
    ['Poly Studio', 'whiteboard', 'Wheelchair accessible'],
    [],
  ]);
});

const LISTED = {
  [ROOMS]: { body: { value: [{ emailAddress: 'a@example.com' }, { emailAddress: 'b@example.com' }] } },
  [LISTS]: {
    body: {
      value: [
        { displayName: 'First floor', emailAddress: 'first@example.com' },
        { displayName: 'Second floor', emailAddress: 'second@example.com' },
      ],
    },
  },
};

test('a room is in the lists that name it; a list that cannot be read is told, and loses nothing', async () => {
  const whole = await graph({
    ...LISTED,
    [rooms('first@example.com')]: { body: { value: [{ emailAddress: 'A@example.com' }] } },
    [rooms('second@example.com')]: {
      body: { value: [], '@odata.nextLink': `${BASE}/v1.0/more` },
    },
    '/more': { body: { value: [{ emailAddress: 'a@example.com' }, { emailAddress: 'b@example.com' }] } },
  }).read();
  if (whole.kind !== 'listed') throw new Error(whole.detail);
  expect([...whole.lists.byRoom]).toEqual([
    ['a@example.com', ['First floor', 'Second floor']],
    ['b@example.com', ['Second floor']],
  ]);

  const half = await graph({ ...LISTED, [rooms('second@example.com')]: { body: { value: [] } } }).read();
  if (half.kind !== 'listed') throw new Error(half.detail);
  expect(half.rooms).toHaveLength(2);
  expect(half.lists).toMatchObject({ unread: new Set(['First floor']), problem: expect.stringContaining('404') });

  const none = await graph({ ...LISTED, [LISTS]: { status: 403, body: {} } }).read();
  if (none.kind !== 'listed') throw new Error(none.detail);
  expect(none.rooms).toHaveLength(2);
  expect(none.lists).toMatchObject({ unread: 'all', problem: expect.stringContaining('403') });
});

test.each(['https://evil.example/v1.0/next', 'http://graph.example/v1.0/next', 'https://graph.example:8443/v1.0/next'])(
  'the token does not go to %s',
  async next => {
    const { read, asked } = graph({ [ROOMS]: { body: { value: [], '@odata.nextLink': next } } });
    expect(await read()).toMatchObject({ kind: 'failed', problem: 'misunderstood' });
    expect(asked.map(url => decodeURI(url))).toEqual([`${BASE}/v1.0${ROOMS}`]);
    const list = graph({ ...LISTED, [rooms('first@example.com')]: { body: { value: [], '@odata.nextLink': next } } });
    expect(await list.read()).toMatchObject({
      kind: 'listed',
      lists: { unread: new Set(['First floor', 'Second floor']) },
    });
    expect(list.asked.every(url => url.startsWith(`${BASE}/v1.0/places/`))).toBe(true);
  },
);

test('a list without an end is not followed for ever', async () => {
  const { read, asked } = graph({ [ROOMS]: { body: { value: [], '@odata.nextLink': `${BASE}/v1.0${ROOMS}` } } });
  expect(await read()).toMatchObject({ kind: 'failed' });
  expect(asked.length).toBeLessThanOrEqual(200);
});

test.each([
  [401, 'sign-in-needed'],
  [403, 'no-access'],
  [429, 'throttled'],
  [500, 'provider-error'],
])('status %i is %s, told without the provider’s own words', async (status, problem) => {
  const body = { error: { code: 'ErrorAccessDenied', message: 'private words' } };
  const answer = await graph({ [ROOMS]: { status, body } }).read();
  expect(answer).toMatchObject({
    kind: 'failed',
    problem,
    detail: expect.stringContaining(`${status} ErrorAccessDenied`),
  });
  expect(JSON.stringify(answer)).not.toContain('private words');
});

test('a web page and another shape', async () => {
  expect(await graph({ [ROOMS]: { body: '<html>log in' } }).read()).toMatchObject({ problem: 'captive-portal' });
  expect(await graph({ [ROOMS]: { body: { value: 'none' } } }).read()).toMatchObject({ problem: 'misunderstood' });
});
