/**
 * Invariant 8: a series is declined only where the policy says so, once, and only after so many no-shows of it in a row;
 * and its organiser is told so, neither sooner nor of more. What counts is the tenant's log: an occurrence a machine took
 * away without a tap is a no-show, one that still stands was held, and one on a public holiday does not count.
 */
import type { Entry, History, PanelHistory, RoomTruth } from '../history.ts';
import { isTaking, type Stretch, seriesDeclines, statesOf, timeOf } from './truth.ts';

/** A mail is dated by the machine that sends it, the log by the true time. */
const CLOCKS_APART = 300;
/** A release, and whatever was still on its way. */
const SETTLED_WITHIN = 15_000;
/** A release is tried for two minutes, and may be on its way for a while then. */
const LATEST_RELEASE = 145_000;

type Fate = 'missed' | 'held' | 'neither';
type Occurrence = { id: string; span: Stretch; fate: Fate };

/** Series that panels declined. */
export const countDeclines = (history: History): number =>
  roomsOf(history).reduce((sum, room) => sum + seriesDeclines(history, room).length, 0);

export const checkStrikes = (history: History): string[] =>
  roomsOf(history).flatMap(room => [
    ...wronglyDeclined(history, room),
    ...wronglyTold(history, room),
    ...untold(history, room),
  ]);

function wronglyDeclined(history: History, room: string): string[] {
  const seen = new Set<string>();
  return seriesDeclines(history, room).flatMap(decline => {
    const why = seen.has(decline.series) ? 'it had been declined before' : mistake(history, room, decline);
    seen.add(decline.series);
    return why ? [`${decline.by} declined a series in ${room} at ${timeOf(decline.at)}: ${why}`] : [];
  });
}

type Decline = { at: number; by: string; series: string };

function mistake(history: History, room: string, { at, by, series }: Decline): string | null {
  const here = panelsOf(history, room);
  if (by !== 'central' && !here.some(panel => panel.name === by)) return 'that was not a panel of this room';
  const policy = policyOf(here);
  if (policy?.strikes.kind !== 'decline-series') return 'the policy declines none';
  if (policy.noShow !== 'release' || policy.checkIn.kind === 'off') return 'nobody has to check in here';
  const missed = rowBefore(history, room, series, at);
  const last = missed.at(-1);
  if (!last || missed.length < policy.strikes.after) return `${missed.length} no-shows in a row are too few`;
  return at > last.span.start + policy.checkIn.grace + LATEST_RELEASE ? 'it was too late for that' : null;
}

function wronglyTold(history: History, room: string): string[] {
  const policy = policyOf(panelsOf(history, room));
  return lettersOfStrikes(history, room).flatMap(({ at, count }) => {
    const name = `an organiser was told at ${timeOf(at)} of ${count} no-shows in a row in ${room}`;
    if (!policy || policy.strikes.kind === 'off') return [`${name}, and nobody counts them`];
    if (count < policy.strikes.after) return [`${name}, and that is too soon`];
    const rows = seriesAt(history, room, at).map(series => rowBefore(history, room, series, at + CLOCKS_APART).length);
    return rows.some(row => row >= count) ? [] : [`${name}, and it was ${rows.join(' or ') || 'no series'}`];
  });
}

/** Where nothing ever went wrong, whoever must be told is, and the series is declined if the policy says so. */
function untold(history: History, room: string): string[] {
  const policy = policyOf(panelsOf(history, room));
  if (!policy || policy.strikes.kind === 'off' || history.troubles.some(({ kind }) => kind !== 'night')) return [];
  const { kind, after } = policy.strikes;
  const declines = seriesDeclines(history, room);
  return releases(history, room).flatMap(({ entry, state }) => {
    const { series } = entry;
    if (series === null || entry.isRoomOrganizer) return [];
    const row = rowBefore(history, room, series, state.at + 1);
    if (row.length < after || row.at(-1)?.id !== entry.id) return [];
    const name = `${row.length} times in a row nobody came to a series in ${room} by ${timeOf(state.at)}`;
    const soon = (at: number) => Math.abs(at - state.at) < SETTLED_WITHIN;
    const isTold = lettersOfStrikes(history, room).some(({ at, count }) => soon(at) && count === row.length);
    const isDeclined = declines.some(decline => decline.series === series && soon(decline.at));
    const said = isTold ? [] : [`${name}, and nobody was told`];
    return kind === 'tell' || isDeclined ? said : [...said, `${name}, and it was not declined`];
  });
}

const lettersOfStrikes = ({ letters }: History, room: string) =>
  letters.flatMap(letter => {
    const count = /(\d+) times in a row/.exec(letter.text)?.[1];
    return letter.room === room && count !== undefined ? [{ at: letter.at, count: Number(count) }] : [];
  });

/** The no-shows of a series since somebody last came to it, as it looked just before an instant. */
function rowBefore(history: History, room: string, series: string, at: number): Occurrence[] {
  const holidays: readonly string[] = panelsOf(history, room)[0]?.configs[0]?.config.holidays ?? [];
  const all = occurrencesBefore(history, room, series, at);
  const since = all.findLastIndex(({ fate }) => fate === 'held') + 1;
  return all
    .slice(since)
    .filter(({ fate, span }) => fate === 'missed' && !holidays.includes(dateOf(history, room, span.start)));
}

/** What had begun of a series, in order. */
function occurrencesBefore(history: History, room: string, series: string, at: number): Occurrence[] {
  const states = statesOf(history, room).filter(state => state.at < at);
  const isOf = (entry: Entry) => entry.series === series && isTaking(entry, true);
  const known = new Map(states.flatMap(({ entries }) => entries.filter(isOf)).map(entry => [entry.id, entry]));
  return [...known.values()]
    .filter(({ span }) => span.start < at)
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ id, span }) => ({ id, span, fate: fateOf(panelsOf(history, room), states, { id, span }) }));
}

function fateOf(here: readonly PanelHistory[], states: readonly RoomTruth[], of: Pick<Entry, 'id' | 'span'>): Fate {
  const { id } = of;
  const last = states.findLastIndex(({ entries }) => entries.some(entry => entry.id === id && isTaking(entry, true)));
  const gone = states[last + 1];
  if (!gone || here.some(panel => wasCheckedIn(panel, id))) return 'held';
  return gone.by === 'person' || wasEnded(here, of, gone.at) ? 'neither' : 'missed';
}

const wasCheckedIn = (panel: PanelHistory, id: string) =>
  panel.glass.some(
    ({ view }) => view.screen.kind === 'room' && view.screen.view.day.meetings.some(m => m.id === id && m.isCheckedIn),
  );

/** By hand; unless the glass said afterwards that this one was given back, which was under way by then. */
const wasEnded = (here: readonly PanelHistory[], { id, span }: Pick<Entry, 'id' | 'span'>, by: number) =>
  here.some(({ taps, glass }) => {
    const saysReleased = ({ at, view: { screen } }: PanelHistory['glass'][number]) =>
      at > by && at < by + SETTLED_WITHIN && screen.kind === 'room' && screen.view.released?.start === span.start;
    const isTapped = taps.some(t => t.at < by && t.intent.kind === 'end-early' && t.intent.meeting === id);
    return isTapped && !glass.some(saysReleased);
  });

/** What machines took away of series, one occurrence at a time. */
function releases(history: History, room: string): { entry: Entry; state: RoomTruth }[] {
  const here = panelsOf(history, room);
  const whole = new Set(seriesDeclines(history, room).map(({ at, series }) => `${series} ${at}`));
  return statesOf(history, room).flatMap((state, n, states) => {
    const before = state.by === 'person' ? [] : (states[n - 1]?.entries ?? []);
    return before
      .filter(entry => entry.series !== null && isTaking(entry, true) && !whole.has(`${entry.series} ${state.at}`))
      .filter(({ id }) => !state.entries.some(other => other.id === id && isTaking(other, true)))
      .filter(entry => !wasEnded(here, entry, state.at))
      .map(entry => ({ entry, state }));
  });
}

/** The series of what a machine took away at about that moment: an occurrence of it, or all of it. */
const seriesAt = (history: History, room: string, at: number): string[] => {
  const isThen = (other: number) => Math.abs(other - at) <= CLOCKS_APART;
  return [
    ...releases(history, room).flatMap(({ entry: { series }, state }) => (series && isThen(state.at) ? [series] : [])),
    ...seriesDeclines(history, room).flatMap(({ series, at: then }) => (isThen(then) ? [series] : [])),
  ];
};

const roomsOf = ({ panels }: History) => [...new Set(panels.map(({ room }) => room))];
const panelsOf = ({ panels }: History, room: string) => panels.filter(panel => panel.room === room);
const policyOf = ([panel]: readonly PanelHistory[]) => panel?.configs[0]?.config.policy;

/** The date where the room stands. */
const dateOf = (history: History, room: string, at: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: panelsOf(history, room)[0]?.configs[0]?.config.room.zone }).format(at);
