/** Public holidays: the dates as written, read once a day, and panels told only when one came or went. */
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { holidaysOf } from '../../src/central/holidays/holidays.ts';
import { startHolidays } from '../../src/central/holidays/keep.ts';
import { findSettings } from '../../src/central/store/settings.ts';
import { PanelConfig } from '../../src/contract/values/config.ts';
import { RoomAddress } from '../../src/contract/values/ids.ts';
import { hours, milliseconds, minutes, seconds } from '../../src/contract/values/time.ts';
import { CalendarList, type HolidayCalendar, NewLicenceKeys, RoomRow } from '../../src/contract/wire/console.ts';
import { describeEngines } from './support/engines.ts';
import { panelNamed } from './support/enrolment.ts';
import { type GraphStub, startGraphStub } from './support/graph-stub.ts';
import { pairedPanel } from './support/paired-panel.ts';
import { PanelClient } from './support/panel-client.ts';
import { seedRooms } from './support/running-central.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

const PICKED = { mailbox: null, id: 'holidays/1=', name: 'Holidays' };
const VIEW = '/v1.0/me/calendars/holidays%2F1%3D/calendarView';
const allDay = (start: string, end: string, more: object = {}) => ({
  start: { dateTime: `${start}T00:00:00.0000000`, timeZone: 'UTC' },
  end: { dateTime: `${end}T00:00:00.0000000`, timeZone: 'UTC' },
  isAllDay: true,
  isCancelled: false,
  ...more,
});

describeEngines(engine => {
  let stub: GraphStub;
  let running: ReturnType<typeof startHolidays>;
  const db = () => engine().store.db;
  const clock = () => engine().clock;

  beforeEach(async () => {
    for (const table of ['panels', 'rooms', 'settings', 'revisions'] as const) await db().deleteFrom(table).execute();
    await seedRooms('Alta', 'Bodo')(db());
    await db()
      .insertInto('panels')
      .values(pairedPanel(panelNamed('alta'), 'alta'))
      .execute();
    stub = await startGraphStub(clock());
    // Noon in Oslo, ten days before Christmas.
    clock().jump(milliseconds(Date.parse('2026-12-15T11:00:00Z') - clock().now()));
    running = startHolidays({ context: engine().context, openGraph: stub.opener(engine().context) });
  });
  afterEach(async () => {
    await running.stop();
    await stub.stop();
    expect(stub.objections).toEqual([]);
    await clock().advance(seconds(2));
    expect(clock().armed).toBe(0);
  });

  const pick = (calendar: HolidayCalendar | null) =>
    db()
      .updateTable('settings')
      .set({ holiday_calendar: calendar && JSON.stringify(calendar) })
      .execute();
  const known = async () => holidaysOf(await findSettings(db(), 'default'));
  const version = async () => {
    const panel = await db().selectFrom('panels').select('config_version').executeTakeFirstOrThrow();
    return panel.config_version;
  };
  /** What Graph has; in two pages. */
  const has = (...events: object[]) => {
    const half = Math.ceil(events.length / 2);
    const second = `${VIEW}?$skip=${half}`;
    const next = `${stub.url}${second}&startDateTime=2026-10-01T00:00:00Z&endDateTime=2028-03-01T00:00:00Z`;
    stub.pages.set(VIEW, { value: events.slice(0, half), '@odata.nextLink': next });
    stub.pages.set(second, { value: events.slice(half) });
  };

  test('every date that an all-day event covers, in order; nothing else', async () => {
    has(
      allDay('2027-03-25', '2027-03-30'),
      allDay('2026-12-25', '2026-12-27'),
      allDay('2026-12-26', '2026-12-27'),
      allDay('2026-12-24', '2026-12-25', { isCancelled: true }),
      allDay('2026-12-31', '2027-01-01', { isAllDay: false }),
      allDay('2026-12-01', '2026-12-16'),
      allDay('2028-01-18', '2028-02-18'),
      { subject: 'torn' },
      allDay('2027-05-17', '2027-05-18', { isCancelled: null, showAs: 'free' }),
    );
    await pick(PICKED);
    await running.look();
    expect(await known()).toEqual({
      read: clock().now(),
      dates: [
        ...['2026-12-14', '2026-12-15', '2026-12-25', '2026-12-26'],
        ...['2027-03-25', '2027-03-26', '2027-03-27', '2027-03-28', '2027-03-29', '2027-05-17'],
        ...['2028-01-18', '2028-01-19'],
      ],
      problem: null,
    });
    expect(stub.asked).toEqual([`GET ${VIEW.slice('/v1.0'.length)}`, `GET ${VIEW.slice('/v1.0'.length)}`]);
  });

  test.each([
    ['Pacific/Apia', '2026-12-25T10:00:00Z', '2026-12-24', '2027-01-03'],
    ['America/St_Johns', '2026-11-02T02:00:00Z', '2026-10-31', '2026-11-02'],
    ['Europe/Oslo', '2026-10-24T22:30:00Z', '2026-10-24', '2026-10-26'],
    ['America/Sao_Paulo', '2026-11-01T12:00:00Z', '2026-10-31', '2026-11-02'],
  ])("in %s yesterday and dates are that zone's, clock changes or not", async (zone, now, first, other) => {
    clock().jump(milliseconds(Date.parse(now) - clock().now()));
    await db().updateTable('settings').set({ default_zone: zone }).execute();
    const midnight = (date: string) => {
      const at = new Date(`${date}T00:00:00Z`).getTime();
      // Graph also gives an organiser's midnight as the instant that it was.
      const local = Temporal.PlainDate.from(new Date(at).toISOString().slice(0, 10)).toZonedDateTime(zone);
      return { dateTime: local.toInstant().toString().replace('Z', '.0000000'), timeZone: 'UTC' };
    };
    const next = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
    has(allDay(first, next(first)), { ...allDay(other, other), start: midnight(other), end: midnight(next(other)) });
    await pick(PICKED);
    await running.look();
    expect((await known()).dates).toEqual([first, other]);
  });

  test('once a day; panels are told only when a date came or went', async () => {
    has(allDay('2026-12-14', '2026-12-15'), allDay('2026-12-25', '2026-12-26'));
    await pick(PICKED);
    await running.look();
    const first = await version();
    expect(first).toBeGreaterThan(2);
    const calls = stub.asked.length;
    clock().jump(hours(23));
    await running.look();
    expect(stub.asked.length).toBe(calls);
    clock().jump(hours(30));
    // The 14th is past: nobody counts by it any more.
    has(allDay('2026-12-25', '2026-12-26'));
    await running.look();
    expect(stub.asked.length).toBe(calls * 2);
    expect((await known()).dates).toEqual(['2026-12-25']);
    expect(await version()).toBe(first);
    clock().jump(hours(25));
    has(allDay('2026-12-25', '2026-12-27'));
    await running.look();
    expect(await version()).toBeGreaterThan(first);
    const told = db().selectFrom('revisions').select(['what', 'actor', 'changes']).orderBy('version', 'desc');
    const { changes, ...revision } = await told.executeTakeFirstOrThrow();
    expect(revision).toEqual({ what: 'connection', actor: 'central' });
    expect(JSON.parse(changes)).toEqual([
      { scope: null, field: 'Default: holidays', before: null, after: '["2026-12-26"]' },
    ]);
  });

  test('a failure keeps the dates and says why; it is tried again in an hour', async () => {
    has(allDay('2026-12-25', '2026-12-26'));
    await pick(PICKED);
    await running.look();
    const [before, read] = [await version(), (await known()).read];
    clock().jump(hours(25));
    stub.fault = () => ({ status: 403, code: 'ErrorAccessDenied' });
    await running.look();
    const kept = await known();
    expect(kept).toMatchObject({ read, dates: ['2026-12-25'], problem: { problem: 'no-access' } });
    expect(kept.problem?.detail).toContain('ErrorAccessDenied');
    const calls = stub.asked.length;
    clock().jump(minutes(59));
    await running.look();
    expect(stub.asked.length).toBe(calls);
    stub.fault = () => null;
    clock().jump(minutes(2));
    await running.look();
    expect(await known()).toMatchObject({ read: clock().now(), problem: null });
    expect(await version()).toBe(before);
  });

  test('half a list is none; a page elsewhere is not followed', async () => {
    stub.pages.set(VIEW, {
      value: [allDay('2026-12-25', '2026-12-26')],
      '@odata.nextLink': 'https://evil.example/v1.0/x',
    });
    await pick(PICKED);
    await running.look();
    expect(await known()).toMatchObject({ read: null, dates: [], problem: { problem: 'misunderstood' } });
    expect(await version()).toBe(2);
  });

  test('another calendar is read at once, of a mailbox too; none at all leaves none', async () => {
    has(allDay('2026-12-25', '2026-12-26'));
    await pick(PICKED);
    engine().context.hub.topicsChanged('server-settings');
    await clock().advance(seconds(3));
    await expect.poll(async () => (await known()).dates).toEqual(['2026-12-25']);
    const view = '/v1.0/users/hr%40example.com/calendars/other/calendarView';
    stub.pages.set(view, { value: [allDay('2027-01-01', '2027-01-02')] });
    await pick({ mailbox: v.parse(RoomAddress, 'hr@example.com'), id: 'other', name: 'Other' });
    // Nobody takes the one's dates for the other's.
    expect(await known()).toEqual({ read: null, dates: [], problem: null });
    await running.look();
    expect((await known()).dates).toEqual(['2027-01-01']);
    await pick(null);
    await running.look();
    expect((await findSettings(db(), 'default'))?.holidays).toBeNull();
  });

  test('an application has no calendars of its own: it is told, and Graph is not asked', async () => {
    await db().updateTable('settings').set({ sign_in: 'app-secret' }).execute();
    await pick(PICKED);
    await running.look();
    expect((await known()).problem?.detail).toContain('name a mailbox');
    expect(stub.asked).toEqual([]);
  });
});

describe('the demo tenant', () => {
  let session: TenantSession;
  beforeAll(async () => {
    session = await startTenantSession();
    await session.save();
  });
  afterAll(() => session.stop());
  const path = '/server-settings/default/calendars';
  const asked = async (query = '') => {
    const answer = await session.admin.send('GET', path + query);
    return [answer.status, (await answer.json()).error?.code];
  };

  test('has calendars to pick from; without a token, of nobody, of somebody else: said in words', async () => {
    expect(await asked()).toEqual([409, 'no-token']);
    await session.arrive(await session.signIn());
    const { calendars } = await session.admin.ask('GET', path, CalendarList);
    expect(calendars.map(one => one.name)).toEqual(['Calendar', 'Public holidays']);
    expect(await asked('?mailbox=nobody')).toEqual([400, 'invalid']);
    expect(await asked('?mailbox=nobody@lintel.example')).toEqual([502, 'room-not-found']);
    const rooms = await session.admin.ask('GET', '/rooms', v.array(RoomRow));
    const own = await session.admin.ask('GET', `${path}?mailbox=${rooms[0]?.address}`, CalendarList);
    expect(own.calendars.map(one => one.name)).toEqual(['Calendar']);
    expect((await session.admin.send('GET', '/server-settings/elsewhere/calendars')).status).toBe(404);
    session.tenant.tenant.faults.add({ kind: 'error', status: 503 });
    expect(await asked()).toEqual([502, 'provider-error']);
    session.tenant.tenant.faults.clear();
  });

  test('its holidays reach a panel within seconds of being picked', async () => {
    const { running, admin } = session;
    const [room] = await admin.ask('GET', '/rooms', v.array(RoomRow));
    const panel = await PanelClient.make(running.fetch, running.url);
    await panel.enrol();
    await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' });
    await admin.send('POST', `/free-macs/${panel.id}/approve`, { room: room?.id, licenceKeyId: null, code: null });
    const stream = await panel.stream();
    const { calendars } = await admin.ask('GET', path, CalendarList);
    const picked = calendars.find(one => one.name === 'Public holidays');
    await session.save({ clientSecret: null, holidayCalendar: { ...picked, mailbox: null } });
    let dates: readonly string[] = [];
    while (dates.length === 0) {
      const event = await stream.nextEvent();
      if (event === 'ended') break;
      if (event.event === 'config') dates = v.parse(PanelConfig, event.data).holidays;
    }
    stream.stop();
    const year = new Date().getUTCFullYear() + 1;
    expect(dates).toEqual(expect.arrayContaining([`${year}-01-01`, `${year}-05-01`, `${year}-05-17`]));
    expect(dates.length).toBeGreaterThanOrEqual(12);
    expect((await session.read()).holidays).toMatchObject({ dates, problem: null });
  });
});
