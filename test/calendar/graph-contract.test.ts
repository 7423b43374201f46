import { describe, expect, it } from 'vitest';
import { type GraphRequest, type GraphResponse, loadGraphContract } from '../support/graph-contract.ts';
import { sampleEvent } from './graph/stub.ts';

const contract = await loadGraphContract();

const ROOM = '/v1.0/users/room.aspen%40contoso.example';
const JSON_TYPE = { 'content-type': 'application/json' };
const DAY = { startDateTime: '2026-11-20T00:00:00Z', endDateTime: '2026-11-21T00:00:00Z' };
const AT = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
const BOOKING = {
  subject: 'Walk-up',
  start: AT('2026-11-20T10:00:00.000'),
  end: AT('2026-11-20T10:30:00.000'),
  showAs: 'busy',
  transactionId: 'lintel-00112233445566778899aabbccddeeff',
};

const INVITATION = {
  ...BOOKING,
  location: {
    displayName: 'Aspen',
    locationEmailAddress: 'room.aspen@contoso.example',
    locationType: 'conferenceRoom',
  },
  attendees: [{ type: 'resource', emailAddress: { address: 'room.aspen@contoso.example' } }],
};
const FREE_BUSY = {
  schedules: ['room.aspen@contoso.example'],
  startTime: AT('2026-11-20T00:00:00'),
  endTime: AT('2026-11-21T00:00:00'),
};

const get = (path: string, query: GraphRequest['query'] = {}): GraphRequest => ({ method: 'GET', path, query });
const send = (method: string, path: string, body: unknown): GraphRequest => ({
  method,
  path,
  headers: JSON_TYPE,
  body,
});

const KNOWN: Record<string, GraphRequest> = {
  'a window': get(`${ROOM}/calendarView`, { ...DAY, $select: 'id,subject,start', $top: '200' }),
  'one event': get(`${ROOM}/events/AAMk%2FAA%3D`, { $select: 'createdDateTime' }),
  'a booking': send('POST', `${ROOM}/events`, BOOKING),
  'a booking as text': send('POST', `${ROOM}/events`, JSON.stringify(BOOKING)),
  'a new end': send('PATCH', `${ROOM}/events/AAMk`, { end: AT('2026-11-20T10:45:00.000') }),
  'a decline': send('POST', `${ROOM}/events/AAMk/decline`, { comment: 'Nobody came.', sendResponse: true }),
  'a removal': { method: 'DELETE', path: `${ROOM}/events/AAMk`, headers: { 'if-match': 'W/"1"' } },
  'the rooms': get('/v1.0/places/microsoft.graph.room', { $top: '100' }),
  'free/busy': send('POST', `${ROOM}/calendar/getSchedule`, { ...FREE_BUSY, availabilityViewInterval: 30 }),
  'free/busy through the account': send('POST', '/v1.0/me/calendar/getSchedule', FREE_BUSY),
  'an invitation': send('POST', '/v1.0/me/events', INVITATION),
  'an invitation by an application': send('POST', '/v1.0/users/lintel%40contoso.example/events', INVITATION),
  "the inviter's window": get('/v1.0/me/calendarView', { ...DAY, $select: 'id,iCalUId,seriesMasterId' }),
  'an invitation by its UID': get('/v1.0/me/events', { $filter: "iCalUId eq 'x'", $select: 'id,iCalUId' }),
  "the room's answer": get('/v1.0/me/events/AAMk', { $select: 'attendees' }),
  "an invitation's new end": send('PATCH', '/v1.0/me/events/AAMk', { end: AT('2026-11-20T10:45:00.000') }),
  'an invitation taken back': { method: 'DELETE', path: '/v1.0/me/events/AAMk' },
};

const UNKNOWN: Record<string, GraphRequest> = {
  'an unknown path': get(`${ROOM}/kalender`),
  'the beta version': get('/beta/users/x/calendarView', DAY),
  'an unknown method': send('PUT', `${ROOM}/events/AAMk`, BOOKING),
  'a window without its end': get(`${ROOM}/calendarView`, { startDateTime: DAY.startDateTime }),
  'an unknown query parameter': get(`${ROOM}/calendarView`, { ...DAY, $fancy: '1' }),
  'an unknown property in $select': get(`${ROOM}/calendarView`, { ...DAY, $select: 'id,subjct' }),
  'an unknown order': get(`${ROOM}/calendarView`, { ...DAY, $orderby: 'start/dateTime' }),
  'a $top that is no number': get(`${ROOM}/calendarView`, { ...DAY, $top: 'all' }),
  'a mistyped property': send('POST', `${ROOM}/events`, { ...BOOKING, subjekt: 'x' }),
  'a property of the wrong type': send('POST', `${ROOM}/events`, { ...BOOKING, subject: 7 }),
  'an unknown showAs': send('POST', `${ROOM}/events`, { ...BOOKING, showAs: 'occupied' }),
  'a time without a zone': send('POST', `${ROOM}/events`, { ...BOOKING, start: { dateTime: '2026-11-20T10:00' } }),
  'a time as a string': send('PATCH', `${ROOM}/events/AAMk`, { end: '2026-11-20T10:45:00Z' }),
  'a mistyped property in a time': send('PATCH', `${ROOM}/events/AAMk`, { end: { ...AT('2026-11-20T10:45'), tz: 1 } }),
  'a create without a body': { method: 'POST', path: `${ROOM}/events`, headers: JSON_TYPE },
  'a body that is not JSON': send('POST', `${ROOM}/events`, '{"subject":'),
  'a body that is not called JSON': {
    ...send('POST', `${ROOM}/events`, BOOKING),
    headers: { 'content-type': 'text/plain' },
  },
  'a body on a read': { ...get(`${ROOM}/calendarView`, DAY), body: {}, headers: JSON_TYPE },
  'a decline with a mistyped word': send('POST', `${ROOM}/events/AAMk/decline`, { comment: 'x', sendReponse: true }),
  'a decline whose answer is a word': send('POST', `${ROOM}/events/AAMk/decline`, { sendResponse: 'yes' }),
  'an unknown kind of attendee': send('POST', '/v1.0/me/events', {
    ...INVITATION,
    attendees: [{ type: 'room', emailAddress: { address: 'x' } }],
  }),
  'an attendee without a shape': send('POST', '/v1.0/me/events', { ...INVITATION, attendees: ['room.aspen'] }),
  'a mistyped address': send('POST', '/v1.0/me/events', {
    ...INVITATION,
    attendees: [{ type: 'resource', emailAddress: { adress: 'x' } }],
  }),
  'an unknown kind of place': send('POST', '/v1.0/me/events', { ...INVITATION, location: { locationType: 'meeting' } }),
  'free/busy as a question': get('/v1.0/me/calendar/getSchedule'),
  'free/busy without a body': { method: 'POST', path: '/v1.0/me/calendar/getSchedule', headers: JSON_TYPE },
  'free/busy of rooms by another name': send('POST', '/v1.0/me/calendar/getSchedule', { ...FREE_BUSY, rooms: [] }),
  'free/busy from a string': send('POST', '/v1.0/me/calendar/getSchedule', { ...FREE_BUSY, startTime: '2026-11-20' }),
  'free/busy of one room': send('POST', '/v1.0/me/calendar/getSchedule', { ...FREE_BUSY, schedules: 'x' }),
  'an unknown property in an answer': get('/v1.0/me/events/AAMk', { $select: 'attendees,answers' }),
  'an unknown option on one event': get('/v1.0/me/events/AAMk', { $filter: "iCalUId eq 'x'" }),
  // Its own, not a hole in the file: only the slice of `/me` lacks it, so that invitations are taken back with DELETE.
  'a cancellation through the account': send('POST', '/v1.0/me/events/AAMk/cancel', { comment: 'x' }),
  'an id that was not encoded': { method: 'DELETE', path: `${ROOM}/events/AA/Mk` },
};

const VIEW = { method: 'GET', path: `${ROOM}/calendarView` };
const EVENTS = { method: 'POST', path: `${ROOM}/events` };
const page = (event: unknown) => ({ '@odata.context': 'https://graph.example/v1.0/$metadata', value: [event] });

const POSSIBLE: Record<string, GraphResponse> = {
  'a page of events': { ...VIEW, status: 200, body: page(sampleEvent()) },
  'a created event': { ...EVENTS, status: 201, body: sampleEvent() },
  'an error': { ...VIEW, status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } },
  'free/busy': {
    method: 'POST',
    path: '/v1.0/me/calendar/getSchedule',
    status: 200,
    body: {
      value: [
        {
          scheduleId: 'a@x',
          scheduleItems: [{ status: 'busy', start: AT('2026-11-20T10:00'), end: AT('2026-11-20T11:00') }],
        },
        { scheduleId: 'b@x', scheduleItems: [], error: { message: 'x', responseCode: 'ErrorMailRecipientNotFound' } },
      ],
    },
  },
  "the room's answer": {
    method: 'GET',
    path: '/v1.0/me/events/AAMk',
    status: 200,
    body: {
      attendees: [
        {
          type: 'resource',
          emailAddress: { name: 'Aspen', address: 'room.aspen@contoso.example' },
          status: { response: 'accepted', time: '2026-11-20T10:00:00Z' },
        },
      ],
    },
  },
  'an accepted decline': { method: 'POST', path: `${ROOM}/events/AAMk/decline`, status: 202 },
  'a removal': { method: 'DELETE', path: `${ROOM}/events/AAMk`, status: 204 },
};

const IMPOSSIBLE: Record<string, GraphResponse> = {
  'a page that is a bare list': { ...VIEW, status: 200, body: [sampleEvent()] },
  'a page with a mistyped property': { ...VIEW, status: 200, body: { ...page(sampleEvent()), values: [] } },
  'an event with a number for its subject': { ...VIEW, status: 200, body: page(sampleEvent({ subject: 7 })) },
  'an event with an unknown showAs': { ...VIEW, status: 200, body: page(sampleEvent({ showAs: 'occupied' })) },
  'an event whose start is a string': { ...EVENTS, status: 201, body: sampleEvent({ start: '2026-11-20T10:00:00Z' }) },
  'a creation time without an offset': {
    ...EVENTS,
    status: 201,
    body: sampleEvent({ createdDateTime: '2026-11-20T10:00:00' }),
  },
  'an error without a message': { ...VIEW, status: 404, body: { error: { code: 'ErrorItemNotFound' } } },
  'an error that is a web page': { ...VIEW, status: 502, body: '<html></html>' },
  'a redirect': { ...VIEW, status: 302 },
  'free/busy of an unknown status': {
    method: 'POST',
    path: '/v1.0/me/calendar/getSchedule',
    status: 200,
    body: { value: [{ scheduleItems: [{ status: 'away' }] }] },
  },
  'an unknown answer of the room': {
    method: 'GET',
    path: '/v1.0/me/events/AAMk',
    status: 200,
    body: { attendees: [{ status: { response: 'yes' } }] },
  },
  'a removal with a body': { method: 'DELETE', path: `${ROOM}/events/AAMk`, status: 204, body: {} },
  'a created event without a body': { ...EVENTS, status: 201 },
};

describe.skipIf(contract === null)("Microsoft's Graph description", () => {
  it.each(Object.entries(KNOWN))('knows %s', (_, request) => {
    expect(contract?.checkRequest(request)).toEqual([]);
  });
  it.each(Object.entries(UNKNOWN))('refuses %s', (_, request) => {
    expect(contract?.checkRequest(request)).not.toEqual([]);
  });
  it.each(Object.entries(POSSIBLE))('allows as an answer: %s', (_, response) => {
    expect(contract?.checkResponse(response)).toEqual([]);
  });
  it.each(Object.entries(IMPOSSIBLE))('refuses as an answer: %s', (_, response) => {
    expect(contract?.checkResponse(response)).not.toEqual([]);
  });
});

it('is absent by answering null, so that tests can skip by name', async () => {
  const before = process.env.LINTEL_GRAPH_CONTRACT;
  process.env.LINTEL_GRAPH_CONTRACT = '/nowhere/contract.json';
  try {
    expect(await loadGraphContract()).toBeNull();
  } finally {
    if (before === undefined) delete process.env.LINTEL_GRAPH_CONTRACT;
    else process.env.LINTEL_GRAPH_CONTRACT = before;
  }
});
