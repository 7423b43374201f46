/** What people may do at this moment: walk-ups that fit, extensions that fit. */
import type { Policy } from '../contract/values/policy.ts';
import { between, type Duration, type Instant, latest, minutes, plus, type Span } from '../contract/values/time.ts';
import { floorToMinute } from './day.ts';
import { inTheWay, nextAfter, type Occupant } from './status.ts';

const SHORTEST = minutes(5);

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
