/** What the calendar means at one moment. Pure: meetings and an instant in, status out. */

import type { Meeting } from '../contract/values/meeting.ts';
import type { CheckInPolicy, Policy } from '../contract/values/policy.ts';
import { contains, type Instant, overlaps, plus, type Span, type ZoneName } from '../contract/values/time.ts';
import { spanOf } from './day.ts';
import type { CheckIn } from './remembered.ts';

/** A meeting that occupies the room, its dates resolved to instants. */
export type Occupant = { meeting: Meeting; span: Span };

export type Status =
  | { kind: 'free'; next: Occupant | null }
  | { kind: 'starting-soon'; next: Occupant }
  | { kind: 'awaiting-check-in'; current: Occupant; deadline: Instant }
  | { kind: 'in-meeting'; current: Occupant; freeAt: Instant };

/** The meetings that take the room, in order of start; cancelled, declined and free ones are gone, and empty spans with them. */
export function occupants(meetings: readonly Meeting[], zone: ZoneName, policy: Policy): Occupant[] {
  return meetings
    .filter(m => m.occupies === 'busy' || (m.occupies === 'tentative' && policy.isTentativeBusy))
    .map(meeting => ({ meeting, span: spanOf(meeting.when, zone) }))
    .filter(o => o.span.end > o.span.start)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.meeting.id < b.meeting.id ? -1 : 1));
}

export function statusAt(now: Instant, all: readonly Occupant[], policy: Policy, checkIns: readonly CheckIn[]): Status {
  const current = currentAt(now, all);
  if (current) {
    const deadline = checkInDeadline(current, policy.checkIn, checkIns);
    return deadline !== null && now < deadline
      ? { kind: 'awaiting-check-in', current, deadline }
      : { kind: 'in-meeting', current, freeAt: freeAfter(current, all) };
  }
  const next = nextAfter(now, all);
  if (!next) return { kind: 'free', next: null };
  const isSoon = next.span.start <= plus(now, policy.startingSoon);
  return isSoon ? { kind: 'starting-soon', next } : { kind: 'free', next };
}

/** Exactly one meeting is current. When several overlap, a timed one goes before an all-day one, then the one that began last. */
export function currentAt(now: Instant, all: readonly Occupant[]): Occupant | null {
  const running = all.filter(o => contains(o.span, now));
  const timed = running.filter(o => o.meeting.when.kind === 'timed');
  return (timed.length > 0 ? timed : running).at(-1) ?? null;
}

export const nextAfter = (now: Instant, all: readonly Occupant[]): Occupant | null =>
  all.find(o => o.span.start > now) ?? null;

/** When the chain of overlapping and back-to-back meetings that `current` belongs to comes to its end. */
export function freeAfter(current: Occupant, all: readonly Occupant[]): Instant {
  let end = current.span.end;
  for (const { span } of all) if (span.start <= end && span.end > end) end = span.end;
  return end;
}

/** Null when nobody has to check in to it: policy off, all-day, booked at the door, or done already. */
export function checkInDeadline(o: Occupant, policy: CheckInPolicy, checkIns: readonly CheckIn[]): Instant | null {
  if (policy.kind === 'off' || !needsCheckIn(o, checkIns)) return null;
  return plus(o.span.start, policy.grace);
}

/** From `opensBefore` the start until the deadline. */
export function canCheckIn(now: Instant, o: Occupant, policy: CheckInPolicy, checkIns: readonly CheckIn[]): boolean {
  if (policy.kind === 'off' || !needsCheckIn(o, checkIns)) return false;
  return now >= o.span.start - policy.opensBefore && now < plus(o.span.start, policy.grace);
}

/** The meeting the glass asks to check in to. The next one may be before it starts, unless somebody else still sits there. */
export function askedToCheckIn(
  now: Instant,
  all: readonly Occupant[],
  policy: CheckInPolicy,
  checkIns: readonly CheckIn[],
): Occupant | null {
  const asked = currentAt(now, all) ?? nextAfter(now, all);
  return asked && canCheckIn(now, asked, policy, checkIns) ? asked : null;
}

/** Whoever booked at the door stands there. */
const needsCheckIn = ({ meeting }: Occupant, checkIns: readonly CheckIn[]) =>
  meeting.when.kind === 'timed' &&
  meeting.bookingKey === null &&
  !meeting.isInvitedByUs &&
  !checkIns.some(c => c.meeting === meeting.id);

/** The first occupant that takes any of `span`, other than `except`. */
export const inTheWay = (span: Span, all: readonly Occupant[], except?: string): Occupant | null =>
  all.find(o => o.meeting.id !== except && overlaps(o.span, span)) ?? null;

/** The instants after `now` at which the status may change by itself. */
export function turningPoints(now: Instant, all: readonly Occupant[], policy: Policy): Instant[] {
  const points = all.flatMap(({ span }) => [
    span.start,
    span.end,
    (span.start - policy.startingSoon) as Instant,
    ...(policy.checkIn.kind === 'required'
      ? [(span.start - policy.checkIn.opensBefore) as Instant, plus(span.start, policy.checkIn.grace)]
      : []),
  ]);
  return points.filter(at => at > now);
}
