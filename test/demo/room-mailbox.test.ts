/** What a room's mailbox does with invitations, and who may change what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphClient, userClient, utc } from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
let day = 0;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
});
afterAll(() => test.stop());

/** Cedar has Exchange's defaults; Elder was set to show subjects and keep the private flag. */
const CEDAR = 'cedar@lintel.example';
const ELDER = 'elder@lintel.example';
const ME = '/me/events';

/** Each test takes a day of its own, far from the sample. */
function freshDay() {
  day += 1;
  const date = `2027-09-${String(day).padStart(2, '0')}`;
  const at = (time: string) => utc(`${date}T${time}:00`);
  const roomCopies = async (room: string): Promise<Json[]> =>
    (await graph.view(room, `${date}T08:00:00Z`, `${date}T23:59:00Z`)).json.value;
  const invite = (room: string, from: string, to: string, more: object = {}) =>
    graph.post(ME, {
      subject: 'Budget',
      body: { contentType: 'html', content: '<p>secret agenda</p>' },
      start: at(from),
      end: at(to),
      attendees: [{ emailAddress: { address: room, name: 'Room' }, type: 'resource' }],
      ...more,
    });
  const bookAsOther = (room: string, from: string, to: string, more: object = {}) =>
    test.control('POST', `/rooms/${room}/meetings`, {
      organizer: 'ase.brathen@lintel.example',
      subject: 'Theirs',
      start: `${date}T${from}:00Z`,
      end: `${date}T${to}:00Z`,
      ...more,
    });
  return { date, at, roomCopies, invite, bookAsOther };
}

describe('an invited room', () => {
  it('accepts, and puts the organiser’s name where the subject was', async () => {
    const { invite, roomCopies } = freshDay();
    const { json: mine } = await invite(CEDAR, '09:00', '10:00', { sensitivity: 'private' });
    expect(mine.attendees[0]).toMatchObject({ type: 'resource', status: { response: 'accepted' } });
    const [copy] = await roomCopies(CEDAR);
    expect(copy).toMatchObject({
      subject: 'Lintel Panels ',
      sensitivity: 'normal',
      isOrganizer: false,
      showAs: 'busy',
      iCalUId: mine.iCalUId,
      responseStatus: { response: 'accepted' },
      organizer: { emailAddress: { address: test.tenant.username } },
    });
    expect(copy.body.content).toBe('');
    expect(copy.id).not.toBe(mine.id);
  });

  it('keeps subject and private flag where the admin set it so', async () => {
    const { invite, roomCopies } = freshDay();
    await invite(ELDER, '09:00', '10:00', { sensitivity: 'private' });
    expect((await roomCopies(ELDER))[0]).toMatchObject({ subject: 'Budget', sensitivity: 'private' });
    await test.control('PATCH', `/rooms/${ELDER}/processing`, { removesPrivate: true });
    await invite(ELDER, '10:00', '11:00', { sensitivity: 'private' });
    expect((await roomCopies(ELDER))[1]).toMatchObject({ subject: 'Budget', sensitivity: 'normal' });
  });

  it('declines what collides, one clash being enough for a series', async () => {
    const { invite, roomCopies, bookAsOther, date } = freshDay();
    expect((await bookAsOther(CEDAR, '09:00', '10:00')).status).toBe(201);
    const { json: late } = await invite(CEDAR, '09:30', '10:30');
    expect(late.attendees[0].status.response).toBe('declined');
    const recurrence = {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate: date, numberOfOccurrences: 2 },
    };
    const { json: series } = await invite(CEDAR, '09:45', '10:45', { recurrence });
    expect(series.attendees[0].status.response).toBe('declined');
    expect((await invite(CEDAR, '10:00', '11:00')).json.attendees[0].status.response, 'back to back is no clash').toBe(
      'accepted',
    );
    expect(await roomCopies(CEDAR)).toHaveLength(2);
  });

  it('follows when the organiser moves the meeting, and overrides what was changed on the copy', async () => {
    const { invite, roomCopies, at } = freshDay();
    const { json: mine } = await invite(CEDAR, '09:00', '10:00');
    const [copy] = await roomCopies(CEDAR);
    await graph.patch(`/users/${CEDAR}/events/${copy.id}`, { end: at('09:20') });
    expect((await roomCopies(CEDAR))[0].end).toEqual({
      dateTime: `${copy.end.dateTime.slice(0, 11)}09:20:00.0000000`,
      timeZone: 'UTC',
    });
    expect((await graph.get(`${ME}/${mine.id}`)).json.end, 'the organiser’s own stays').toEqual(mine.end);
    await graph.patch(`${ME}/${mine.id}`, { start: at('11:00'), end: at('12:00') });
    expect((await roomCopies(CEDAR)).map(event => event.start.dateTime.slice(11, 16))).toEqual(['11:00']);
  });

  it('keeps a cancelled meeting, marked; or drops it where set so', async () => {
    const { invite, roomCopies } = freshDay();
    const { json: mine } = await invite(CEDAR, '09:00', '10:00');
    expect(
      (await graph.post(`/users/${test.tenant.username}/events/${mine.id}/cancel`, { comment: 'sorry' })).status,
    ).toBe(202);
    expect((await roomCopies(CEDAR))[0]).toMatchObject({
      isCancelled: true,
      showAs: 'free',
      subject: 'Canceled: Lintel Panels ',
    });
    expect((await graph.get(`${ME}/${mine.id}`)).status).toBe(404);
    const { json: other } = await invite('juniper@lintel.example', '09:00', '10:00');
    await graph.delete(`${ME}/${other.id}`);
    expect(await roomCopies('juniper@lintel.example')).toEqual([]);
  });
});

describe('somebody else’s meeting on the room’s calendar', () => {
  it('cannot be cancelled by the room', async () => {
    const { bookAsOther } = freshDay();
    const { json } = await bookAsOther(CEDAR, '09:00', '10:00');
    const refused = await graph.post(`/users/${CEDAR}/events/${json.id}/cancel`, { comment: '' });
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toBe(
      "Your request can't be completed. You need to be an organizer to cancel a meeting.",
    );
  });

  it('can be declined: the copy goes, the organiser is told', async () => {
    const { bookAsOther, roomCopies } = freshDay();
    const { json } = await bookAsOther(CEDAR, '09:00', '10:00');
    const declined = await graph.post(`/users/${CEDAR}/events/${json.id}/decline`, {
      comment: 'nobody came',
      sendResponse: true,
    });
    expect([declined.status, declined.text]).toEqual([202, '']);
    expect(await roomCopies(CEDAR)).toEqual([]);
    const [message] = (await test.control('GET', '/messages')).json;
    expect(message).toMatchObject({
      kind: 'declined',
      sender: CEDAR,
      recipient: 'ase.brathen@lintel.example',
      comment: 'nobody came',
    });
  });

  it('can be declined as a whole series, by its master', async () => {
    const { bookAsOther, date } = freshDay();
    const recurrence = {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate: date, numberOfOccurrences: 3 },
    };
    const series = await bookAsOther(CEDAR, '17:00', '17:30', { recurrence });
    const days = async (): Promise<Json[]> =>
      (await graph.view(CEDAR, `${date}T17:00:00Z`, '2027-12-31T00:00:00Z', '&$top=300')).json.value.filter(
        (event: Json) => event.start.dateTime.includes('T17:00'),
      );
    const [, second] = await days();
    expect(second.seriesMasterId).toBe(series.json.id);
    await graph.patch(`/users/${CEDAR}/events/${second.id}`, { showAs: 'tentative' });
    const declined = await graph.post(`/users/${CEDAR}/events/${second.seriesMasterId}/decline`, {
      comment: 'three no-shows in a row',
      sendResponse: true,
    });
    expect(declined.status).toBe(202);
    expect(await days(), 'the occurrence that differed goes, too').toEqual([]);
    const [message] = (await test.control('GET', '/messages')).json;
    expect(message).toMatchObject({
      kind: 'declined',
      recipient: 'ase.brathen@lintel.example',
      comment: 'three no-shows in a row',
    });
  });

  it('stays when declined, marked, where the mailbox keeps what it declined', async () => {
    const { bookAsOther, roomCopies, date } = freshDay();
    await test.control('PATCH', `/rooms/${CEDAR}/processing`, { keepsDeclined: true });
    const { json } = await bookAsOther(CEDAR, '09:00', '10:00');
    await graph.post(`/users/${CEDAR}/events/${json.id}/decline`, { comment: 'kept', sendResponse: true });
    expect(await roomCopies(CEDAR)).toMatchObject([
      { id: json.id, isCancelled: false, showAs: 'free', responseStatus: { response: 'declined' } },
    ]);
    expect((await bookAsOther(CEDAR, '09:00', '10:00')).status, `${date} is free again`).toBe(201);
    await test.control('PATCH', `/rooms/${CEDAR}/processing`, { keepsDeclined: false });
  });

  it('can be deleted from the room alone', async () => {
    const { bookAsOther, roomCopies } = freshDay();
    const before = (await test.control('GET', '/messages')).json.length;
    const { json } = await bookAsOther(CEDAR, '09:00', '10:00');
    expect((await graph.delete(`/users/${CEDAR}/events/${json.id}`)).status).toBe(204);
    expect(await roomCopies(CEDAR)).toEqual([]);
    expect((await test.control('GET', '/messages')).json.length, 'only the acceptance').toBe(before + 1);
  });

  it('can be declined one occurrence at a time', async () => {
    const { bookAsOther, date } = freshDay();
    const recurrence = {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate: date, numberOfOccurrences: 3 },
    };
    await bookAsOther(CEDAR, '13:00', '13:30', { recurrence });
    const days = async (): Promise<Json[]> =>
      (await graph.view(CEDAR, `${date}T12:30:00Z`, '2027-12-31T00:00:00Z', '&$top=300')).json.value.filter(
        (event: Json) => event.start.dateTime.includes('T13:00'),
      );
    const [first, second] = await days();
    await graph.post(`/users/${CEDAR}/events/${first.id}/decline`, { comment: '', sendResponse: true });
    expect((await days()).map(event => event.id)).toContain(second.id);
    expect((await days()).map(event => event.id)).not.toContain(first.id);
    expect(await days()).toHaveLength(2);
    const cancelled = await test.control('DELETE', `/rooms/${CEDAR}/meetings/${encodeURIComponent(second.id)}`);
    expect(cancelled.status).toBe(204);
    expect((await days()).map(event => event.isCancelled)).toEqual([true, false]);
  });
});

describe('what the room organises', () => {
  it('cannot be declined by the room', async () => {
    const { at } = freshDay();
    const { json } = await graph.post(`/users/${CEDAR}/events`, {
      subject: 'Walk-up',
      start: at('09:00'),
      end: at('10:00'),
    });
    const refused = await graph.post(`/users/${CEDAR}/events/${json.id}/decline`, { comment: '' });
    expect(refused.status).toBe(400);
    expect(refused.json.error.message).toMatch(/meeting organizer/);
    expect((await graph.post(`/users/${CEDAR}/events/${json.id}/cancel`, {})).status).toBe(202);
    expect((await graph.get(`/users/${CEDAR}/events/${json.id}`)).status).toBe(404);
  });
});
