/** Reads every connection's public holidays once a day, and at once when another calendar is picked. */
import * as v from 'valibot';
import { RoomId } from '../../contract/values/ids.ts';
import { hours, type Instant, minutes, plus, seconds, ZoneName } from '../../contract/values/time.ts';
import type { HolidayCalendar, Holidays } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { bumpConfigs, tellConfigs } from '../fleet/config.ts';
import { changeOf } from '../fleet/connection-changes.ts';
import { startJob } from '../job.ts';
import type { Failed, NoAccess, TenantGraph } from '../rooms/tenant-graph.ts';
import { findSettings } from '../store/settings.ts';
import type { Db } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { holidayCalendarOf, holidaysOf, keyOf } from './holidays.ts';
import { horizon, readHolidays } from './read.ts';

const LOOK_EVERY = minutes(10);
/** After settings changed. */
const LOOK_SOON = seconds(2);
const READ_EVERY = hours(24);
const AGAIN_AFTER = hours(1);

export type HolidayOptions = {
  context: Context;
  openGraph(connection: string): Promise<TenantGraph | Failed | NoAccess>;
};

/** When a connection's calendar is tried next, after it failed; of another calendar it says nothing. */
type Failures = Map<string, { of: string; until: Instant }>;

/** `look` does now what is due. Resolves when that is over; never rejects. */
export function startHolidays(options: HolidayOptions): { look(): Promise<void>; stop(): Promise<void> } {
  const { store, clock, hub, log } = options.context;
  const failures: Failures = new Map();
  const abort = new AbortController();
  const work = async () => {
    const rows = await store.db.selectFrom('settings').selectAll().execute();
    await Promise.all(rows.map(row => keepHolidays(options, row, failures, abort.signal)));
    for (const id of failures.keys()) if (!rows.some(row => row.id === id)) failures.delete(id);
  };
  const onError = (error: unknown) => log.error('holidays-broke', { detail: String(error) });
  const job = startJob({ clock, every: LOOK_EVERY, pause: LOOK_SOON, work, onError });
  const stopListening = hub.listenTopics(
    topic => {
      if (topic === 'server-settings') job.soon();
    },
    () => {},
  );
  return {
    look: () => job.now(),
    async stop() {
      stopListening();
      abort.abort();
      await job.stop();
    },
  };
}

async function keepHolidays(
  { context, openGraph }: HolidayOptions,
  row: SettingsRow,
  failures: Failures,
  signal: AbortSignal,
): Promise<void> {
  const calendar = holidayCalendarOf(row);
  if (calendar === null) {
    // There is none any more.
    if (row.holidays !== null) await store(context, row.id, null, null);
    return;
  }
  const now = context.clock.now();
  const of = keyOf(calendar);
  const { read } = holidaysOf(row);
  if (read !== null && now < plus(read, READ_EVERY)) return;
  const failure = failures.get(row.id);
  if (failure?.of === of && now < failure.until) return;
  const tenant = await openGraph(row.id);
  // Without access the settings page says so already; a sign-in makes another look.
  if (tenant.kind === 'no-token') return;
  const answer = tenant.kind === 'open' ? await readHolidays(tenant, calendar, now, signal) : tenant;
  if (signal.aborted) return;
  if (answer.kind === 'read') {
    failures.delete(row.id);
    return store(context, row.id, calendar, { read: now, dates: answer.dates, problem: null });
  }
  const { problem, detail, retryAfter } = answer;
  failures.set(row.id, {
    of,
    until: plus(now, retryAfter !== null && retryAfter > AGAIN_AFTER ? retryAfter : AGAIN_AFTER),
  });
  context.log.warn('holidays-unread', { connection: row.id, problem, detail });
  const { dates } = holidaysOf(row);
  await store(context, row.id, calendar, { read, dates, problem: { problem, detail } });
}

/** Panels get another config only when a date from yesterday on came or went. */
async function store(
  context: Context,
  connection: string,
  calendar: HolidayCalendar | null,
  holidays: Holidays | null,
): Promise<void> {
  const panels = await context.store.transact(async tx => {
    const row = await findSettings(tx, connection);
    const picked = holidayCalendarOf(row);
    // Deleted, or another calendar picked while this one was read: the next look is for that.
    if (row === undefined || (picked && keyOf(picked)) !== (calendar && keyOf(calendar))) return [];
    const value = calendar === null || holidays === null ? null : JSON.stringify({ ...holidays, of: keyOf(calendar) });
    await tx.updateTable('settings').set({ holidays: value }).where('id', '=', connection).execute();
    const { first } = horizon(context.clock.now(), v.parse(ZoneName, row.default_zone));
    const since = (dates: readonly string[]) => dates.filter(date => date >= first.toString());
    const [was, is] = [since(holidaysOf(row).dates), since(holidays?.dates ?? [])];
    if (was.join() === is.join()) return [];
    const told = (dates: readonly string[]) => (dates.length === 0 ? null : JSON.stringify(dates));
    const [gone, come] = [was.filter(date => !is.includes(date)), is.filter(date => !was.includes(date))];
    const changes = [changeOf(row.name, 'holidays', told(gone), told(come))];
    const cause = { what: 'connection', actor: 'central', changes } as const;
    return bumpConfigs(context, tx, await roomsOf(tx, connection), cause);
  });
  tellConfigs(context, panels);
  context.hub.topicsChanged('server-settings');
}

async function roomsOf(tx: Db, connection: string): Promise<RoomId[]> {
  const rows = await tx.selectFrom('rooms').select('id').where('connection_id', '=', connection).execute();
  return rows.map(row => v.parse(RoomId, row.id));
}
