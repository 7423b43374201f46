/** What is the same on every copy of a meeting, and how a copy is found by it. */
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
const attendees = [{ emailAddress: { address: ROOM, name: 'Elder' }, type: 'resource' }];
const byUid = (owner: string, uid: string) =>
  graph.get(`${owner}/events?$filter=${encodeURIComponent(`iCalUId eq '${uid}'`)}`);

describe('a meeting and its copies', () => {
  it('share the iCalUId, not the id nor the transactionId', async () => {
    const { json: mine } = await graph.post('/me/events', {
      subject: 'Budget',
      start: utc('2027-06-01T09:00:00'),
      end: utc('2027-06-01T09:30:00'),
      transactionId: 'lintel-invite-1',
      attendees,
    });
    const { json } = await byUid(`/users/${ROOM}`, mine.iCalUId);
    expect(json.value).toHaveLength(1);
    const [copy] = json.value;
    expect(copy).toMatchObject({ iCalUId: mine.iCalUId, transactionId: null, isOrganizer: false, subject: 'Budget' });
    expect(copy.id).not.toBe(mine.id);
    expect((await byUid('/me', mine.iCalUId)).json.value).toMatchObject([
      { id: mine.id, transactionId: 'lintel-invite-1' },
    ]);
    expect((await byUid('/me', 'nobody’s')).json.value).toEqual([]);
  });

  it('share one for each occurrence of a series, whose master they name', async () => {
    const range = { type: 'numbered', startDate: '2027-06-07', numberOfOccurrences: 3 };
    const { json: mine } = await graph.post('/me/events', {
      subject: 'Daily',
      start: utc('2027-06-07T09:00:00'),
      end: utc('2027-06-07T09:30:00'),
      recurrence: { pattern: { type: 'daily', interval: 1 }, range },
      transactionId: 'lintel-invite-2',
      attendees,
    });
    const week = ['2027-06-07T00:00:00Z', '2027-06-12T00:00:00Z'] as const;
    const ours: Json[] = (await graph.view(test.tenant.username, ...week)).json.value;
    await graph.patch(`${EVENTS}/${(await graph.view(ROOM, ...week)).json.value[1].id}`, { showAs: 'tentative' });
    const theirs: Json[] = (await graph.view(ROOM, ...week)).json.value;
    expect(theirs.map(event => event.type)).toEqual(['occurrence', 'exception', 'occurrence']);
    expect(theirs.map(event => event.iCalUId)).toEqual(ours.map(event => event.iCalUId));
    expect(new Set(theirs.map(event => event.iCalUId)).size).toBe(3);
    const [master] = (await byUid(`/users/${ROOM}`, mine.iCalUId)).json.value;
    expect(master).toMatchObject({ type: 'seriesMaster', seriesMasterId: null });
    expect(new Set(theirs.map(event => event.seriesMasterId))).toEqual(new Set([master.id]));
    expect(new Set(ours.map(event => event.seriesMasterId))).toEqual(new Set([mine.id]));
  });
});

describe('$filter', () => {
  it.each([
    `${EVENTS}?$filter=${encodeURIComponent("subject eq 'x'")}`,
    `${EVENTS}?$filter=${encodeURIComponent("iCalUId eq 'x' or subject eq 'y'")}`,
    `${EVENTS}?$filter=${encodeURIComponent("iCalUId ne 'x'")}`,
    `${EVENTS}?$filter=${encodeURIComponent("uid eq 'x'")}`,
    `/users/${ROOM}/calendarView?startDateTime=2027-06-01T00:00:00Z&endDateTime=2027-06-02T00:00:00Z&$filter=${encodeURIComponent("iCalUId eq 'x'")}`,
  ])('is refused: %s', async path => {
    const { status } = await graph.get(path);
    expect(status).toBe(400);
  });

  it('takes a quote that is doubled', async () => {
    expect((await byUid('/me', "it''s")).json.value).toEqual([]);
  });
});
