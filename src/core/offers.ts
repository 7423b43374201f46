/** What people may do at this moment: walk-ups that fit, extensions that fit. */
import type { Policy } from '../contract/values/config.ts';
import { between, type Duration, type Instant, latest, minutes, plus, type Span } from '../contract/values/time.ts';
import { floorToMinute } from './day.ts';
import { inTheWay, nextAfter, type Occupant } from './status.ts';

const EXTENSIONS = [minutes(15), minutes(30), minutes(60)];
const SHORTEST = minutes(5);
/** A walk-up until the next meeting is offered up to this length; nobody wants six hours by one tap. */
const LONGEST_UNTIL_NEXT = minutes(180);

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
    .map(length => ({ length, end: plus(start, length), isUntilNext: false }))
    .filter(w => next === null || w.end < next);
  if (next !== null) {
    const length = between(start, next);
    if (length >= SHORTEST && length <= LONGEST_UNTIL_NEXT) fitting.push({ length, end: next, isUntilNext: true });
  }
  return fitting.sort((a, b) => a.length - b.length);
}

export function extensions(current: Occupant, all: readonly Occupant[]): Extension[] {
  const { start, end } = current.span;
  return EXTENSIONS.map(by => ({ by, end: plus(end, by) })).filter(
    e => inTheWay({ start, end: e.end }, all, current.meeting.id) === null,
  );
}

/** The end that "end now" asks for. Not after its start: the booking is then cancelled whole. */
export const earlyEnd = (now: Instant): Instant => floorToMinute(now);

export const isBookable = (span: Span, all: readonly Occupant[]) =>
  span.end - span.start >= minutes(1) && inTheWay(span, all) === null;
