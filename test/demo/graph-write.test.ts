/** Writing into a calendar: idempotency, change keys, partial changes, bad input. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphClient, ROOM, userClient, utc } from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
});
afterAll(() => test.stop());

const EVENTS = `/users/${ROOM}/events`;
const DAY = ['2027-06-01T00:00:00Z', '2027-06-02T00:00:00Z'] as const;
const nine = { subject: 'Walk-up', start: utc('2027-06-01T09:00:00'), end: utc('2027-06-01T09:30:00') };

describe('creating', () => {
  it('makes an event that the room itself organises', async () => {
    const { status, json } = await graph.post(EVENTS, { ...nine, showAs: 'busy', transactionId: 'lintel-1' });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      subject: 'Walk-up',
      isOrganizer: true,
      type: 'singleInstance',
      isCancelled: false,
      transactionId: 'lintel-1',
      responseStatus: { response: 'organizer' },
      organizer: { emailAddress: { address: ROOM } },
    });
    expect(json['@odata.etag']).toBe(`W/"${json.changeKey}"`);
    expect(json.id).toMatch(/=$/);
    expect((await graph.get(`${EVENTS}/${encodeURIComponent(json.id)}`)).json).toEqual({
      ...json,
      '@odata.context': expect.any(String),
    });
    await graph.delete(`${EVENTS}/${json.id}`);
  });

  it('books once for one transactionId, however often it is sent', async () => {
    const send = () => graph.post(EVENTS, { ...nine, transactionId: 'lintel-2' });
    const [first, second] = await Promise.all([send(), send()]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.id).toBe(first.json.id);
    expect((await graph.view(ROOM, ...DAY)).json.value).toHaveLength(1);
    const elsewhere = await graph.post('/users/kestrel@lintel.example/events', { ...nine, transactionId: 'lintel-2' });
    expect(elsewhere.json.id, 'the key is the mailbox’s').not.toBe(first.json.id);
    const moved = await graph.patch(`${EVENTS}/${first.json.id}`, { transactionId: 'lintel-3' });
    expect(moved.json.error.code).toBe('ErrorInvalidPropertySet');
    await graph.delete(`${EVENTS}/${first.json.id}`);
    expect((await send()).json.id, 'what is gone may be booked again').not.toBe(first.json.id);
  });

  it('refuses a known transactionId instead, where a mailbox does so', async () => {
    test.tenant.faults.add({ kind: 'duplicate-refused', mailbox: ROOM });
    const send = () => graph.post(EVENTS, { ...nine, transactionId: 'lintel-4' });
    const first = await send();
    expect(first.status).toBe(201);
    const second = await send();
    expect([second.status, second.json.error.code]).toEqual([409, 'ErrorDuplicateTransactionId']);
    const stored: Json[] = (await graph.view(ROOM, ...DAY)).json.value;
    expect(stored.filter(event => event.transactionId === 'lintel-4')).toHaveLength(1);
    await graph.delete(`${EVENTS}/${first.json.id}`);
    test.tenant.faults.clear();
  });

  it('can double-book: nobody asks the booking policy here', async () => {
    const one = await graph.post(EVENTS, {
      ...nine,
      start: utc('2027-06-01T12:00:00'),
      end: utc('2027-06-01T13:00:00'),
    });
    const two = await graph.post(EVENTS, {
      ...nine,
      start: utc('2027-06-01T12:30:00'),
      end: utc('2027-06-01T13:30:00'),
    });
    expect([one.status, two.status]).toEqual([201, 201]);
  });

  it('keeps the zone it was given in', async () => {
    const at = (dateTime: string) => ({ dateTime, timeZone: 'W. Europe Standard Time' });
    const { json } = await graph.post(EVENTS, {
      subject: 'zoned',
      start: at('2027-06-01T18:00:00'),
      end: at('2027-06-01T19:00:00.0000000'),
    });
    expect(json).toMatchObject({
      originalStartTimeZone: 'W. Europe Standard Time',
      start: { dateTime: '2027-06-01T16:00:00.0000000' },
    });
  });

  it.each([
    ['no start', { subject: 'x', end: nine.end }, 'ErrorRequiredPropertyMissing'],
    ['end before start', { ...nine, end: utc('2027-06-01T08:00:00') }, 'ErrorPropertyValidationFailure'],
    ['unknown property', { ...nine, colour: 'red' }, 'RequestBodyRead'],
    ['unknown value', { ...nine, showAs: 'sleeping' }, 'RequestBodyRead'],
    [
      'unknown zone',
      { ...nine, start: { dateTime: '2027-06-01T09:00:00', timeZone: 'Mars/Olympus' } },
      'TimeZoneNotSupportedException',
    ],
    ['no date', { ...nine, start: utc('soon') }, 'ErrorInvalidParameter'],
    ['all-day that is not', { ...nine, isAllDay: true }, 'ErrorPropertyValidationFailure'],
  ])('refuses %s', async (_name, body, code) => {
    const { status, json } = await graph.post(EVENTS, body, { isWrong: true });
    expect([status, json.error.code]).toEqual([400, code]);
  });
});

describe('changing', () => {
  it('leaves what is not named, and moves the change key', async () => {
    const { json: made } = await graph.post(EVENTS, {
      ...nine,
      start: utc('2027-06-01T15:00:00'),
      end: utc('2027-06-01T15:30:00'),
    });
    const { status, json } = await graph.patch(
      `${EVENTS}/${made.id}`,
      { end: utc('2027-06-01T15:45:00') },
      { headers: { 'if-match': made['@odata.etag'] } },
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: made.id,
      subject: 'Walk-up',
      start: made.start,
      end: { dateTime: '2027-06-01T15:45:00.0000000' },
    });
    expect(json.changeKey).not.toBe(made.changeKey);

    const late = await graph.patch(
      `${EVENTS}/${made.id}`,
      { end: utc('2027-06-01T16:00:00') },
      { headers: { 'if-match': made['@odata.etag'] } },
    );
    expect([late.status, late.json.error.code]).toEqual([412, 'ErrorIrresolvableConflict']);
    const lateDelete = await graph.delete(`${EVENTS}/${made.id}`, { headers: { 'if-match': made['@odata.etag'] } });
    expect(lateDelete.status).toBe(412);
    expect((await graph.delete(`${EVENTS}/${made.id}`, { headers: { 'if-match': json['@odata.etag'] } })).status).toBe(
      204,
    );
    expect((await graph.patch(`${EVENTS}/${made.id}`, { subject: 'x' })).status).toBe(404);
    expect((await graph.delete(`${EVENTS}/${made.id}`)).status).toBe(404);
  });

  it('survives a restart', async () => {
    const { json: made } = await graph.post(EVENTS, {
      ...nine,
      subject: 'kept',
      start: utc('2027-06-01T20:00:00'),
      end: utc('2027-06-01T20:30:00'),
    });
    const before = test.tenant;
    test.tenant.faults.add({ kind: 'drop' });
    await test.restart();
    expect(test.tenant).toMatchObject({
      tenantId: before.tenantId,
      clientSecret: before.clientSecret,
      password: before.password,
      url: before.url,
    });
    expect(test.tenant.faults.list()).toEqual([]);
    expect((await graph.get(`${EVENTS}/${made.id}`)).json, 'the old token still counts').toMatchObject({
      subject: 'kept',
      changeKey: made.changeKey,
    });
  });
});

describe('getSchedule', () => {
  it('tells free and busy, and errors mailbox by mailbox', async () => {
    const { json } = await graph.post(`/users/${test.tenant.username}/calendar/getSchedule`, {
      schedules: [ROOM, 'nobody@lintel.example'],
      startTime: utc('2027-06-01T11:00:00'),
      endTime: utc('2027-06-01T14:00:00'),
      availabilityViewInterval: 30,
    });
    const [room, nobody]: Json[] = json.value;
    expect(room).toMatchObject({ scheduleId: ROOM, availabilityView: '002220' });
    expect(room.scheduleItems).toHaveLength(2);
    expect(nobody.error.responseCode).toBe('ErrorMailRecipientNotFound');
  });
});
