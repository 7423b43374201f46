/** Calendars of a mailbox, and the dates that all-day events cover in one of them. */
import { Temporal } from 'temporal-polyfill';
import * as v from 'valibot';
import { GraphTime, makeRoomDays } from '../../calendar/graph/graph-time.ts';
import { mailboxPath } from '../../calendar/graph/list.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import { type Instant, PlainDate, ZoneName } from '../../contract/values/time.ts';
import type { CalendarList, HolidayCalendar } from '../../contract/wire/console.ts';
import { isApplication } from '../consent/rights.ts';
import { askAll, type Failed, failed, type TenantGraph } from '../rooms/tenant-graph.ts';

const REACH_DAYS = 400;
/** What a panel's config takes. */
const MOST_DATES = 400;
const MOST_PAGES = 20;
const PAGE = 200;
const LONGEST_NAME = 200;

const Calendar = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(1024)),
  name: v.pipe(
    v.string(),
    v.transform(name =>
      name
        .replaceAll(/[\p{Cc}\s]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_NAME),
    ),
    v.nonEmpty(),
  ),
});
const AllDay = v.object({
  start: GraphTime,
  end: GraphTime,
  isAllDay: v.literal(true),
  isCancelled: v.nullish(v.literal(false)),
});

/** `mailbox` null: the service account's own. */
export async function listCalendars(
  tenant: TenantGraph,
  mailbox: RoomAddress | null,
): Promise<{ kind: 'listed'; calendars: CalendarList['calendars'] } | Failed> {
  const owner = ownerPath(tenant, mailbox);
  if (owner === null) return NOBODYS;
  const path = `${owner}/calendars?$select=id,name&$top=100`;
  const read = await askAll(tenant.graph, { name: 'calendars', path }, MOST_PAGES);
  if (read.kind === 'failed') return read;
  const calendars = read.items.flatMap(item => {
    const calendar = v.safeParse(Calendar, item);
    return calendar.success ? [calendar.output] : [];
  });
  return { kind: 'listed', calendars };
}

/**
 * Every date from yesterday to 400 days on that an all-day event covers, in order, as written. `now` tells which day it is
 * in the connection's own zone.
 */
export async function readHolidays(
  tenant: TenantGraph,
  { mailbox, id }: HolidayCalendar,
  now: Instant,
  signal?: AbortSignal,
): Promise<{ kind: 'read'; dates: PlainDate[] } | Failed> {
  const owner = ownerPath(tenant, mailbox);
  if (owner === null) return NOBODYS;
  const zone = v.parse(ZoneName, tenant.settings.default_zone);
  const { first, last } = horizon(now, zone);
  // A day more at both ends: dates begin at another instant in every zone.
  const [from, to] = [first.subtract({ days: 1 }), last.add({ days: 2 })];
  const query = `startDateTime=${from}T00:00:00Z&endDateTime=${to}T00:00:00Z&$select=start,end,isAllDay,isCancelled&$top=${PAGE}`;
  const path = `${owner}/calendars/${encodeURIComponent(id)}/calendarView?${query}`;
  const read = await askAll(tenant.graph, { name: 'holidays', path, signal }, MOST_PAGES);
  if (read.kind === 'failed') return read;
  const days = makeRoomDays(zone);
  const dates = new Set<string>();
  for (const item of read.items) {
    const event = v.safeParse(AllDay, item);
    if (!event.success) continue;
    const { startDate, endDate } = days.of(event.output.start, event.output.end);
    for (const date of datesBetween(startDate, endDate, first.toString(), last.toString())) dates.add(date);
  }
  return { kind: 'read', dates: v.parse(v.array(PlainDate), [...dates].sort().slice(0, MOST_DATES)) };
}

/** Yesterday, and the last day that is looked at. */
export function horizon(now: Instant, zone: ZoneName): { first: Temporal.PlainDate; last: Temporal.PlainDate } {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  return { first: today.subtract({ days: 1 }), last: today.add({ days: REACH_DAYS }) };
}

/** From `start` to before `end`, those from `first` to `last`. ISO dates sort like text. */
function datesBetween(start: string, end: string, first: string, last: string): string[] {
  const dates: string[] = [];
  const next = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
  for (let date = start < first ? first : start; date < end && date <= last; date = next(date)) dates.push(date);
  return dates;
}

function ownerPath({ settings }: TenantGraph, mailbox: RoomAddress | null): string | null {
  if (mailbox !== null) return mailboxPath(mailbox);
  return isApplication(settings.sign_in) ? null : '/me';
}

const NOBODYS = failed('room-not-found', 'an application has no calendars of its own: name a mailbox');
