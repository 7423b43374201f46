import type { EventId, RoomAddress } from '../../contract/values/ids.ts';
import { type Instant, milliseconds, overlaps, type Span, toIso } from '../../contract/values/time.ts';
import type { Failed, Listed } from '../room-calendar.ts';
import { failed, read } from './answer.ts';
import type { Connection } from './connection.ts';
import { EventPage, SELECTED } from './event-schema.ts';
import { type MeetingRules, type Placed, toMeetings } from './to-meeting.ts';

const PAGE_SIZE = 200;
/** 4,000 events in a day and a half are a loop of pages, not a calendar. */
const MOST_PAGES = 20;

/** One mailbox on one connection, `path` where Graph has it, and how its events are to be read. */
export type Mailbox = { connection: Connection; path: string; rules: MeetingRules };

export const mailboxPath = (address: RoomAddress) => `/users/${encodeURIComponent(address)}`;
export const eventPath = (mailbox: Mailbox, event: EventId) => `${mailbox.path}/events/${encodeURIComponent(event)}`;

export type Window = { kind: 'placed'; placed: Placed[]; serverTime: Instant | null };

/** Reads all pages of calendarView; all of them or nothing, because half a day would be shown as a free room. */
export async function readWindow(mailbox: Mailbox, window: Span, signal?: AbortSignal): Promise<Window | Failed> {
  const { connection, rules } = mailbox;
  const query = `startDateTime=${toIso(window.start)}&endDateTime=${toIso(window.end)}`;
  let path: string | null = `${mailbox.path}/calendarView?${query}&$select=${SELECTED.join(',')}&$top=${PAGE_SIZE}`;
  let serverTime: Instant | null = null;
  const byId = new Map<string, Placed>();
  for (let page = 0; path !== null; page++) {
    if (page >= MOST_PAGES) return failed('misunderstood', `list: more than ${MOST_PAGES} pages`);
    const answer = await connection.call({ name: 'list', method: 'GET', path, signal });
    if (answer.kind === 'failed') return answer;
    if (answer.kind === 'no') return answer.failed;
    const body = read(answer, EventPage);
    if (body.kind === 'failed') return body;
    const mapped = toMeetings(body.value.value, rules);
    if (mapped.kind === 'unreadable') return failed('misunderstood', `${answer.mark}: an event without readable times`);
    // An event that moved while we paged may come twice.
    for (const one of mapped.placed) if (overlaps(one.span, window)) byId.set(one.meeting.id, one);
    serverTime = answer.serverTime;
    const link: string | null = body.value['@odata.nextLink'];
    path = link === null ? null : connection.pathOf(link);
    if (link !== null && path === null) return failed('misunderstood', 'list: the next page is on another host');
  }
  const placed = [...byId.values()].sort((a, b) => a.span.start - b.span.start || compare(a.meeting.id, b.meeting.id));
  return { kind: 'placed', placed, serverTime };
}

export const listed = (window: Window): Listed => ({
  kind: 'listed',
  meetings: window.placed.map(one => one.meeting),
  serverTime: window.serverTime,
  age: milliseconds(0),
});

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
