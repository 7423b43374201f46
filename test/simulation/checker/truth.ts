/**
 * What the tenant's log says a room was at any instant, by a rule of its own: an entry takes the room unless it is
 * cancelled, declined or shown as free. Shares no code with what is being checked.
 */
import type { Span } from '../../../src/contract/values/time.ts';
import type { Entry, History, RoomTruth } from '../history.ts';

/** Like a span, of instants that were reckoned here. */
export type Stretch = { start: number; end: number };

export function isTaking(entry: Entry, isTentativeBusy: boolean): boolean {
  if (entry.isCancelled || entry.response === 'declined' || entry.showAs === 'free') return false;
  if (entry.span.end <= entry.span.start) return false;
  return entry.showAs !== 'tentative' || isTentativeBusy;
}

/** Every state the room's calendar was in, in order; the first is from before anybody looked. */
export const statesOf = (history: History, room: string): RoomTruth[] =>
  history.truth.filter(state => state.room === room);

/** The state that held at an instant: of several in one instant the last. */
export function stateAt(states: readonly RoomTruth[], at: number): readonly Entry[] {
  let found: readonly Entry[] = [];
  for (const state of states) {
    if (state.at > at) break;
    found = state.entries;
  }
  return found;
}

/** When a machine took a whole series out of a room's calendar, and which. */
export const seriesDeclines = (
  { truth, changes }: History,
  room: string,
): { at: number; by: string; series: string }[] => {
  const all = new Set(truth.flatMap(state => (state.room === room ? state.entries.map(entry => entry.series) : [])));
  return changes
    .filter(({ mailbox, kind, by, id }) => mailbox === room && kind === 'removed' && by !== 'person' && all.has(id))
    .map(({ at, by, id }) => ({ at, by, series: id }));
};

export const meet = (a: Span, b: Span) => a.start < b.end && b.start < a.end;
export const timeOf = (at: number) => new Date(at).toISOString().slice(11, 23);
export const spanText = ({ start, end }: Span) => `${timeOf(start)}-${timeOf(end)}`;
