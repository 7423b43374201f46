import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BookRequest } from '../../../src/calendar/room-calendar.ts';
import { BookingKey, EventId } from '../../../src/contract/values/ids.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import {
  at,
  calendarAt,
  graphError,
  nobodysAddress,
  page,
  type Say,
  type Stub,
  sampleEvent,
  startStub,
} from './stub.ts';

let graph: Stub;
beforeAll(async () => {
  graph = await startStub(await loadGraphContract());
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const KEY = v.parse(BookingKey, 'lintel-00112233445566778899aabbccddeeff');
const REQUEST: BookRequest = {
  key: KEY,
  span: { start: at('2026-11-20T10:00:00Z'), end: at('2026-11-20T11:00:00Z') },
  title: 'Walk-up',
};
const EVENT = v.parse(EventId, 'AAMkAGVmMDEz/+A=');
const PATH = '/v1.0/users/room.aspen%40contoso.example/events/AAMkAGVmMDEz%2F%2BA%3D';
const OURS = sampleEvent({
  subject: 'Walk-up',
  transactionId: KEY,
  isOrganizer: true,
  createdDateTime: '2026-11-20T09:59:00Z',
});
const created = (status = 201): Say => ({ status, body: OURS });
const methods = () => graph.asked.map(one => one.method).join(' ');
const book = () => calendarAt(graph.base).book(REQUEST);
const MEETING = { bookingKey: KEY, isRoomOrganizer: true, title: { kind: 'public', text: 'Walk-up' } };

describe('book', () => {
  it('writes an appointment under its key', async () => {
    graph.play([created()]);
    expect(await book()).toMatchObject({
      kind: 'booked',
      meeting: { ...MEETING, id: EVENT, createdAt: at('2026-11-20T09:59:00Z'), version: OURS['@odata.etag'] },
    });
    expect(methods()).toBe('POST');
    expect(JSON.parse(graph.asked[0]?.body ?? '')).toEqual({
      subject: 'Walk-up',
      start: { dateTime: '2026-11-20T10:00:00.000', timeZone: 'UTC' },
      end: { dateTime: '2026-11-20T11:00:00.000', timeZone: 'UTC' },
      showAs: 'busy',
      transactionId: KEY,
    });
  });

  it.each<[string, Say[], string]>([
    ['200 with the event of the first time', [created(200)], 'POST'],
    ['201 without a body', [{ status: 201 }, page(OURS)], 'POST GET'],
    [
      '201 with another event',
      [{ status: 201, body: sampleEvent() }, page(sampleEvent({ id: 'x' }), OURS)],
      'POST GET',
    ],
    ['409 for a key it knows', [graphError(409, 'ErrorDuplicateTransactionId'), page(OURS)], 'POST GET'],
    ['one lost reply', ['drop', created(200)], 'POST POST'],
    ['two lost replies', ['drop', 'cut', created(200)], 'POST POST POST'],
    ['a missed deadline', ['hang', created(200)], 'POST POST'],
    ['two stumbles', [graphError(500, 'x'), graphError(502, 'x'), created()], 'POST POST POST'],
    [
      'a lost reply, then a duplicate',
      ['drop', graphError(409, 'ErrorDuplicateTransactionId'), page(OURS)],
      'POST POST GET',
    ],
    ['three lost replies, but it is there', ['drop', 'drop', 'drop', page(OURS)], 'POST POST POST GET'],
    ['a lost reply and a stale token', ['drop', graphError(401, 'x'), page(OURS)], 'POST POST GET'],
  ])('is booked after %s', async (_, script, expected) => {
    graph.play(script);
    expect(await book()).toMatchObject({ kind: 'booked', meeting: MEETING });
    expect(methods()).toBe(expected);
    const bodies = new Set(graph.asked.filter(one => one.method === 'POST').map(one => one.body));
    expect(bodies.size).toBe(1);
  });

  it.each<[string, Say[], object]>([
    ['taken away since', [graphError(409, 'ErrorDuplicateTransactionId'), page()], { kind: 'refused', why: 'gone' }],
    [
      'cancelled since',
      [graphError(409, 'x'), page(sampleEvent({ transactionId: KEY, isCancelled: true }))],
      { kind: 'refused', why: 'gone' },
    ],
    ['not allowed', [graphError(403, 'ErrorAccessDenied')], { kind: 'refused', why: 'not-allowed' }],
    ['invalid', [graphError(400, 'ErrorPropertyValidationFailure')], { kind: 'refused', why: 'invalid' }],
    ['no such room', [graphError(404, 'ErrorInvalidUser')], { problem: 'room-not-found', isOutcomeUnknown: false }],
    [
      'throttled',
      [graphError(429, 'x', { 'retry-after': '2.5' })],
      { problem: 'throttled', retryAfter: 2500, isOutcomeUnknown: false },
    ],
    [
      'throttled by 503',
      [graphError(503, 'x', { 'retry-after': '1' })],
      { problem: 'throttled', isOutcomeUnknown: false },
    ],
    ['a sign-in', [graphError(401, 'x')], { problem: 'sign-in-needed', isOutcomeUnknown: false }],
    ['a portal', [{ status: 200, body: '<html>' }], { problem: 'captive-portal', isOutcomeUnknown: false }],
    [
      'a portal that says so',
      [{ status: 511, body: '<html>' }],
      { problem: 'captive-portal', isOutcomeUnknown: false },
    ],
    ['lost for good', ['drop'], { problem: 'unreachable', isOutcomeUnknown: true }],
    ['lost, and not there yet', ['drop', 'drop', 'drop', page()], { problem: 'unreachable', isOutcomeUnknown: true }],
    [
      'lost, and then throttled',
      ['drop', graphError(429, 'x', { 'retry-after': '9' }), 'drop'],
      { problem: 'throttled', retryAfter: 9000, isOutcomeUnknown: true },
    ],
    [
      'a gateway timeout',
      [graphError(504, 'x', { 'retry-after': '1' })],
      { problem: 'throttled', isOutcomeUnknown: true },
    ],
    ['stumbling', [graphError(500, 'x')], { problem: 'provider-error', isOutcomeUnknown: true }],
    [
      'an answer about something else',
      [{ status: 201, body: {} }, page()],
      { problem: 'misunderstood', isOutcomeUnknown: true },
    ],
  ])('is not booked: %s', async (_, script, expected) => {
    graph.play(script);
    const answer = await book();
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).not.toMatch(/SECRET|kari/);
  });

  it('is known not to be booked when nobody was reached', async () => {
    expect(await calendarAt(await nobodysAddress()).book(REQUEST)).toMatchObject({
      problem: 'unreachable',
      isOutcomeUnknown: false,
    });
  });
});

describe('changeEnd', () => {
  const END = at('2026-11-20T11:30:00Z');
  const change = () => calendarAt(graph.base).changeEnd(EVENT, 'W/"v1"', END);
  const longer = {
    ...OURS,
    '@odata.etag': 'W/"v2"',
    end: { dateTime: '2026-11-20T11:30:00.0000000', timeZone: 'UTC' },
  };
  const stored: Say = { status: 200, body: longer };

  it('sends the end alone, and only to the version it knows', async () => {
    graph.play([stored]);
    expect(await change()).toMatchObject({ kind: 'changed', meeting: { version: 'W/"v2"', when: { end: END } } });
    const [one] = graph.asked;
    expect(one).toMatchObject({ method: 'PATCH', path: PATH, headers: { 'if-match': 'W/"v1"' } });
    expect(JSON.parse(one?.body ?? '')).toEqual({ end: { dateTime: '2026-11-20T11:30:00.000', timeZone: 'UTC' } });
  });

  it.each<[string, Say[], object, string]>([
    ['changed meanwhile', [graphError(412, 'ErrorIrresolvableConflict')], { why: 'changed-meanwhile' }, 'PATCH'],
    ['in conflict', [graphError(409, 'ErrorIrresolvableConflict')], { why: 'changed-meanwhile' }, 'PATCH'],
    ['gone', [graphError(404, 'ErrorItemNotFound')], { why: 'gone' }, 'PATCH'],
    ['a missing mailbox', [graphError(404, 'ErrorInvalidUser')], { problem: 'room-not-found' }, 'PATCH'],
    ['not allowed', [graphError(403, 'ErrorAccessDenied')], { why: 'not-allowed' }, 'PATCH'],
    ['over the next occurrence', [graphError(400, 'ErrorOccurrenceCrossingBoundary')], { why: 'invalid' }, 'PATCH'],
    ['throttled', [graphError(429, 'x', { 'retry-after': '3' })], { problem: 'throttled', retryAfter: 3000 }, 'PATCH'],
    ['lost, and done', ['drop', stored], { kind: 'changed' }, 'PATCH GET'],
    ['done, and not understood', [{ status: 200, body: '[' }, stored], { kind: 'changed' }, 'PATCH GET'],
    ['stumbling, and done', [graphError(500, 'x'), stored], { kind: 'changed' }, 'PATCH GET'],
    ['lost, and not done', ['drop', created(200)], { problem: 'unreachable', isOutcomeUnknown: true }, 'PATCH GET'],
    ['lost, and gone', ['drop', graphError(404, 'ErrorItemNotFound')], { why: 'gone' }, 'PATCH GET'],
    ['lost for good', ['drop'], { problem: 'unreachable', isOutcomeUnknown: true }, 'PATCH GET GET'],
    [
      'a gateway timeout that says when',
      [graphError(504, 'x', { 'retry-after': '3' })],
      { problem: 'throttled', retryAfter: 3000, isOutcomeUnknown: true },
      'PATCH',
    ],
    ['late, and done', ['hang', stored], { kind: 'changed' }, 'PATCH GET'],
  ])('%s', async (_, script, expected, sent) => {
    graph.play(script);
    expect(await change()).toMatchObject(expected);
    expect(methods()).toBe(sent);
  });
});

describe('cancel', () => {
  const cancel = (version: string | null = 'W/"v1"') => calendarAt(graph.base).cancel(EVENT, version);

  it.each<[string, Say, object]>([
    ['done', { status: 204 }, { kind: 'done' }],
    ['already gone', graphError(404, 'ErrorItemNotFound'), { kind: 'done' }],
    ['a missing mailbox', graphError(404, 'ErrorInvalidUser'), { problem: 'room-not-found' }],
    ['changed meanwhile', graphError(412, 'x'), { kind: 'refused', why: 'changed-meanwhile' }],
    ['not allowed', graphError(403, 'ErrorAccessDenied'), { kind: 'refused', why: 'not-allowed' }],
    ['lost', 'drop', { problem: 'unreachable', isOutcomeUnknown: true }],
    ['a stumble', graphError(500, 'x'), { problem: 'provider-error', isOutcomeUnknown: true }],
    ['throttled', graphError(429, 'x', { 'retry-after': '3' }), { problem: 'throttled', isOutcomeUnknown: false }],
    ['a portal', { status: 200, body: '<html>' }, { problem: 'captive-portal' }],
  ])('%s', async (_, say, expected) => {
    graph.play([say]);
    expect(await cancel()).toMatchObject(expected);
    expect(graph.asked).toMatchObject([{ method: 'DELETE', path: PATH, headers: { 'if-match': 'W/"v1"' } }]);
  });

  it('asks for no version when it knows none', async () => {
    graph.play([{ status: 204 }]);
    expect(await cancel(null)).toEqual({ kind: 'done' });
    expect(graph.asked[0]?.headers).not.toHaveProperty('if-match');
  });
});

describe('decline', () => {
  it.each<[string, Say, object]>([
    ['done', { status: 202 }, { kind: 'done' }],
    ['already gone', graphError(404, 'ErrorItemNotFound'), { kind: 'done' }],
    ['not allowed', graphError(403, 'ErrorAccessDenied'), { kind: 'refused', why: 'not-allowed' }],
    ['lost', 'cut', { problem: 'unreachable', isOutcomeUnknown: true }],
    ['late', 'hang', { problem: 'unreachable', isOutcomeUnknown: true }],
    ['a sign-in', graphError(401, 'x'), { problem: 'sign-in-needed', isOutcomeUnknown: false }],
  ])('%s', async (_, say, expected) => {
    graph.play([say]);
    expect(await calendarAt(graph.base).decline(EVENT, 'Nobody came.')).toMatchObject(expected);
    expect(graph.asked).toMatchObject([{ method: 'POST', path: `${PATH}/decline` }]);
    expect(JSON.parse(graph.asked[0]?.body ?? '')).toEqual({ comment: 'Nobody came.', sendResponse: true });
  });

  // Graph: 400 "The meeting organizer hasn't requested a response."; and no comment may go with sendResponse false.
  it.each<[string, Say, object]>([
    ['frees the room also where the organiser wants no response', { status: 202 }, { kind: 'done' }],
    ['is refused to the organiser', graphError(400, 'ErrorInvalidRequest'), { kind: 'refused', why: 'not-allowed' }],
    ['whose second word is lost may be done', 'cut', { problem: 'unreachable', isOutcomeUnknown: true }],
  ])('%s', async (_, say, expected) => {
    graph.play([graphError(400, 'ErrorInvalidRequest'), say]);
    expect(await calendarAt(graph.base).decline(EVENT, 'Nobody came.')).toMatchObject(expected);
    expect(graph.asked.map(one => JSON.parse(one.body))).toEqual([
      { comment: 'Nobody came.', sendResponse: true },
      { sendResponse: false },
    ]);
  });
});

describe('who was first', () => {
  const other = sampleEvent({ id: 'other' });
  const list = (calendar = calendarAt(graph.base)) =>
    calendar.list({ start: at('2026-11-20T00:00:00Z'), end: at('2026-11-21T00:00:00Z') });
  const ours = { ...OURS, createdDateTime: undefined };

  it('is asked for where one of our bookings shares its slot, once', async () => {
    graph.play(asked =>
      asked.path.endsWith('calendarView')
        ? page(ours, other)
        : {
            status: 200,
            body: { createdDateTime: asked.path === PATH ? '2026-11-20T09:59:00Z' : '2026-11-20T09:58:00Z' },
          },
    );
    const calendar = calendarAt(graph.base);
    const expected = {
      meetings: [
        { id: EVENT, createdAt: at('2026-11-20T09:59:00Z') },
        { id: 'other', createdAt: at('2026-11-20T09:58:00Z') },
      ],
    };
    expect(await list(calendar)).toMatchObject(expected);
    expect(graph.asked).toHaveLength(3);
    expect(await list(calendar)).toMatchObject(expected);
    expect(graph.asked).toHaveLength(4);
  });

  it('is not asked for otherwise', async () => {
    const later = {
      start: { dateTime: '2026-11-20T11:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-11-20T12:00:00', timeZone: 'UTC' },
    };
    for (const events of [
      [ours, { ...other, ...later }],
      [ours, { ...other, showAs: 'free' }],
      [other, sampleEvent({ id: 'third' })],
    ]) {
      graph.play([page(...events)]);
      expect(await list()).toMatchObject({ kind: 'listed', meetings: [{ createdAt: null }, { createdAt: null }] });
      expect(graph.asked).toHaveLength(1);
    }
  });

  it('leaves the list alone when it cannot be had', async () => {
    graph.play(asked =>
      asked.path.endsWith('calendarView') ? page(ours, other) : graphError(403, 'ErrorAccessDenied'),
    );
    expect(await list()).toMatchObject({ kind: 'listed', meetings: [{ createdAt: null }, { createdAt: null }] });
  });

  it('leaves out what has gone by then', async () => {
    graph.play(({ path }) => {
      if (path.endsWith('calendarView')) return page(ours, other);
      if (path !== PATH) return graphError(404, 'ErrorItemNotFound');
      return { status: 200, body: { createdDateTime: '2026-11-20T09:59:00Z' } };
    });
    const listed = await list();
    expect(listed.kind === 'listed' && listed.meetings.map(meeting => meeting.id)).toEqual([EVENT]);
  });
});
