/**
 * What a glass claimed about its room, second for second. The page turns a view stale by itself when its limit has
 * passed by the panel's corrected clock, keeps a status for no longer than it holds, and reads the rest off the day; three
 * seconds after the agent fell silent it claims nothing any more.
 */
import type { RoomView, View } from '../../../src/contract/bridge/view.ts';
import type { History, PanelHistory } from '../history.ts';
import type { Stretch } from './truth.ts';

/** `null`: nothing is claimed, or only with the mark that it may be old. */
export type Claim = { span: Stretch; isTaken: boolean | null };

const SILENCE = 3000;

export function claimsOf(panel: PanelHistory, history: History): Claim[] {
  const claims: Claim[] = [];
  panel.glass.forEach((glass, index) => {
    const until = panel.glass[index + 1]?.at ?? history.span.end;
    const span = { start: glass.at, end: glass.isSilent ? Math.min(until, glass.at + SILENCE) : until };
    for (const part of clockPeriods(panel, span)) claims.push(...claimsIn(glass.view, part.span, part.offset));
    if (span.end < until) claims.push({ span: { start: span.end, end: until }, isTaken: null });
  });
  return claims.filter(({ span }) => span.start < span.end);
}

/** The stretch, cut where the machine's clock was set. */
function clockPeriods(panel: PanelHistory, span: Stretch): { span: Stretch; offset: number }[] {
  const steps = panel.clock.filter(({ at }) => at > span.start && at < span.end);
  const before = panel.clock.findLast(({ at }) => at <= span.start)?.offset ?? 0;
  const starts = [{ at: span.start, offset: before }, ...steps];
  return starts.map(({ at, offset }, n) => ({ span: { start: at, end: starts[n + 1]?.at ?? span.end }, offset }));
}

/** `offset`: of the machine's clock from the truth; the page adds the view's own correction. */
function claimsIn({ screen, clockOffset }: View, span: Stretch, offset: number): Claim[] {
  if (screen.kind !== 'room' || screen.view.trust.kind !== 'fresh') return [{ span, isTaken: null }];
  const { view } = screen;
  const { trust } = screen.view;
  const shown = (at: number) => at + offset + clockOffset;
  const truly = (at: number) => at - offset - clockOffset;
  const meetings = [...view.day.meetings, ...view.next];
  const edges = [
    ...[statusEnd(view), trust.until, view.day.span.end],
    ...meetings.flatMap(meeting => [meeting.start, meeting.end]),
  ].map(truly);
  const cuts = [...new Set([span.start, ...edges.filter(at => at > span.start && at < span.end), span.end])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, n) => {
    const now = shown(start);
    const isTaken = now >= trust.until ? null : takenBy(view, now);
    return { span: { start, end: cuts[n + 1] ?? span.end }, isTaken };
  });
}

function takenBy(view: RoomView, now: number): boolean | null {
  if (view.status.kind === 'unknown') return null;
  if (now < statusEnd(view)) return view.status.kind === 'in-meeting' || view.status.kind === 'awaiting-check-in';
  const meetings = [...view.day.meetings, ...view.next];
  if (meetings.some(({ start, end }) => start <= now && now < end)) return true;
  return now >= view.day.span.start && now < view.day.span.end ? false : null;
}

function statusEnd({ status, day }: RoomView): number {
  switch (status.kind) {
    case 'free':
      return status.until ?? day.span.end;
    case 'starting-soon':
      return status.meeting.start;
    case 'awaiting-check-in':
      return status.deadline;
    case 'in-meeting':
      return status.meeting.end;
    case 'unknown':
      return 0;
  }
}
