import type { View } from '../../../src/contract/bridge/view.ts';
import type { Duration, Instant } from '../../../src/contract/values/time.ts';
import { statusEnd } from './current-room.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/**
 * How long until something on the glass changes by itself: the next full minute at the latest, the next second only where
 * seconds are counted down, or one of `deadlines`. `now` is the corrected time. Always more than zero.
 */
export function untilNextChange(view: View | null, now: Instant, deadlines: readonly (Instant | null)[]): Duration {
  const candidates = [now - (now % MINUTE) + MINUTE, ...deadlines, ...ownDeadlines(view, now)];
  const next = Math.min(...candidates.filter(at => at !== null).filter(at => at > now));
  return (next - now) as Duration;
}

function ownDeadlines(view: View | null, now: Instant): (number | null)[] {
  if (!view) return [];
  return [...screenDeadlines(view.screen, now), ...lockDeadlines(view.service, now), view.identify?.until ?? null];
}

/** A lock of the service page is counted down by the second. */
function lockDeadlines(service: View['service'], now: Instant): number[] {
  return service?.kind === 'asking' && service.problem?.kind === 'locked' ? secondsTo(service.problem.until, now) : [];
}

function screenDeadlines(screen: View['screen'], now: Instant): (number | null)[] {
  if (screen.kind === 'pairing') return secondsTo(screen.expires, now);
  if (screen.kind !== 'room') return [];
  const { status, trust } = screen.view;
  const lastMinute =
    status.kind === 'awaiting-check-in' && status.deadline - now <= MINUTE ? secondsTo(status.deadline, now) : [];
  return [statusEnd(screen.view), trust.kind === 'fresh' ? trust.until : null, ...lastMinute];
}

/** The next change of a countdown to `end`, whose seconds need not be those of the clock. */
function secondsTo(end: Instant | null, now: Instant): number[] {
  if (end === null || end <= now) return [];
  const left = end - now;
  return [end - (Math.ceil(left / SECOND) - 1) * SECOND];
}
