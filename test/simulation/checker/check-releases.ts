/** Invariant 5: a room is given back only where its policy allows it, once, and never under people who came. */
import type { RoomView } from '../../../src/contract/bridge/view.ts';
import type { Entry, History, PanelHistory, RoomTruth } from '../history.ts';
import { claimsOf } from './claims.ts';
import { isTaking, type Stretch, seriesDeclines, spanText, statesOf, timeOf } from './truth.ts';

/** A panel that comes back later than this after the deadline lets it be. */
const TOO_LATE = 120_000;
/** What the panel was told may be this much older than what it does: a last look, a request on its way. */
const ON_ITS_WAY = 25_000;
/** A panel's clock may be this wrong before it is put right. */
const CLOCK_TOLERANCE = 6000;

/** A check-in that came onto the glass later than this, or than half of its time, binds nobody. */
const LATEST_OFFER = 90_000;

/** Meetings that a panel gave back, and not because somebody tapped to end them. */
export const countReleases = (history: History): number =>
  [...new Set(history.truth.map(state => state.room))]
    .flatMap(room => takenAway(history, room))
    .filter(({ entry }) => !wasEnded(history.panels, entry)).length;

const wasEnded = (panels: readonly PanelHistory[], entry: Entry) =>
  panels.some(panel => panel.taps.some(t => t.intent.kind === 'end-early' && t.intent.meeting === entry.id));

export function checkReleases(history: History): string[] {
  const rooms = [...new Set(history.truth.map(state => state.room))];
  return rooms.flatMap(room => {
    const seen = new Set<string>();
    return takenAway(history, room).flatMap(({ entry, state }) => {
      // By hand it may be ended as often as its organiser brings it back.
      if (wasEnded(history.panels, entry)) return [];
      const why = mistake(history, room, entry, state);
      const again = seen.has(entry.id) ? 'it had been released before' : null;
      seen.add(entry.id);
      const said = why ?? again;
      return said ? [`${state.by} released ${spanText(entry.span)} in ${room} at ${timeOf(state.at)}: ${said}`] : [];
    });
  });
}

/** Other people's meetings that a machine took out of a room's calendar, or cut short there, but for whole series. */
function takenAway(history: History, room: string): { entry: Entry; state: RoomTruth }[] {
  const declines = seriesDeclines(history, room);
  const isWhole = ({ at }: RoomTruth, { series }: Entry) => declines.some(d => d.at === at && d.series === series);
  return statesOf(history, room).flatMap((state, index, states) => {
    const before = states[index - 1]?.entries ?? [];
    if (state.by === 'person') return [];
    return before
      .filter(entry => isTaking(entry, true) && entry.key === null && entry.organizer !== 'panels@lintel.example')
      .filter(entry => !state.entries.some(other => other.id === entry.id && isTaking(other, true)))
      .filter(entry => !isWhole(state, entry))
      .map(entry => ({ entry, state }));
  });
}

function mistake(history: History, room: string, entry: Entry, state: RoomTruth): string | null {
  const here = history.panels.filter(panel => panel.room === room);
  if (wasEnded(here, entry)) return null;
  const own = here.find(panel => panel.name === state.by);
  if (!own && state.by !== 'central') return 'that was not a panel of this room';
  const policy = here[0]?.configs[0]?.config.policy;
  if (!policy || policy.checkIn.kind === 'off') return 'nobody has to check in here';
  if (policy.noShow !== 'release') return 'the policy keeps it';
  if (entry.isAllDay) return 'it is an all-day one';
  if (entry.span.end - entry.span.start >= policy.neverReleaseFrom) return 'it is too long to be released';
  const deadline = entry.span.start + policy.checkIn.grace;
  if (state.at < deadline - CLOCK_TOLERANCE) return 'its deadline had not come';
  if (state.at > deadline + TOO_LATE + ON_ITS_WAY) return 'it was too late for that';
  if (here.some(panel => wasCheckedIn(panel, entry, state.at))) return 'somebody had checked in';
  const asked = own ? [own] : here;
  const waited = {
    start: entry.span.start + Math.min(LATEST_OFFER, policy.checkIn.grace / 2) + CLOCK_TOLERANCE,
    end: deadline - CLOCK_TOLERANCE,
  };
  if (asked.every(panel => wasPageless(panel, waited))) return 'no page hung there all the time people had to come';
  if (!asked.some(panel => wasFresh(panel, history, state.at))) return 'its panel did not know what was going on';
  return asked.some(panel => wasAskedFor(panel, entry.id)) ? null : 'no glass ever asked anybody to check in';
}

const roomOf = ({ view }: PanelHistory['glass'][number]): RoomView | null =>
  view.screen.kind === 'room' ? view.screen.view : null;

/** As far as this panel knew: a check-in lives on the panel it was made at, and is for the time the meeting had then. */
const wasCheckedIn = (panel: PanelHistory, { id, span }: Entry, by: number) =>
  panel.glass.some(
    glass =>
      glass.at < by - 2000 &&
      roomOf(glass)?.day.meetings.some(m => m.id === id && m.start === span.start && m.isCheckedIn),
  );

const wasAskedFor = (panel: PanelHistory, id: string) =>
  panel.glass.some(glass => {
    const status = roomOf(glass)?.status;
    return status?.kind === 'awaiting-check-in' && status.meeting.id === id;
  });

const wasPageless = ({ pageless }: PanelHistory, { start, end }: Stretch) =>
  pageless.some(gone => gone.start < end && (gone.end ?? Number.POSITIVE_INFINITY) > start);

const wasFresh = (panel: PanelHistory, history: History, at: number) =>
  claimsOf(panel, history).some(
    ({ span, isTaken }) => isTaken !== null && span.start <= at && span.end > at - ON_ITS_WAY,
  );
