/** Busy times of many rooms at once: getSchedule (learn.microsoft.com, calendar-getschedule). */
import * as v from 'valibot';
import { GraphTime } from '../../calendar/graph/graph-time.ts';
import { mailboxPath } from '../../calendar/graph/list.ts';
import { RoomAddress } from '../../contract/values/ids.ts';
import { overlaps, type Span, toIso } from '../../contract/values/time.ts';
import type { RoomUse } from '../../contract/wire/console.ts';
import { isApplication } from '../consent/rights.ts';
import { ask, type Failed, failed, type TenantGraph } from './tenant-graph.ts';

export type Busy = NonNullable<RoomUse['busy']>;

/** Graph's own limit for one request. */
export const MOST_ROOMS = 20;
/** An application asks through one of the rooms; these many are tried when it has no rights to the first. */
const MOST_DOORS = 5;

// Subjects and places come along where the account has rights: they are not even parsed.
const Item = v.object({ status: v.nullish(v.string(), null), start: GraphTime, end: GraphTime });
const Schedule = v.object({
  scheduleId: v.pipe(v.string(), RoomAddress),
  scheduleItems: v.array(Item),
  error: v.nullish(v.null()),
});
const Schedules = v.looseObject({ value: v.array(v.unknown()) });

/** At most twenty rooms, those that surely may be read first. A room that is missing in the answer could not be read. */
export async function readSchedule(
  tenant: TenantGraph,
  rooms: readonly RoomAddress[],
  window: Span,
): Promise<{ kind: 'read'; busy: ReadonlyMap<RoomAddress, Busy> } | Failed> {
  const at = (instant: Span['start']) => ({ dateTime: toIso(instant).slice(0, -1), timeZone: 'UTC' });
  const body = { schedules: [...rooms], startTime: at(window.start), endTime: at(window.end) };
  const owners = isApplication(tenant.settings.sign_in) ? rooms.slice(0, MOST_DOORS).map(mailboxPath) : ['/me'];
  let last = failed('room-not-found', 'schedule: no room to ask through');
  for (const owner of owners) {
    const path = `${owner}/calendar/getSchedule`;
    const answer = await ask(tenant.graph, { name: 'schedule', method: 'POST', path, body }, Schedules);
    if (answer.kind === 'read') return { kind: 'read', busy: busyOf(answer.value.value, window) };
    last = answer;
    if (answer.problem !== 'no-access' && answer.problem !== 'room-not-found') break;
  }
  return last;
}

function busyOf(schedules: readonly unknown[], window: Span): Map<RoomAddress, Busy> {
  const read = schedules.map(schedule => v.safeParse(Schedule, schedule));
  return new Map(
    read.flatMap(schedule =>
      schedule.success ? [[schedule.output.scheduleId, spansIn(schedule.output.scheduleItems, window)]] : [],
    ),
  );
}

/** What occupies the room, cut to the window. A status nobody knows is busy: better than a room shown free. */
function spansIn(items: readonly v.InferOutput<typeof Item>[], window: Span): Busy {
  return items
    .filter(({ status }) => status !== 'free')
    .map(({ status, start, end }) => ({ span: { start: start.at, end: end.at }, isTentative: status === 'tentative' }))
    .filter(({ span }) => overlaps(span, window))
    .map(({ span, isTentative }) => ({
      span: {
        start: span.start < window.start ? window.start : span.start,
        end: span.end > window.end ? window.end : span.end,
      },
      isTentative,
    }))
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
