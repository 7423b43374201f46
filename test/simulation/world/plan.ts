/** What a world is like and what will happen in it, all drawn from its seed before it begins. */

import { DEFAULT_POLICY, type Policy } from '../../../src/contract/values/policy.ts';
import {
  type Duration,
  type Instant,
  instant,
  milliseconds,
  minutes,
  plus,
  type Span,
  seconds,
} from '../../../src/contract/values/time.ts';
import type { Access, PanelPlan, Setting } from './assemble.ts';
import type { Draw } from './draw.ts';
import type { Edge, Fault, FaultKind } from './faults.ts';
import type { Series } from './people.ts';

/** Something that happens at an instant. */
export type Deed =
  /** `isRush`: wants the room now, as somebody at its door does. */
  | { kind: 'person'; room: number; isRush: boolean }
  /** `isRush`: whoever it is wants the room, and nothing else. */
  | { kind: 'tap'; panel: number; isRush: boolean }
  /** Everybody at the doors of this room, as soon as it is free on every glass, within so many milliseconds. */
  | { kind: 'rush'; room: number; spread: number }
  /** Somebody who came for this alone. */
  | { kind: 'visit'; panel: number; wants: 'check-in' | 'end-early' }
  | { kind: 'crash'; panel: number; back: Duration }
  /** Its power is off until the next day. */
  | { kind: 'night'; panel: number; back: Duration }
  | { kind: 'set-clock'; panel: number; by: Duration }
  /** The agent lives on, and nothing hangs on the wall. */
  | { kind: 'page-dies'; panel: number; lasts: Duration }
  | { kind: 'disk-full'; panel: number; lasts: Duration }
  | { kind: 'central-restart'; lasts: Duration }
  /** `isTold`: central knows, and has another grant; else tokens just do not hold any more. */
  | { kind: 'tokens-revoked'; isTold: boolean }
  | { kind: 'switch-access' };
export type Plan = Setting & {
  /** Whether the tenant tells central of changes, and central the panels. */
  hasHints: boolean;
  deeds: { at: Instant; deed: Deed }[];
  /** Null: some, about now. */
  series: readonly Series[] | null;
  /** From here on nothing happens any more, and nothing is wrong. */
  calmFrom: Instant;
};
/** What worlds there are to be. */
export type Limits = {
  access: readonly [Access, ...Access[]];
  modes: readonly [Policy['bookingMode'], ...Policy['bookingMode'][]];
};

/** Around the clocks' changes, around midnights, and in the middle of plain days. */
export const PLACES: readonly [string, string][] = [
  ['Europe/Oslo', '2026-11-20T10:00:00Z'],
  ['Europe/Oslo', '2026-11-20T23:00:00Z'],
  ['Europe/Oslo', '2026-03-29T01:00:00Z'],
  ['Europe/Oslo', '2026-10-25T01:00:00Z'],
  ['Europe/Oslo', '2026-10-25T00:00:00Z'],
  ['Europe/Oslo', '2026-03-28T23:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/St_Johns', '2026-03-08T05:30:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['Asia/Kathmandu', '2026-06-01T06:00:00Z'],
  ['Pacific/Apia', '2026-08-14T11:00:00Z'],
];

const ACTIVE = { least: minutes(7), most: minutes(13) };
/** How long a world is given to come to rest. */
export const SETTLE_WITHIN = minutes(2);
const EXTRA = seconds(2);
/** No longer is waited for an instant that came without a time. */
const BELIEVED = minutes(10);

export function makePlan(draw: Draw, limits: Limits): Plan {
  const { between, whole, chance, one } = draw;
  const [zone, around] = draw.some(PLACES) ?? ['Europe/Oslo', '2026-11-20T10:00:00Z'];
  const active = milliseconds(Math.round(between(ACTIVE.least, ACTIVE.most)));
  const start = instant(Date.parse(around) - Math.round(between(0, active)));
  const calmFrom = plus(start, active);
  const rooms = whole(1, 3);
  const panels = panelsOf(draw, rooms, limits);
  const at = () => plus(start, milliseconds(Math.round(between(seconds(5), active))));
  const deeds: Plan['deeds'] = [];
  const often = (most: number, make: () => Deed) => {
    for (let n = whole(0, most); n > 0; n--) deeds.push({ at: at(), deed: make() });
  };
  const panel = () => whole(0, panels.length - 1);
  often(10, () => ({ kind: 'person', room: whole(0, rooms - 1), isRush: false }));
  for (let n = whole(4, 14); n > 0; n--) deeds.push({ at: at(), deed: { kind: 'tap', panel: panel(), isRush: false } });
  addRushes(draw, deeds, panels, at);
  const access = one(limits.access);
  if (limits.access.length > 1 && chance(0.25)) deeds.push({ at: at(), deed: { kind: 'switch-access' } });

  const faults: Fault[] = [];
  // Some worlds have nothing wrong with them: there the checker is at its strictest.
  if (chance(0.85)) {
    const edges = edgesOf(panels);
    for (let n = whole(1, 4); n > 0; n--) faults.push(faultIn(draw, edges, { start, end: calmFrom }));
    if (chance(0.5)) often(3, () => ({ kind: 'crash', panel: panel(), back: seconds(whole(1, 40)) }));
    if (chance(0.4)) often(3, () => ({ kind: 'set-clock', panel: panel(), by: stepOf(draw) }));
    if (chance(0.2)) often(1, () => ({ kind: 'disk-full', panel: panel(), lasts: seconds(whole(5, 90)) }));
    if (chance(0.3)) often(2, () => ({ kind: 'central-restart', lasts: seconds(whole(1, 40)) }));
    if (chance(0.4)) often(2, () => ({ kind: 'tokens-revoked', isTold: chance(0.4) }));
    for (let n = one([0, 0, 1, 2]); n > 0; n--) addOfflineHold(draw, deeds, faults, panel(), at());
  }
  if (panels[0]?.policy.noShow === 'release' && chance(0.4))
    often(3, () => ({ kind: 'page-dies', panel: panel(), lasts: seconds(whole(1, 300)) }));
  // As Exchange does: at once, after a while, or longer than anybody waits.
  const answersAfter = milliseconds(chance(0.4) ? Math.round(between(1000, one([15_000, 15_000, 120_000]))) : 0);
  return {
    ...withEnd(plus(calmFrom, answersAfter), deeds, faults),
    zone,
    start,
    rooms,
    allowsConflicts: chance(0.15),
    answersAfter,
    panels,
    access,
    hasHints: chance(0.5),
    holidays: [],
    series: null,
  };
}

/** In order, and how long it lasts until everything has come to rest after `active`. */
export function withEnd(active: Instant, deeds: Plan['deeds'], faults: Fault[]) {
  deeds.sort((a, b) => a.at - b.at);
  const lasting = deeds.map(({ at: begins, deed }) =>
    plus(begins, 'lasts' in deed ? deed.lasts : 'back' in deed ? deed.back : (0 as Duration)),
  );
  const calmFrom = Math.max(active, ...faults.map(fault => leftBy(fault)), ...lasting) as Instant;
  return { deeds, faults, calmFrom, end: plus(calmFrom, milliseconds(SETTLE_WITHIN + EXTRA)) };
}

function panelsOf({ whole, chance, one, between }: Draw, rooms: number, { modes }: Limits): PanelPlan[] {
  const checkIn = chance(0.4);
  const policy: Policy = {
    ...DEFAULT_POLICY,
    bookingMode: one(modes),
    endEarly: one(['own', 'own', 'shorten', 'decline']),
    isTentativeBusy: chance(0.8),
    checkIn: checkIn
      ? { kind: 'required', opensBefore: minutes(whole(0, 5)), grace: minutes(whole(1, 4)) }
      : { kind: 'off' },
    noShow: checkIn && chance(0.8) ? 'release' : 'keep',
    neverReleaseFrom: minutes(chance(0.3) ? 30 : 480),
    startingSoon: minutes(Math.round(between(0, 10))),
  };
  const panels = Array.from({ length: rooms }, (_, room) => ({ name: `p${room}`, room, policy }));
  // Central gives a room one panel, which alone knows who checked in and what it has asked an inviter for. Where neither
  // matters several panels of one room book at once, so that there are more races than neighbours make.
  const doors = policy.bookingMode === 'direct' && !checkIn && chance(0.75) ? whole(1, 2) : 0;
  for (let n = 0; n < doors; n++) panels.push({ name: `p${rooms + n}`, room: 0, policy });
  return panels;
}

/** Several people at several doors of one room, and in the office, at nearly the same moment. */
function addRushes(
  { whole, between, chance, one }: Draw,
  deeds: Plan['deeds'],
  panels: PanelPlan[],
  at: () => Instant,
) {
  for (let n = whole(0, 3); n > 0; n--)
    deeds.push({ at: at(), deed: { kind: 'rush', room: 0, spread: one([30, 100, 400]) } });
  for (let n = whole(0, 4); n > 0; n--) {
    const moment = at();
    const spread = one([80, 300, 1500]);
    const soon = () => plus(moment, milliseconds(Math.round(between(0, spread))));
    panels.forEach(({ room }, panel) => {
      if (room === 0 || chance(0.3)) deeds.push({ at: soon(), deed: { kind: 'tap', panel, isRush: true } });
    });
    // Between somebody's look and somebody's write, if it can be.
    if (chance(0.7)) {
      const late = plus(soon(), milliseconds(Math.round(between(20, 120))));
      deeds.push({ at: late, deed: { kind: 'person', room: 0, isRush: true } });
    }
  }
}

/** Somebody books at a panel that is cut off, and then it dies and comes back. */
function addOfflineHold(draw: Draw, deeds: Plan['deeds'], faults: Fault[], panel: number, from: Instant) {
  const { between, chance } = draw;
  const after = (least: number, most: number) => plus(from, milliseconds(Math.round(between(least, most))));
  const edges = [`p${panel}>tenant`, `p${panel}>central`];
  faults.push({ kind: 'cut', isTold: chance(0.7), edges, span: { start: from, end: after(95_000, 120_000) } });
  deeds.push({ at: after(20_000, 70_000), deed: { kind: 'tap', panel, isRush: true } });
  deeds.push({ at: after(75_000, 90_000), deed: { kind: 'crash', panel, back: seconds(2) } });
  // A clock that is wrong from before, or becomes wrong while nobody can put it right.
  if (chance(0.3)) deeds.push({ at: after(-60_000, 110_000), deed: { kind: 'set-clock', panel, by: stepOf(draw) } });
}

export const edgesOf = (panels: readonly PanelPlan[]): Edge[] => [
  ...panels.flatMap(({ name }) => [`${name}>tenant`, `${name}>tenant`, `${name}>central`]),
  'central>tenant',
];

export function faultIn(draw: Draw, edges: Edge[], span: Span): Fault {
  const { between, chance, some, one } = draw;
  const begins = between(span.start, span.end);
  const lasts = chance(0.3) ? between(1_000, 12_000) : between(10_000, 180_000);
  const whole = { start: Math.round(begins) as Instant, end: Math.round(begins + lasts) as Instant };
  const hit = chance(0.3)
    ? edges
    : [...new Set([some(edges) ?? 'p0>tenant', ...(chance(0.5) ? [some(edges) ?? 'p0>tenant'] : [])])];
  return { ...kindOf(draw, whole.start), edges: hit, span: { start: whole.start, end: whole.end } } as Fault;

  function kindOf({ dice }: Draw, at: Instant): FaultKind {
    const odds = one([0.2, 0.5, 0.9]);
    const kinds: readonly [() => FaultKind, ...(() => FaultKind)[]] = [
      () => ({ kind: 'cut', isTold: chance(0.5) }),
      () => ({ kind: 'cut', isTold: chance(0.5) }),
      () => ({ kind: 'lost-request', odds }),
      () => ({ kind: 'lost-reply', odds, isTold: chance(0.6) }),
      () => ({ kind: 'lost-reply', odds, isTold: chance(0.6) }),
      () => ({ kind: 'duplicate', odds }),
      () => ({ kind: 'slow', most: Math.round(500 + dice() * 8000) }),
      () => ({ kind: 'drip', odds }),
      () => ({
        kind: 'throttle',
        odds,
        status: one([429, 429, 503, 504]),
        retryAfter: one(['1', '2.5', '5', '10', '20', dateHeader(at + 15_000)]),
        isDated: at % 2 === 0,
      }),
      () => ({ kind: 'error', odds, status: one([500, 502, 503, 504]), isDone: chance(0.3) }),
      () => ({ kind: 'portal' }),
    ];
    return one(kinds)();
  }
}

const dateHeader = (at: number) => new Date(at).toUTCString();

/** How far a clock is set: a little, as NTP does it, or by hours, as a flat battery does. */
export function stepOf({ one, between, chance }: Draw): Duration {
  const size = one([
    between(500, 4_900),
    between(5_000, 60_000),
    between(60_000, 600_000),
    between(3_600_000, 90_000_000),
  ]);
  return milliseconds(Math.round(chance(0.5) ? size : -size));
}

/** Whoever was told to wait waits on after the fault itself has ended. */
function leftBy(fault: Fault): Instant {
  if (fault.kind !== 'throttle') return fault.span.end;
  const told = Number(fault.retryAfter);
  // An instant, and no time to measure it by: a machine whose clock is wrong waits as long as anybody is believed.
  if (!Number.isFinite(told) && !fault.isDated) return plus(fault.span.end, BELIEVED);
  return plus(fault.span.end, milliseconds((Number.isFinite(told) ? told : 15) * 1000));
}
