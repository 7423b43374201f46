/**
 * Worlds that last for some days, so that a series has a past: a few minutes around its occurrence each day are lived,
 * and at night the panels' power is off. People come or do not, on public holidays too, and some days nothing is on.
 */
import { DEFAULT_POLICY, type Policy } from '../../../src/contract/values/policy.ts';
import {
  type Instant,
  instant,
  latest,
  milliseconds,
  minutes,
  plus,
  type Span,
  seconds,
} from '../../../src/contract/values/time.ts';
import { addDays, dateIn, instantToWall, startOfDay, wallToInstant } from '../../../src/demo/calendar/zones.ts';
import type { PanelPlan } from './assemble.ts';
import type { Draw } from './draw.ts';
import type { Fault } from './faults.ts';
import { type Series, zoneOfSomebody } from './people.ts';
import { edgesOf, faultIn, type Limits, PLACES, type Plan, stepOf, withEnd } from './plan.ts';

type Required = Policy['checkIn'] & { kind: 'required' };
type Days = readonly [Span, ...Span[]];

export function makeDaysPlan(draw: Draw, limits: Limits): Plan {
  const { chance, one, whole } = draw;
  const [zone, around] = draw.some(PLACES) ?? ['Europe/Oslo', '2026-11-20T10:00:00Z'];
  const after = one([2, 2, 3]);
  const hasGuests = chance(0.3);
  const days = after + (hasGuests ? 1 : whole(0, 1));
  const checkIn: Required = { kind: 'required', opensBefore: minutes(whole(0, 2)), grace: minutes(whole(1, 3)) };
  const panels = panelsOf(draw, limits, checkIn, after);
  // The clocks may change on any of the days.
  const somewhen = plus(instant(Date.parse(around)), minutes(whole(-9, 9) - whole(0, days - 1) * 24 * 60));
  const series = seriesOf(draw, zone, somewhen, checkIn);
  const last = series.at(-1) ?? series[0];
  const live = (day: number): Span => ({
    start: plus(onDay(series[0], day), milliseconds(-checkIn.opensBefore - seconds(whole(40, 70)))),
    end: plus(onDay(last, day), milliseconds(checkIn.grace + seconds(whole(60, 100)))),
  });
  const between = Array.from({ length: days - 2 }, (_, day) => day + 1).filter(() => chance(0.85));
  const lived: Days = [live(0), ...[...between, days - 1].map(live)];

  const deeds: Plan['deeds'] = [];
  const faults: Fault[] = [];
  addNights(draw, deeds, panels, lived);
  for (const day of lived) addPeople(draw, deeds, panels, day);
  // Who came forgives what was before, even if nothing of the meeting is left in the calendar.
  if (hasGuests) addGuests(draw, deeds, plus(onDay(series[0], days - 2), seconds(whole(3, 20))));
  if (chance(0.4)) addTrouble(draw, deeds, faults, panels, lived);
  const rest = withEnd((lived.at(-1) ?? lived[0]).end, deeds, faults);
  const dates = Array.from({ length: days }, (_, day) => dateIn(onDay(series[0], day), zone));
  return {
    ...rest,
    end: pastMidnight(rest.end, zone),
    zone,
    start: plus(lived[0].start, seconds(-25)),
    rooms: panels.length,
    allowsConflicts: false,
    answersAfter: milliseconds(0),
    panels,
    access: one(limits.access),
    hasHints: chance(0.5),
    holidays: dates.filter(() => chance(0.15)),
    series,
  };
}

/** A day that has just begun was read to its noon only: a minute later all of it is known. */
const pastMidnight = (end: Instant, zone: string): Instant => {
  const midnight = startOfDay(dateIn(end, zone), zone);
  return latest(end, plus(midnight, minutes(1)));
};

/** When its occurrence begins so many days later. */
function onDay({ start, zone }: Series, day: number): Instant {
  const wall = instantToWall(start, zone);
  return wallToInstant(addDays(wall.slice(0, 10), day) + wall.slice(10), zone);
}

function panelsOf({ chance, one, whole }: Draw, { modes }: Limits, checkIn: Required, after: number): PanelPlan[] {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    bookingMode: one(modes),
    endEarly: one(['own', 'shorten', 'decline', 'decline']),
    isTentativeBusy: chance(0.8),
    checkIn,
    noShow: chance(0.95) ? 'release' : 'keep',
    strikes: one([
      { kind: 'decline-series', after },
      { kind: 'decline-series', after },
      { kind: 'decline-series', after },
      { kind: 'tell', after },
      { kind: 'tell', after },
      { kind: 'off' },
    ]),
  };
  return Array.from({ length: whole(1, 4) === 1 ? 2 : 1 }, (_, room) => ({ name: `p${room}`, room, policy }));
}

/** One, and sometimes another in the same room as soon as it is over. */
function seriesOf(draw: Draw, place: string, somewhen: Instant, { grace }: Required): [Series, ...Series[]] {
  const { chance, one, whole } = draw;
  const start = (somewhen - (somewhen % minutes(1))) as Instant;
  const zone = zoneOfSomebody(draw, place);
  const isForced = chance(0.08);
  const hasAnother = chance(0.3);
  const length = hasAnother ? milliseconds(grace + minutes(whole(2, 3))) : minutes(one([10, 20, 30]));
  const series: [Series, ...Series[]] = [{ room: 0, start, length, zone, isForced }];
  if (hasAnother) series.push({ room: 0, start: plus(start, length), length: minutes(20), zone, isForced: false });
  return series;
}

function addNights({ whole }: Draw, deeds: Plan['deeds'], panels: readonly PanelPlan[], lived: Days) {
  lived.slice(1).forEach((next, day) => {
    const end = lived[day]?.end ?? next.start;
    panels.forEach((_, panel) => {
      const at = plus(end, seconds(whole(0, 10)));
      deeds.push({ at, deed: { kind: 'night', panel, back: milliseconds(next.start - at) } });
    });
  });
}

function addPeople(draw: Draw, deeds: Plan['deeds'], panels: readonly PanelPlan[], day: Span) {
  const { between, chance, whole } = draw;
  const at = () => plus(day.start, milliseconds(Math.round(between(seconds(20), day.end - day.start))));
  if (chance(0.2)) addGuests(draw, deeds, at());
  const panel = whole(0, panels.length - 1);
  if (chance(0.3)) deeds.push({ at: at(), deed: { kind: 'tap', panel, isRush: false } });
  if (chance(0.12))
    deeds.push({ at: at(), deed: { kind: 'person', room: whole(0, panels.length - 1), isRush: false } });
}

/** Somebody comes, tries to check in for half a minute, and may leave soon. */
function addGuests({ chance, whole }: Draw, deeds: Plan['deeds'], came: Instant) {
  for (const after of [0, 15, 30]) {
    deeds.push({ at: plus(came, seconds(after)), deed: { kind: 'visit', panel: 0, wants: 'check-in' } });
  }
  const left = plus(came, seconds(whole(45, 90)));
  if (chance(0.7)) deeds.push({ at: left, deed: { kind: 'visit', panel: 0, wants: 'end-early' } });
}

function addTrouble(draw: Draw, deeds: Plan['deeds'], faults: Fault[], panels: readonly PanelPlan[], lived: Days) {
  const { between, chance, some, whole } = draw;
  const edges = edgesOf(panels);
  const day = () => some(lived) ?? lived[0];
  /** Back before the night. */
  const at = () => {
    const { start, end } = day();
    return plus(start, milliseconds(Math.round(between(0, end - start - seconds(45)))));
  };
  const panel = () => whole(0, panels.length - 1);
  for (let n = whole(0, 2); n > 0; n--) faults.push(faultIn(draw, edges, day()));
  if (chance(0.25)) deeds.push({ at: at(), deed: { kind: 'crash', panel: panel(), back: seconds(whole(1, 40)) } });
  if (chance(0.15)) deeds.push({ at: at(), deed: { kind: 'set-clock', panel: panel(), by: stepOf(draw) } });
  if (chance(0.15)) deeds.push({ at: at(), deed: { kind: 'disk-full', panel: panel(), lasts: seconds(whole(5, 90)) } });
  if (chance(0.3)) deeds.push({ at: at(), deed: { kind: 'page-dies', panel: panel(), lasts: seconds(whole(1, 300)) } });
  if (chance(0.15)) deeds.push({ at: at(), deed: { kind: 'central-restart', lasts: seconds(whole(1, 40)) } });
  if (chance(0.15)) deeds.push({ at: at(), deed: { kind: 'tokens-revoked', isTold: chance(0.4) } });
  if (chance(0.1)) deeds.push({ at: at(), deed: { kind: 'switch-access' } });
}
