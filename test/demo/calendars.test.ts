/** More than one calendar in a mailbox, and the public holidays in one of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { norwegianHolidays } from '../../src/demo/office/holidays.ts';
import { appToken, type GraphClient, makeGraphClient, ROOM, userClient } from './support/graph-client.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let graph: GraphClient;
beforeAll(async () => {
  test = await startTestTenant();
  graph = await userClient(test);
});
afterAll(() => test.stop());

const holidayCalendar = async (): Promise<Json> =>
  (await graph.get('/me/calendars')).json.value.find((calendar: Json) => calendar.name === 'Public holidays');

describe('calendars', () => {
  it('are listed with who owns them and what may be done', async () => {
    const { status, json } = await graph.get('/me/calendars');
    expect(status).toBe(200);
    const owner = { name: 'Lintel Panels', address: test.tenant.username };
    expect(json.value).toMatchObject([
      { name: 'Calendar', isDefaultCalendar: true, canEdit: true, owner },
      { name: 'Public holidays', isDefaultCalendar: false, canEdit: false, owner },
    ]);
    expect(json.value[0].id).toBe((await graph.get('/me/calendar')).json.id);
    const names = await graph.get('/me/calendars?$select=id,name&$top=1');
    expect(Object.keys(names.json.value[0]).sort()).toEqual(['id', 'name']);
    expect(names.json['@odata.nextLink']).toContain('$skiptoken');
  });

  it('are those of another mailbox where the caller has rights', async () => {
    expect((await graph.get(`/users/${ROOM}/calendars`)).json.value).toHaveLength(1);
    expect((await graph.get('/users/board-room@lintel.example/calendars')).status).toBe(403);
    const app = makeGraphClient(test, await appToken(test));
    expect((await app.get(`/users/${test.tenant.username}/calendars`)).json.value).toHaveLength(2);
  });

  it('are read one by one, and none has another’s events', async () => {
    const { id } = await holidayCalendar();
    const may = 'startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z';
    const view = await graph.get(`/me/calendars/${encodeURIComponent(id)}/calendarView?${may}&$top=50`);
    expect(view.json.value.map((event: Json) => [event.subject, event.start.dateTime.slice(0, 10)])).toEqual([
      ['Labour Day', '2026-05-01'],
      ['Ascension Day', '2026-05-14'],
      ['Constitution Day', '2026-05-17'],
      ['Whit Sunday', '2026-05-24'],
      ['Whit Monday', '2026-05-25'],
    ]);
    expect(view.json.value[2]).toMatchObject({
      isAllDay: true,
      showAs: 'free',
      end: { dateTime: '2026-05-18T00:00:00.0000000' },
    });
    expect((await graph.get(`/me/calendarView?${may}`)).json.value).toEqual([]);
    const all = await graph.get(`/me/calendars/${encodeURIComponent(id)}/events?$top=1000`);
    expect(all.json.value).toHaveLength(48);
    const own = (await graph.get('/me/calendar')).json.id;
    expect((await graph.get(`/me/calendars/${own}/calendarView?${may}`)).json.value).toEqual([]);
    expect((await graph.get(`/me/calendars/nothing/calendarView?${may}`)).status).toBe(404);
    expect((await graph.get(`/users/${ROOM}/calendars/${encodeURIComponent(id)}/events`)).status).toBe(404);
  });

  it('are there once, however often the tenant starts', async () => {
    const { id } = await holidayCalendar();
    await test.restart();
    expect((await holidayCalendar()).id).toBe(id);
    const all = await graph.get(`/me/calendars/${encodeURIComponent(id)}/events?$top=1000`);
    expect(all.json.value).toHaveLength(48);
  });
});

describe('Norway’s public holidays', () => {
  it.each([
    [2024, '03-28 03-29 03-31 04-01 05-01 05-09 05-17 05-19 05-20'],
    [2025, '04-17 04-18 04-20 04-21 05-01 05-17 05-29 06-08 06-09'],
    [2026, '04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25'],
    [2027, '03-25 03-26 03-28 03-29 05-01 05-06 05-16 05-17 05-17'],
  ])('%i', (year, spring) => {
    const expected = ['01-01', ...spring.split(' '), '12-25', '12-26'].map(day => `${year}-${day}`);
    expect(norwegianHolidays(year).map(({ date }) => date)).toEqual(expected);
  });
});
