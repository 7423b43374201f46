import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Failed } from '../../../src/calendar/room-calendar.ts';
import { seconds } from '../../../src/contract/values/time.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import {
  at,
  calendarAt,
  DAY,
  graphError,
  nobodysAddress,
  page,
  type Say,
  type Stub,
  sampleEvent,
  startStub,
  TOKEN,
} from './stub.ts';

const contract = await loadGraphContract();
let graph: Stub;
beforeAll(async () => {
  graph = await startStub(contract);
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const UTC = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
async function failure(script: Say[], options = {}): Promise<Failed> {
  graph.play(script);
  const answer = await calendarAt(graph.base, options).list(DAY);
  if (answer.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(answer)}`);
  return answer;
}

it.skipIf(contract === null)("is checked against Microsoft's Graph description", () => {
  expect(contract).not.toBeNull();
});

describe('what is asked', () => {
  it('asks calendarView once, in UTC, with the token', async () => {
    graph.play([page()]);
    expect(await calendarAt(graph.base).list(DAY)).toMatchObject({ kind: 'listed', meetings: [] });
    expect(graph.asked).toHaveLength(1);
    const [{ path, query, headers } = { path: '', query: '', headers: {} }] = graph.asked;
    expect(path).toBe('/v1.0/users/room.aspen%40contoso.example/calendarView');
    expect(query).toContain('startDateTime=2026-11-20T00:00:00.000Z&endDateTime=2026-11-21T00:00:00.000Z');
    expect(query).toContain('$top=200');
    expect(query).not.toContain('createdDateTime');
    expect(headers).toMatchObject({ prefer: 'outlook.timezone="UTC"', authorization: `Bearer ${TOKEN}` });
  });

  it('keeps a path in front of /v1.0', async () => {
    graph.play((_, index) => (index === 0 ? page() : 'drop'));
    const answered = await calendarAt(`${graph.base}/proxied/`).list(DAY);
    expect(answered.kind).toBe('listed');
    expect(graph.asked[0]?.path).toBe('/proxied/v1.0/users/room.aspen%40contoso.example/calendarView');
    // Only the description does not know such a prefix.
    graph.problems.length = 0;
  });
});

describe('pages', () => {
  const next = (path: string, event = sampleEvent()): Say => ({
    status: 200,
    body: { value: [event], '@odata.nextLink': path },
  });
  const more = (skip: number) =>
    `${graph.base}/v1.0/users/room.aspen%40contoso.example/calendarView?startDateTime=2026-11-20T00%3a00%3a00Z&endDateTime=2026-11-21T00%3a00%3a00Z&%24skip=${skip}`;

  it('follows them to the end and lists an event that came twice once', async () => {
    graph.play([next(more(1)), next(more(2)), page(sampleEvent({ id: 'other' }))]);
    const answer = await calendarAt(graph.base).list(DAY);
    expect(answer.kind === 'listed' && answer.meetings.map(m => m.id)).toEqual(['AAMkAGVmMDEz/+A=', 'other']);
    expect(graph.asked.map(one => one.query.includes('skip=') && one.headers.authorization)).toEqual([
      false,
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
  });

  it.each([
    ['another host', () => 'https://graph.evil.example/v1.0/users/x/calendarView'],
    ['another port', () => `${graph.base.replace(/:\d+$/, ':1')}/v1.0/users/x/calendarView`],
    ['another scheme', () => `${graph.base.replace('http:', 'https:')}/v1.0/users/x/calendarView`],
    ['a name in front of the host', () => `${graph.base.replace('//', '//evil@')}/v1.0/users/x/calendarView`],
    ['another API', () => `${graph.base}/beta/users/x/calendarView`],
    ['no address at all', () => 'later'],
  ])('never follows them to %s', async (_, link) => {
    expect(await failure([next(link()), page()])).toMatchObject({ problem: 'misunderstood' });
    expect(graph.asked).toHaveLength(1);
  });

  it('sends no token where the SDK would be led astray by an address inside the query', async () => {
    const link = `${graph.base}/v1.0/users/x/calendarView?startDateTime=https://graph.evil.example/v1.0/x&endDateTime=y`;
    expect(await failure([next(link), page()])).toMatchObject({ problem: 'misunderstood' });
    expect(graph.asked).toHaveLength(1);
  });

  it('gives up on a loop of pages', async () => {
    expect(await failure([next(more(1))])).toMatchObject({ problem: 'misunderstood' });
    expect(graph.asked.length).toBeLessThan(30);
  });

  it('fails whole when a later page fails', async () => {
    expect(await failure([next(more(1)), graphError(403, 'ErrorAccessDenied')])).toMatchObject({
      problem: 'no-access',
    });
  });
});

describe('the window', () => {
  it('is half open', async () => {
    const event = (id: string, start: string, end: string) => sampleEvent({ id, start: UTC(start), end: UTC(end) });
    graph.play([
      page(
        event('after', '2026-11-21T00:00:00.0000000', '2026-11-21T01:00:00.0000000'),
        event('last', '2026-11-20T23:59:59.9990000', '2026-11-21T01:00:00.0000000'),
        event('before', '2026-11-19T23:00:00.0000000', '2026-11-20T00:00:00.0000000'),
        event('from-yesterday', '2026-11-19T20:00:00.0000000', '2026-11-20T00:00:00.0010000'),
      ),
    ]);
    const answer = await calendarAt(graph.base).list(DAY);
    expect(answer.kind === 'listed' && answer.meetings.map(m => m.id)).toEqual(['from-yesterday', 'last']);
  });

  it("counts all-day events by the room's own midnight", async () => {
    const event = (id: string, start: string, end: string) =>
      sampleEvent({ id, isAllDay: true, start: UTC(start), end: UTC(end) });
    graph.play([
      page(
        event('21st', '2026-11-21T00:00:00.0000000', '2026-11-22T00:00:00.0000000'),
        event('20th', '2026-11-20T00:00:00.0000000', '2026-11-21T00:00:00.0000000'),
        event('19th', '2026-11-19T00:00:00.0000000', '2026-11-20T00:00:00.0000000'),
      ),
    ]);
    // In Oslo the 21st begins at 23:00Z of the 20th; the 19th ends at 23:00Z of the 19th.
    const answer = await calendarAt(graph.base).list(DAY);
    expect(answer.kind === 'listed' && answer.meetings.map(m => m.id)).toEqual(['20th', '21st']);
  });
});

describe("the provider's clock", () => {
  it('is the Date of the answer', async () => {
    graph.play([{ status: 200, body: { value: [] }, headers: { date: 'Fri, 20 Nov 2026 10:00:05 GMT' } }]);
    expect(await calendarAt(graph.base).list(DAY)).toMatchObject({ serverTime: at('2026-11-20T10:00:05Z') });
  });
  it('is null when the Date is none', async () => {
    graph.play([{ status: 200, body: { value: [] }, headers: { date: 'soon' } }]);
    expect(await calendarAt(graph.base).list(DAY)).toMatchObject({ serverTime: null });
  });
});

const HTML = { 'content-type': 'text/html; charset=utf-8' };
describe('answers that are none', () => {
  it.each<[string, Say[], Partial<Failed>]>([
    ['a web page', [{ status: 200, body: '<!doctype html><p>Sign in', headers: HTML }], { problem: 'captive-portal' }],
    ['a web page called JSON', [{ status: 200, body: '\n<html></html>' }], { problem: 'captive-portal' }],
    ['a redirect', [{ status: 302, headers: { location: 'http://portal.example/' } }], { problem: 'captive-portal' }],
    ['network authentication', [{ status: 511, body: '<html>' }], { problem: 'captive-portal' }],
    ['a blocked page', [{ status: 403, body: '<html>', headers: HTML }], { problem: 'captive-portal' }],
    ['truncated JSON', [{ status: 200, body: '{"value":[{"id":"a"' }], { problem: 'misunderstood' }],
    ['an empty body', [{ status: 200, body: '' }], { problem: 'misunderstood' }],
    ['JSON of another kind', [{ status: 200, body: { error: 'x' } }], { problem: 'misunderstood' }],
    ['no access', [graphError(403, 'ErrorAccessDenied')], { problem: 'no-access' }],
    ['an unknown room', [graphError(404, 'ErrorInvalidUser')], { problem: 'room-not-found' }],
    ['a refused question', [graphError(400, 'ErrorInvalidRequest')], { problem: 'misunderstood' }],
    ['a proxy that wants a password', [{ status: 407, body: '' }], { problem: 'unreachable' }],
    ['a stumble', [graphError(500, 'ErrorInternalServerError')], { problem: 'provider-error', retryAfter: null }],
    ['a gateway page', [{ status: 502, body: '<html>', headers: HTML }], { problem: 'provider-error' }],
    ['a bare 503', [graphError(503, 'ServiceUnavailable')], { problem: 'provider-error', retryAfter: null }],
  ])('%s', async (_, script, expected) => {
    expect(await failure(script)).toMatchObject({ isOutcomeUnknown: false, ...expected });
  });

  it('is not led elsewhere by a fetch that would follow', async () => {
    const found: Say = { status: 302, headers: { location: `${graph.base}/v1.0/me` } };
    expect(await failure([found, page()], { fetch })).toMatchObject({ problem: 'captive-portal' });
    expect(graph.asked).toHaveLength(1);
  });

  it('names the code and the request, and nothing of the message', async () => {
    const id = '9a1f7c5e-1c8a-4f4f-9c55-0d6a3b2b7f10';
    const { detail } = await failure([graphError(403, 'ErrorAccessDenied', { 'request-id': id })]);
    expect(detail).toBe(`list 403 ErrorAccessDenied (request-id ${id})`);
  });
  it('does not repeat a code that is none', async () => {
    const { detail } = await failure([graphError(403, 'kari@contoso.example said no')]);
    expect(detail).toBe('list 403');
  });
});

describe('throttling', () => {
  const date = { date: 'Fri, 20 Nov 2026 10:00:00 GMT' };
  it.each<[string, number, Record<string, string>, number | null]>([
    ['whole seconds', 429, { 'retry-after': '7' }, 7000],
    ['fractional seconds', 429, { 'retry-after': '2.128' }, 2128],
    ['ten minutes', 429, { 'retry-after': '600' }, 600_000],
    ['a day, uncapped', 503, { 'retry-after': '86400' }, 86_400_000],
    ['a date', 429, { ...date, 'retry-after': 'Fri, 20 Nov 2026 10:10:00 GMT' }, 600_000],
    ['a date in the past', 503, { ...date, 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    ['a gateway timeout', 504, { 'retry-after': '1' }, 1000],
    ['nothing', 429, {}, null],
    ['nonsense', 429, { 'retry-after': 'a while' }, null],
    ['a negative time', 429, { 'retry-after': '-5' }, null],
  ])('passes on %s and does not ask again', async (_, status, headers, wait) => {
    const answer = await failure([graphError(status, 'TooManyRequests', headers), page()]);
    expect(answer).toMatchObject({ problem: 'throttled', retryAfter: wait === null ? null : seconds(wait / 1000) });
    expect(graph.asked).toHaveLength(1);
  });
});

describe('repeats of a read', () => {
  it.each<[string, Say]>([
    ['a dropped connection', 'drop'],
    ['an answer cut short', 'cut'],
    ['a stumble', graphError(500, 'ErrorInternalServerError')],
  ])('once after %s', async (_, say) => {
    graph.play([say, page(sampleEvent())]);
    expect(await calendarAt(graph.base).list(DAY)).toMatchObject({ kind: 'listed', meetings: [{}] });
    expect(graph.asked).toHaveLength(2);
    expect((await failure([say])).problem).toBe(typeof say === 'string' ? 'unreachable' : 'provider-error');
    expect(graph.asked).toHaveLength(2);
  });

  it('not after a missed deadline: the next poll is near', async () => {
    const answer = await failure(['hang']);
    expect(answer).toMatchObject({ problem: 'unreachable', detail: 'list: no answer within 10 s' });
    expect(graph.asked).toHaveLength(1);
  });

  it('finds nobody at home', async () => {
    const answer = await calendarAt(await nobodysAddress()).list(DAY);
    expect(answer).toMatchObject({ kind: 'failed', problem: 'unreachable', isOutcomeUnknown: false });
    expect(answer.kind === 'failed' && answer.detail).toBe('list: no answer: ECONNREFUSED');
  });

  it('stops when the caller does', async () => {
    graph.play(['hang']);
    const given = new AbortController();
    const answer = calendarAt(graph.base).list(DAY, given.signal);
    await expect.poll(() => graph.asked.length).toBe(1);
    given.abort();
    expect(await answer).toMatchObject({
      kind: 'failed',
      problem: 'unreachable',
      detail: 'list: cancelled by the caller',
    });
    expect(await calendarAt(graph.base).list(DAY, given.signal)).toMatchObject({ kind: 'failed' });
    expect(graph.asked).toHaveLength(1);
  });
});
