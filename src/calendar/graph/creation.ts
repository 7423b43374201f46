import * as v from 'valibot';
import type { EventId } from '../../contract/values/ids.ts';
import type { Meeting } from '../../contract/values/meeting.ts';
import { type Instant, overlaps } from '../../contract/values/time.ts';
import { isMailboxGone, read } from './answer.ts';
import { eventPath, type Mailbox } from './list.ts';
import { instantOf, type Placed } from './to-meeting.ts';

const MOST_LOOKUPS = 8;
const Creation = v.object({ createdDateTime: v.string() });

/**
 * Fills in `createdAt` where it decides something: for meetings that share a slot with one of our bookings, one small
 * request each, and only once, since it never changes. calendarView does not give it together with $select. What
 * cannot be read stays null; what is gone by then is left out.
 */
export function makeCreationReader(mailbox: Mailbox) {
  let known = new Map<EventId, Instant>();

  const look = async ({ id }: Meeting, signal: AbortSignal | undefined) => {
    const path = `${eventPath(mailbox, id)}?$select=createdDateTime`;
    const answer = await mailbox.connection.call({ name: 'creation', method: 'GET', path, signal });
    if (answer.kind === 'no' && answer.status === 404 && !isMailboxGone(answer.code)) return id;
    const body = answer.kind === 'ok' ? read(answer, Creation) : null;
    const at = body?.kind === 'read' ? instantOf(body.value.createdDateTime) : null;
    if (at !== null) known.set(id, at);
    return null;
  };

  return async (placed: Placed[], signal?: AbortSignal): Promise<Placed[]> => {
    const contested = contestedOf(placed).filter(meeting => meeting.createdAt === null);
    // Whatever is contested no longer is forgotten.
    known = new Map([...known].filter(([id]) => contested.some(meeting => meeting.id === id)));
    const wanted = contested.filter(meeting => meeting.version !== '' && !known.has(meeting.id)).slice(0, MOST_LOOKUPS);
    const gone = await Promise.all(wanted.map(meeting => look(meeting, signal)));
    for (const meeting of contested) meeting.createdAt = known.get(meeting.id) ?? null;
    return placed.filter(({ meeting }) => !gone.includes(meeting.id));
  };
}

function contestedOf(placed: readonly Placed[]): Meeting[] {
  const occupying = placed.filter(one => one.meeting.occupies !== 'none');
  const contested = new Set<Meeting>();
  for (const ours of occupying.filter(one => one.meeting.bookingKey !== null)) {
    const rivals = occupying.filter(one => one !== ours && overlaps(one.span, ours.span));
    if (rivals.length > 0) for (const one of [ours, ...rivals]) contested.add(one.meeting);
  }
  return [...contested];
}
