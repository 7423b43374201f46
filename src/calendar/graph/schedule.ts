/** Busy times of many rooms at once: getSchedule (learn.microsoft.com, calendar-getschedule). */
import * as v from 'valibot';
import { RoomAddress } from '../../contract/values/ids.ts';
import { earliest, latest, overlaps, type Span } from '../../contract/values/time.ts';
import type { BusySpan, Failed, Scheduled } from '../room-calendar.ts';
import { read } from './answer.ts';
import { eventTime } from './change.ts';
import type { Connection } from './connection.ts';
import { GraphTime } from './graph-time.ts';

/** Graph's own limit for one request. */
export const MOST_ROOMS = 20;

// Subjects and places come along where the account has rights: they are not even parsed.
const Item = v.object({ status: v.nullish(v.string(), null), start: GraphTime, end: GraphTime });
const Schedule = v.object({
  scheduleId: v.pipe(v.string(), RoomAddress),
  scheduleItems: v.array(Item),
  availabilityView: v.nullish(v.string(), null),
  error: v.nullish(v.null()),
});
const Schedules = v.looseObject({ value: v.array(v.unknown()) });

/** By the rooms that could be read; of one whose entry is missing, an error or not understood nothing is known. */
export type ReadSchedule = { kind: 'read'; busy: ReadonlyMap<RoomAddress, BusySpan[]> };

/** At most MOST_ROOMS rooms, asked through the mailbox at `owner` (`/me`, `/users/...`). */
export async function readSchedule(
  connection: Connection,
  owner: string,
  rooms: readonly RoomAddress[],
  window: Span,
  signal?: AbortSignal,
): Promise<ReadSchedule | Failed> {
  const answer = await connection.call({
    name: 'schedule',
    method: 'POST',
    path: `${owner}/calendar/getSchedule`,
    body: { schedules: [...rooms], startTime: eventTime(window.start), endTime: eventTime(window.end) },
    isQuestion: true,
    signal,
  });
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'no') return answer.failed;
  const body = read(answer, Schedules);
  if (body.kind === 'failed') return body;
  const schedules = body.value.value.map(schedule => v.safeParse(Schedule, schedule));
  const known = schedules.flatMap(({ success, output }) => (success && !isUntold(output) ? [output] : []));
  return { kind: 'read', busy: new Map(known.map(one => [one.scheduleId, spansIn(one.scheduleItems, window)])) };
}

/** Taken at some time (not all 0, free), and no item that says when: some mailboxes share no more than that. */
const isUntold = ({ scheduleItems, availabilityView }: v.InferOutput<typeof Schedule>) =>
  scheduleItems.length === 0 && /[^0]/.test(availabilityView ?? '');

/** Any number of rooms, batch after batch; all that could be asked for, or nothing. */
export async function readSchedules(
  connection: Connection,
  owner: string,
  rooms: readonly RoomAddress[],
  window: Span,
  signal?: AbortSignal,
): Promise<Scheduled | Failed> {
  const scheduled: Scheduled = { kind: 'scheduled', rooms: [] };
  for (let first = 0; first < rooms.length; first += MOST_ROOMS) {
    const batch = rooms.slice(first, first + MOST_ROOMS);
    const answer = await readSchedule(connection, owner, batch, window, signal);
    if (answer.kind === 'failed') return answer;
    scheduled.rooms.push(...batch.map(room => ({ room, busy: answer.busy.get(room) ?? null })));
  }
  return scheduled;
}

/** What occupies the room, cut to the window. A status nobody knows is busy: better than a room shown free. */
function spansIn(items: readonly v.InferOutput<typeof Item>[], window: Span): BusySpan[] {
  return items
    .filter(({ status }) => status !== 'free')
    .map(({ status, start, end }) => ({ span: { start: start.at, end: end.at }, isTentative: status === 'tentative' }))
    .filter(({ span }) => overlaps(span, window))
    .map(({ span, isTentative }) => ({
      span: { start: latest(span.start, window.start), end: earliest(span.end, window.end) },
      isTentative,
    }))
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
