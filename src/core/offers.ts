/** What people may do at this moment: walk-ups that fit, extensions that fit, and what may be ended how. */
import type { Actions } from '../contract/bridge/view.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import type { Policy } from '../contract/values/policy.ts';
import { between, type Duration, type Instant, latest, minutes, plus, type Span } from '../contract/values/time.ts';
import { floorToMinute } from './day.ts';
import { inTheWay, nextAfter, type Occupant } from './status.ts';

const SHORTEST = minutes(5);

/** Booked at the door, and not changed hands since: written by the room itself, or asked for by the service account. */
export const isOurs = ({ meeting }: Occupant) =>
  (meeting.bookingKey !== null && meeting.isRoomOrganizer) || meeting.isInvitedByUs;

/** Whether anything may be booked. To invite a room takes an account that invites. */
export function canBook({ policy, access }: PanelConfig): boolean {
  if (policy.bookingMode !== 'invite') return policy.bookingMode === 'direct';
  return access.kind === 'relay' ? access.canInvite : access.inviter !== null;
}

/**
 * What ending it now does; null: it may not be ended here. Our own is always ended our own way. An all-day meeting of
 * somebody else's is not: it may span weeks, and nobody at the door knows what for.
 */
export function howToEnd(o: Occupant, { bookingMode, endEarly }: Policy): Actions['endEarly'] | null {
  if (bookingMode === 'off' || endEarly === 'off') return null;
  if (isOurs(o)) return 'own';
  return endEarly === 'own' || o.meeting.when.kind === 'all-day' ? null : endEarly;
}

/** Ours, and not a matter of dates. */
export const canExtend = (o: Occupant, { bookingMode }: Policy) =>
  bookingMode !== 'off' && isOurs(o) && o.meeting.when.kind === 'timed';

export type WalkUp = { length: Duration; end: Instant; isUntilNext: boolean };
export type Extension = { by: Duration; end: Instant };

/** A walk-up begins on the minute that runs, or where a meeting inside that minute ended. */
export function walkUpStart(now: Instant, all: readonly Occupant[]): Instant {
  const lastEnd = all.filter(o => o.span.end <= now).reduce((at, o) => latest(at, o.span.end), 0 as Instant);
  return latest(floorToMinute(now), lastEnd);
}

export function walkUps(now: Instant, all: readonly Occupant[], policy: Policy): WalkUp[] {
  const start = walkUpStart(now, all);
  const next = nextAfter(now, all)?.span.start ?? null;
  const fitting: WalkUp[] = policy.walkUps
    .filter(length => length <= policy.longestBooking)
    .map(length => ({ length, end: plus(start, length), isUntilNext: false }))
    .filter(w => next === null || w.end < next);
  if (next !== null) {
    const length = between(start, next);
    if (length >= SHORTEST && length <= policy.longestBooking) fitting.push({ length, end: next, isUntilNext: true });
  }
  return fitting.sort((a, b) => a.length - b.length);
}

export function extensions(current: Occupant, all: readonly Occupant[], policy: Policy): Extension[] {
  const { start, end } = current.span;
  return policy.extensions
    .map(by => ({ by, end: plus(end, by) }))
    .filter(e => !isTooLong({ start, end: e.end }, policy))
    .filter(e => inTheWay({ start, end: e.end }, all, current.meeting.id) === null)
    .sort((a, b) => a.by - b.by);
}

/** A walk-up, or one that was extended, taken as a whole. */
export const isTooLong = ({ start, end }: Span, { longestBooking }: Policy) => between(start, end) > longestBooking;

/** The end that "end now" asks for. Not after its start: the booking is then cancelled whole. */
export const earlyEnd = (now: Instant): Instant => floorToMinute(now);

export const isBookable = (span: Span, all: readonly Occupant[]) =>
  span.end - span.start >= minutes(1) && inTheWay(span, all) === null;
