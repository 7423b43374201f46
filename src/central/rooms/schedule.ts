/** Busy times of many rooms at once, as central asks for them. */
import { mailboxPath } from '../../calendar/graph/list.ts';
import { readSchedule as readThrough } from '../../calendar/graph/schedule.ts';
import type { RoomAddress } from '../../contract/values/ids.ts';
import type { Span } from '../../contract/values/time.ts';
import type { RoomUse } from '../../contract/wire/console.ts';
import { isApplication } from '../consent/rights.ts';
import { type Failed, failed, type TenantGraph } from './tenant-graph.ts';

export { MOST_ROOMS } from '../../calendar/graph/schedule.ts';
export type Busy = NonNullable<RoomUse['busy']>;

/** An application asks through one of the rooms; these many are tried when it has no rights to the first. */
const MOST_DOORS = 5;

/** At most MOST_ROOMS, those that surely may be read first. A room that is missing in the answer could not be read. */
export async function readSchedule(
  { graph, settings }: TenantGraph,
  rooms: readonly RoomAddress[],
  window: Span,
): Promise<{ kind: 'read'; busy: ReadonlyMap<RoomAddress, Busy> } | Failed> {
  const owners = isApplication(settings.sign_in) ? rooms.slice(0, MOST_DOORS).map(mailboxPath) : ['/me'];
  let last = failed('room-not-found', 'schedule: no room to ask through');
  for (const owner of owners) {
    const answer = await readThrough(graph, owner, rooms, window);
    if (answer.kind === 'read') return answer;
    last = answer;
    if (answer.problem !== 'no-access' && answer.problem !== 'room-not-found') break;
  }
  return last;
}
