import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BookRequest, Invitations } from '../../../src/calendar/room-calendar.ts';
import { BookingKey, EventId } from '../../../src/contract/values/ids.ts';
import { loadGraphContract } from '../../support/graph-contract.ts';
import { at, calendarAt, graphError, INVITER, page, type Say, type Stub, sampleEvent, startStub } from './stub.ts';

const contract = await loadGraphContract();
let graph: Stub;
beforeAll(async () => {
  graph = await startStub(contract);
});
afterAll(() => graph.stop());
afterEach(() => expect(graph.problems).toEqual([]));

const KEY = v.parse(BookingKey, 'lintel-00112233445566778899aabbccddeeff');
const SPAN = { start: at('2026-11-20T10:00:00Z'), end: at('2026-11-20T11:00:00Z') };
const REQUEST: BookRequest = { key: KEY, span: SPAN, title: 'Walk-up' };
const UID = '040000008200E00074C5B7101A82E008';
const ID = v.parse(EventId, 'AAMkAGVmMDEz/+A=');
const PATH = '/v1.0/me/events/AAMkAGVmMDEz%2F%2BA%3D';
const OURS = sampleEvent({ transactionId: KEY, isOrganizer: true, responseStatus: { response: 'organizer' } });
const INVITED = { kind: 'invited', invitation: ID, uid: UID, span: SPAN };
const methods = () => graph.asked.map(one => one.method).join(' ');
const paths = () => graph.asked.map(one => one.path);

function invitations(inviter = INVITER): Invitations {
  const made = calendarAt(graph.base, { inviter }).invitations;
  if (made === null) throw new Error('nobody invites');
  return made;
}

it('are not there without an inviter', () => {
  expect(calendarAt(graph.base).invitations).toBeNull();
});

it("are sent from the account's own mailbox by an application", async () => {
  graph.play([{ status: 201, body: OURS }]);
  expect(await invitations({ ...INVITER, isSignedIn: false }).send(REQUEST)).toMatchObject({ kind: 'invited' });
  expect(paths()).toEqual(['/v1.0/users/lintel%40contoso.example/events']);
});

describe('send', () => {
  it('asks the room as a resource, under the key, and names it as people do', async () => {
    graph.play([{ status: 201, body: OURS }]);
    expect(await invitations().send(REQUEST)).toEqual(INVITED);
    expect(graph.asked).toMatchObject([{ method: 'POST', path: '/v1.0/me/events' }]);
    expect(JSON.parse(graph.asked[0]?.body ?? '')).toEqual({
      subject: 'Walk-up',
      start: { dateTime: '2026-11-20T10:00:00.000', timeZone: 'UTC' },
      end: { dateTime: '2026-11-20T11:00:00.000', timeZone: 'UTC' },
      showAs: 'busy',
      transactionId: KEY,
      location: {
        displayName: 'Aspen',
        locationEmailAddress: 'room.aspen@contoso.example',
        locationType: 'conferenceRoom',
      },
      attendees: [{ type: 'resource', emailAddress: { address: 'room.aspen@contoso.example' } }],
    });
  });

  it.each<[string, Say[], string]>([
    ['200 with the event of the first time', [{ status: 200, body: OURS }], 'POST'],
    ['409 for a key it knows', [graphError(409, 'ErrorDuplicateTransactionId'), page(sampleEvent(), OURS)], 'POST GET'],
    ['a lost reply', ['drop', { status: 200, body: OURS }], 'POST POST'],
    ['a missed deadline', ['hang', { status: 200, body: OURS }], 'POST POST'],
    ['three lost replies, but it is there', ['drop', 'cut', 'drop', page(OURS)], 'POST POST POST GET'],
    ['201 without a body', [{ status: 201 }, page(OURS)], 'POST GET'],
  ])('invites once: %s', async (_, script, expected) => {
    graph.play(script);
    expect(await invitations().send(REQUEST)).toEqual(INVITED);
    expect(methods()).toBe(expected);
    if (expected.endsWith('GET')) expect(paths().at(-1)).toBe('/v1.0/me/calendarView');
    expect(new Set(graph.asked.filter(one => one.method === 'POST').map(one => one.body)).size).toBe(1);
  });

  it.each<[string, Say[], object]>([
    ['taken back since', [graphError(409, 'x'), page()], { kind: 'refused', why: 'gone' }],
    ['not allowed', [graphError(403, 'ErrorAccessDenied')], { kind: 'refused', why: 'not-allowed' }],
    ['lost, and not there yet', ['drop', 'drop', 'drop', page()], { problem: 'unreachable', isOutcomeUnknown: true }],
    ['throttled', [graphError(429, 'x', { 'retry-after': '2.5' })], { retryAfter: 2500, isOutcomeUnknown: false }],
    [
      'an event without a UID',
      [{ status: 201, body: { ...OURS, iCalUId: null } }],
      { problem: 'misunderstood', isOutcomeUnknown: true },
    ],
  ])('did not invite, or nobody knows: %s', async (_, script, expected) => {
    graph.play(script);
    expect(await invitations().send(REQUEST)).toMatchObject(expected);
  });
});

describe('find by the UID', () => {
  it('asks by the UID, whatever is in it', async () => {
    const uid = "O'Hara&x=1#+@x";
    graph.play([page({ ...OURS, iCalUId: uid })]);
    expect(await invitations().find({ uid })).toEqual({ ...INVITED, uid });
    const [{ path, query } = { path: '', query: '' }] = graph.asked;
    expect(path).toBe('/v1.0/me/events');
    expect(new URLSearchParams(query).get('$filter')).toBe("iCalUId eq 'O''Hara&x=1#+@x'");
  });

  it.each<[string, Say, object]>([
    ['there is none', page(), { kind: 'refused', why: 'gone' }],
    ['it was cancelled', page({ ...OURS, isCancelled: true }), { kind: 'refused', why: 'gone' }],
    ['not booked by a panel', page({ ...OURS, transactionId: null }), { kind: 'refused', why: 'not-allowed' }],
    ['it is another', page({ ...OURS, iCalUId: 'other' }), { kind: 'refused', why: 'gone' }],
    ['not allowed', graphError(403, 'ErrorAccessDenied'), { kind: 'refused', why: 'not-allowed' }],
    ['stumbling', graphError(500, 'x'), { problem: 'provider-error', isOutcomeUnknown: false }],
    ['no list', { status: 200, body: { value: 1 } }, { problem: 'misunderstood', isOutcomeUnknown: false }],
  ])('finds nothing: %s', async (_, say, expected) => {
    graph.play([say]);
    expect(await invitations().find({ uid: UID })).toMatchObject(expected);
  });
});

describe('find by its key', () => {
  it.each<[string, Say, object]>([
    ['there', page(sampleEvent({ id: 'x' }), OURS), INVITED],
    ['never arrived', page(sampleEvent()), { kind: 'refused', why: 'gone' }],
    ['cancelled', page({ ...OURS, isCancelled: true }), { kind: 'refused', why: 'gone' }],
    ['stumbling', graphError(500, 'x'), { problem: 'provider-error', isOutcomeUnknown: false }],
  ])('looks, and sends nothing: %s', async (_, say, expected) => {
    graph.play([say]);
    expect(await invitations().find({ key: KEY, span: SPAN })).toMatchObject(expected);
    expect(new Set(paths())).toEqual(new Set(['/v1.0/me/calendarView']));
    expect(methods()).not.toMatch(/POST|PATCH|DELETE/);
  });
});

describe('answerTo', () => {
  const room = (response: unknown, address = 'Room.Aspen@contoso.example') => ({
    type: 'resource',
    emailAddress: { name: 'Aspen', address },
    status: { response, time: '0001-01-01T00:00:00Z' },
  });
  const asks = (all: unknown[], more = {}): Say => ({
    status: 200,
    body: { attendees: all, transactionId: KEY, type: 'singleInstance', ...more },
  });
  const attendees = (...all: unknown[]): Say => asks(all);

  it.each<[string, Say, string]>([
    ['accepted', attendees(room('accepted')), 'accepted'],
    ['declined', attendees(room('declined')), 'declined'],
    ['somebody has to approve it', attendees(room('tentativelyAccepted')), 'pending'],
    ['not yet', attendees(room('notResponded')), 'pending'],
    ['none', attendees(room('none')), 'pending'],
    ['empty', attendees(room('')), 'pending'],
    ['a word of the future', attendees(room('maybe')), 'pending'],
    ['no status', attendees({ ...room('accepted'), status: null }), 'pending'],
    ["another's", attendees(room('accepted', 'kari@contoso.example'), room('none')), 'pending'],
  ])('%s', async (_, say, answer) => {
    graph.play([say]);
    expect(await invitations().answerTo(ID)).toEqual({ kind: 'answered', answer });
    expect(graph.asked).toMatchObject([{ method: 'GET', path: PATH, query: '$select=attendees,transactionId,type' }]);
  });

  it.each<[string, Say, object]>([
    ['gone', graphError(404, 'ErrorItemNotFound'), { kind: 'refused', why: 'gone' }],
    ['this room is not invited', attendees(room('accepted', 'kari@contoso.example')), { kind: 'refused', why: 'gone' }],
    ['a person made it', asks([room('accepted')], { transactionId: null }), { kind: 'refused', why: 'not-allowed' }],
    [
      'another program made it',
      asks([room('accepted')], { transactionId: 'localevent:9f' }),
      { kind: 'refused', why: 'not-allowed' },
    ],
    [
      'somebody made a series of it',
      asks([room('accepted')], { type: 'seriesMaster' }),
      { kind: 'refused', why: 'not-allowed' },
    ],
    ['no event', { status: 200, body: {} }, { problem: 'misunderstood' }],
    ['late', 'hang', { problem: 'unreachable', isOutcomeUnknown: false }],
  ])('no answer: %s', async (_, say, expected) => {
    graph.play([say]);
    expect(await invitations().answerTo(ID)).toMatchObject(expected);
  });
});

describe('of a room that is addressed by an alias', () => {
  const CALENDAR = '/v1.0/users/room.aspen%40contoso.example/calendar';
  const invited = {
    status: 200,
    body: {
      transactionId: KEY,
      attendees: [{ emailAddress: { address: 'Aspen@contoso.example' }, status: { response: 'accepted' } }],
    },
  };
  const owner = (address: string): Say => ({ status: 200, body: { owner: { name: 'Aspen', address } } });
  const saying = (about: Say) => graph.play(({ path }) => (path === CALENDAR ? about : invited));

  it("the answer is known by its mailbox's own address, which is asked for once", async () => {
    saying(owner('aspen@contoso.example'));
    const made = invitations();
    for (let n = 0; n < 2; n++) expect(await made.answerTo(ID)).toEqual({ kind: 'answered', answer: 'accepted' });
    expect(paths()).toEqual([PATH, CALENDAR, PATH]);
  });

  it.each<[string, Say, object]>([
    ['it is another room', owner('birch@contoso.example'), { kind: 'refused', why: 'gone' }],
    ['nobody may say', graphError(403, 'ErrorAccessDenied'), { kind: 'refused', why: 'gone' }],
    ['nobody can say for a while', 'hang', { kind: 'failed', problem: 'unreachable' }],
  ])('no answer: %s', async (_, about, expected) => {
    saying(about);
    expect(await invitations().answerTo(ID)).toMatchObject(expected);
  });
});

describe('changeEnd', () => {
  const END = at('2026-11-20T11:30:00Z');
  const longer = { ...OURS, end: { dateTime: '2026-11-20T11:30:00.0000000', timeZone: 'UTC' } };

  it.each<[string, Say[], object, string]>([
    ['done', [{ status: 200, body: longer }], { kind: 'done' }, 'PATCH'],
    ['lost, and done', ['drop', { status: 200, body: longer }], { kind: 'done' }, 'PATCH GET'],
    ['lost, and not done', ['drop', { status: 200, body: OURS }], { isOutcomeUnknown: true }, 'PATCH GET'],
    ['gone', [graphError(404, 'ErrorItemNotFound')], { kind: 'refused', why: 'gone' }, 'PATCH'],
  ])('%s', async (_, script, expected, sent) => {
    graph.play(script);
    expect(await invitations().changeEnd(ID, END)).toMatchObject(expected);
    expect(methods()).toBe(sent);
    expect(graph.asked[0]?.path).toBe(PATH);
    expect(JSON.parse(graph.asked[0]?.body ?? '')).toEqual({
      end: { dateTime: '2026-11-20T11:30:00.000', timeZone: 'UTC' },
    });
    expect(graph.asked[0]?.headers).not.toHaveProperty('if-match');
  });
});

describe('withdraw', () => {
  it.each<[string, Say, object]>([
    ['done', { status: 204 }, { kind: 'done' }],
    ['already gone', graphError(404, 'ErrorItemNotFound'), { kind: 'done' }],
    ['not allowed', graphError(403, 'ErrorAccessDenied'), { kind: 'refused', why: 'not-allowed' }],
    ['lost', 'drop', { problem: 'unreachable', isOutcomeUnknown: true }],
  ])('%s', async (_, say, expected) => {
    graph.play([say]);
    expect(await invitations().withdraw(ID)).toMatchObject(expected);
    expect(graph.asked).toMatchObject([{ method: 'DELETE', path: PATH }]);
  });
});
