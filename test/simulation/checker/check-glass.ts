/** Invariant 1: no glass contradicts the tenant for longer than a minute without saying that it may be old. */
import type { History, PanelHistory } from '../history.ts';
import { claimsOf } from './claims.ts';
import { isTaking, statesOf, timeOf } from './truth.ts';

const LONGEST_WRONG = 60_000;

export const checkGlass = (history: History): string[] => history.panels.flatMap(panel => wrongOn(panel, history));

function wrongOn(panel: PanelHistory, history: History): string[] {
  const found: string[] = [];
  const states = statesOf(history, panel.room);
  const isTentativeBusy = panel.configs[0]?.config.policy.isTentativeBusy ?? true;
  let wrongSince: number | null = null;
  let state = 0;
  for (const { span, isTaken } of claimsOf(panel, history)) {
    while ((states[state + 1]?.at ?? Number.POSITIVE_INFINITY) <= span.start) state++;
    // Within a claim the truth may change: by a write, or because a meeting begins or ends.
    const entries = () => states[state]?.entries ?? [];
    for (let at: number = span.start; at < span.end; ) {
      while ((states[state + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) state++;
      const taking = entries().filter(entry => isTaking(entry, isTentativeBusy));
      const truth = taking.some(entry => entry.span.start <= at && at < entry.span.end);
      const edges = taking.flatMap(entry => [entry.span.start, entry.span.end]).filter(edge => edge > at);
      const next = Math.min(span.end, states[state + 1]?.at ?? Number.POSITIVE_INFINITY, ...edges);
      const isWrong = isTaken !== null && isTaken !== truth;
      wrongSince = isWrong ? (wrongSince ?? at) : null;
      if (wrongSince !== null && next - wrongSince > LONGEST_WRONG) {
        found.push(
          `${panel.name} showed ${isTaken ? 'taken' : 'free'} as fresh from ${timeOf(wrongSince)} to ${timeOf(next)}, and it was not so`,
        );
        return found;
      }
      at = next;
    }
  }
  return found;
}
