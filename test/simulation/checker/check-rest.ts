/** Invariants 6 and 7: two minutes after the last trouble everything is right again; and nothing private ever got out. */
import type { History, PanelHistory } from '../history.ts';
import { isTaking, stateAt, statesOf, timeOf } from './truth.ts';

/** Answers tell the time to the second, and travel: less than this is not put right. */
const CLOCK_TOLERANCE = 6000;
const A_MOMENT = 1000;

export const checkRest = (history: History): string[] => [
  ...history.panels.flatMap(panel => unsettled(panel, history).map(what => `${panel.name} at the end: ${what}`)),
  ...history.leaks.slice(0, 3).map(({ at, where }) => `${timeOf(at)}: ${where}`),
];

function unsettled(panel: PanelHistory, history: History): string[] {
  const glass = panel.glass.at(-1);
  if (!glass || glass.isSilent) return ['nothing is on the glass'];
  const { screen, readProblem, problems, clockOffset } = glass.view;
  if (screen.kind !== 'room') return [`it shows ${screen.kind}`];
  const { trust, status, booking, day } = screen.view;
  const found: string[] = [];
  const machine = panel.clock.at(-1)?.offset ?? 0;
  const now = history.span.end + machine + clockOffset;
  if (trust.kind !== 'fresh' || trust.until <= now) found.push(`its trust is ${trust.kind}`);
  if (readProblem !== null) found.push(`reading fails: ${readProblem}`);
  if (Math.abs(machine + clockOffset) > CLOCK_TOLERANCE)
    found.push(`it is wrong about the time by ${machine + clockOffset} ms`);
  if (problems.some(problem => problem.kind === 'central-away')) found.push('its link is not back');
  if (booking && ['submitted', 'held', 'asked'].includes(booking.state.kind)) {
    found.push(`a booking is still ${booking.state.kind}`);
  }
  const wanted = panel.configs.at(-1)?.config;
  if (!wanted) return found;
  const taking = stateAt(statesOf(history, panel.room), history.span.end).filter(entry =>
    isTaking(entry, wanted.policy.isTentativeBusy),
  );
  // By the glass's own clock, which is right enough, and a moment ago: a meeting may begin just as the world ends.
  const isTakenAt = (at: number) => taking.some(({ span }) => span.start <= at && at < span.end);
  const showsTaken = status.kind === 'in-meeting' || status.kind === 'awaiting-check-in';
  if (![now, now - A_MOMENT].map(isTakenAt).includes(showsTaken)) {
    found.push(`it shows ${status.kind}, and the room is ${showsTaken ? 'free' : 'taken'}`);
  }
  const truly = taking
    .filter(({ span }) => span.start < day.span.end && span.end > day.span.start)
    .map(({ id, span }) => `${id} ${span.start} ${span.end}`);
  const shown = day.meetings.map(({ id, start, end }) => `${id} ${start} ${end}`);
  if (truly.sort().join() !== shown.sort().join())
    found.push(`its day has ${shown.length} meetings, the room ${truly.length}, or others`);
  return found;
}
