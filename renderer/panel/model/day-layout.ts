/** Where the day's meetings stand on the timeline: pure geometry over instants, zone-aware only in its hour marks. */
import type { MeetingView } from '../../../src/contract/bridge/view.ts';
import { contains, type Instant, minutes, plus, type Span } from '../../../src/contract/values/time.ts';
import type { Format } from '../../i18n/format.ts';

export type Block = {
  meeting: MeetingView;
  /** Shares of the range's length, 0 to 1, clipped to it. */
  top: number;
  height: number;
  /** Side by side with what it overlaps: lane `lane` of `lanes`. */
  lane: number;
  lanes: number;
};
export type HourMark = { at: Instant; label: string; top: number };
export type DayLayout = { range: Span; hours: number; blocks: Block[]; marks: HourMark[]; allDay: MeetingView[] };

/** Minutes since midnight. */
const WORK_STARTS = 7 * 60;
const WORK_ENDS = 19 * 60;
const WHOLE_DAY = 24 * 60;

/** The range is 7 to 19 on the room's clock, longer where meetings or now ask. */
export function layOutDay(
  day: { span: Span; meetings: readonly MeetingView[] },
  now: Instant,
  format: Pick<Format, 'minuteOfDay' | 'hour'>,
): DayLayout {
  const timed = day.meetings.filter(m => !m.isAllDay && m.start < day.span.end && m.end > day.span.start);
  const marks = hourMarks(day.span, format);
  const range = shownRange(day.span, marks, timed, now);
  const length = range.end - range.start;
  const share = (at: Instant) => (Math.min(Math.max(at, range.start), range.end) - range.start) / length;
  return {
    range,
    hours: length / 3_600_000,
    blocks: assignLanes(timed).map(({ meeting, lane, lanes }) => {
      const top = share(meeting.start);
      return { meeting, top, height: share(meeting.end) - top, lane, lanes };
    }),
    marks: marks
      .filter(mark => mark.at >= range.start && mark.at <= range.end)
      .map(({ at, label }) => ({ at, label, top: share(at) })),
    allDay: day.meetings.filter(m => m.isAllDay),
  };
}

/** `minute`: on the room's clock; the day's end counts as 24:00. */
type Mark = { at: Instant; minute: number; label: string };

/** The instants at which a full hour begins on the room's clock: 23, 24 or 25 of them, and the day's end. */
function hourMarks(span: Span, { minuteOfDay, hour }: Pick<Format, 'minuteOfDay' | 'hour'>): Mark[] {
  const marks: Mark[] = [];
  for (let at = span.start; at <= span.end; at = plus(at, minutes(30))) {
    const minute = at === span.end ? WHOLE_DAY : minuteOfDay(at);
    if (minute % 60 !== 0) continue;
    const label = hour(at);
    // Midnight reads "24" at the end of the day, where the clock has that hour.
    marks.push({ at, minute, label: minute === WHOLE_DAY && label === '00' ? '24' : label });
  }
  return marks;
}

function shownRange(day: Span, marks: readonly Mark[], meetings: readonly Span[], now: Instant): Span {
  const starts = marks.find(mark => mark.minute >= WORK_STARTS)?.at ?? day.start;
  const ends = marks.findLast(mark => mark.minute <= WORK_ENDS)?.at ?? day.end;
  const first = Math.min(starts, ...meetings.map(m => m.start), contains(day, now) ? now : starts);
  const last = Math.max(ends, ...meetings.map(m => m.end), contains(day, now) ? now : ends);
  return {
    start: marks.findLast(mark => mark.at <= first)?.at ?? day.start,
    end: marks.find(mark => mark.at >= last)?.at ?? day.end,
  };
}

type Placed = { meeting: MeetingView; lane: number; lanes: number };

/** Overlapping meetings share the width: each takes the first lane free, and a run of them is as wide as it needs. */
function assignLanes(meetings: readonly MeetingView[]): Placed[] {
  const placed: Placed[] = [];
  let run: { meeting: MeetingView; lane: number }[] = [];
  let laneEnds: Instant[] = [];
  const closeRun = () => {
    placed.push(...run.map(entry => ({ ...entry, lanes: laneEnds.length })));
    run = [];
    laneEnds = [];
  };
  for (const meeting of [...meetings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (laneEnds.every(end => end <= meeting.start)) closeRun();
    const free = laneEnds.findIndex(end => end <= meeting.start);
    const lane = free < 0 ? laneEnds.length : free;
    laneEnds[lane] = meeting.end;
    run.push({ meeting, lane });
  }
  closeRun();
  return placed;
}
