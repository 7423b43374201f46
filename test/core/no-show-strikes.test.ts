/** How often in a row nobody came to a series, and what that brings. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import {
  type Duration,
  hours,
  type Instant,
  minutes,
  PlainDate,
  plus,
  seconds,
} from '../../src/contract/values/time.ts';
import type { Strike } from '../../src/core/remembered.ts';
import { strikeBy, withStrike } from '../../src/core/strikes.ts';
import { config, eventId, meeting } from '../support/samples.ts';
import { type Core, pairedCore } from './harness.ts';
import { answerRelease, RELEASING, restarted, START, sure } from './no-show-story.ts';

const SERIES = eventId('series-1');
const STRICT: Partial<Policy> = { ...RELEASING, strikes: { kind: 'decline-series', after: 2 } };
const WEEK = hours(7 * 24);
const weeks = (n: number) => (n * WEEK) as Duration;
const occurrence = (week: number, more: Partial<Meeting> = {}): Meeting => {
  const start = plus(START, weeks(week));
  return meeting(`week-${week}`, start, plus(start, hours(1)), { series: SERIES, ...more });
};

/** A panel that runs from twenty minutes before the occurrence; what it knew before comes from `core`. */
function weekOf(core: Core | null, week: number, policy: Partial<Policy>, holidays: string[] = []): Core {
  const now = plus(plus(START, weeks(week)), minutes(-20));
  const whole = { ...config(policy), holidays: v.parse(v.array(PlainDate), holidays) };
  if (core) core.now = now;
  const panel = core ? restarted(core) : pairedCore(now, whole);
  panel.online();
  if (core)
    panel.hears({ kind: 'config-pushed', result: { kind: 'config', config: { ...whole, panelName: `${week}` } } });
  return panel;
}

type Looked = { isSeriesDeclined?: boolean; isRow?: boolean | null };
/** Nobody comes; the note that goes with the release, null when there is none, 'kept' when nothing is released. */
function missed(core: Core, week: number, looked: Looked = {}, more: Partial<Meeting> = {}) {
  const met = occurrence(week, more);
  const before = core.count('release-room');
  core.liveUntil(plus(plus(START, weeks(week)), minutes(10)), sure([met]));
  if (core.count('release-room') === before) return 'kept';
  const { strike } = core.last('release-room');
  answerRelease(core, { kind: 'released', isSeriesDeclined: false, isRow: strike && true, ...looked });
  sure([])(core);
  return strike;
}

/** One week after the other, each over a restart. */
function notes(policy: Partial<Policy>, count: number, holidays: string[] = []) {
  const found: unknown[] = [];
  let core: Core | null = null;
  for (let week = 0; week < count; week++) {
    core = weekOf(core, week, policy, holidays);
    found.push(missed(core, week));
  }
  return found;
}

describe('strikes', () => {
  it('are told with the release from the chosen number on, each time, over restarts', () => {
    const note = (count: number, week: number) => ({
      series: SERIES,
      count,
      since: plus(START, weeks(week)),
      declines: true,
    });
    // What was found to be a row is not looked through again.
    expect(notes(STRICT, 4)).toEqual([null, note(2, 0), note(3, 1), note(4, 2)]);
    const telling = notes({ ...RELEASING, strikes: { kind: 'tell', after: 3 } }, 3);
    expect(telling).toEqual([null, null, { series: SERIES, count: 3, since: START, declines: false }]);
  });

  it('are neither told nor counted when nobody wants them', () => {
    expect(notes(RELEASING, 3)).toEqual([null, null, null]);
    let core: Core | null = null;
    for (const week of [0, 1]) {
      core = weekOf(core, week, RELEASING);
      missed(core, week);
    }
    core = weekOf(core, 2, STRICT);
    expect(missed(core, 2)).toBeNull();
  });

  it('do not count on a public holiday where the room stands', () => {
    const note = { series: SERIES, count: 2, since: START, declines: true };
    expect(notes(STRICT, 3, ['2026-11-27'])).toEqual([null, null, note]);
    // Half past eleven in the evening of the 19th in UTC is the 20th in Oslo.
    const late = meeting('late', '2026-11-19T23:30:00Z', '2026-11-20T00:30:00Z', { series: SERIES });
    const when = { meeting: late, span: { start: late.when.kind === 'timed' ? late.when.start : START, end: START } };
    const on = (day: string) => strikeBy([], when, { ...config(STRICT), holidays: v.parse(v.array(PlainDate), [day]) });
    expect(on('2026-11-20')).toBeNull();
    expect(on('2026-11-19')).toMatchObject({ count: 1 });
  });

  it('are forgiven by a check-in to any occurrence', () => {
    let core = weekOf(null, 0, STRICT);
    missed(core, 0);
    core = weekOf(core, 1, STRICT);
    core.liveUntil(plus(START, weeks(1)), sure([occurrence(1)]));
    core.tap({ kind: 'check-in', id: 'tap', meeting: occurrence(1).id });
    core.liveUntil(plus(core.now, hours(2)), sure([]));
    core = weekOf(core, 2, STRICT);
    expect(missed(core, 2)).toBeNull();
  });

  it('are no matter of a meeting that is no series', () => {
    let core: Core | null = null;
    for (const week of [0, 1, 2]) {
      core = weekOf(core, week, STRICT);
      expect(missed(core, week, {}, { series: null })).toBeNull();
    }
  });

  it('do not count when the release did not come about', () => {
    let core = weekOf(null, 0, STRICT);
    core.liveUntil(plus(START, minutes(10)), sure([occurrence(0)]));
    answerRelease(core, { kind: 'let-be' });
    core.liveUntil(plus(START, hours(2)), sure([]));
    core = weekOf(core, 1, STRICT);
    expect(missed(core, 1)).toBeNull();
  });

  it('start anew once the series was declined, and go on when that failed', () => {
    let core = weekOf(null, 0, STRICT);
    missed(core, 0);
    core = weekOf(core, 1, STRICT);
    expect(missed(core, 1, { isSeriesDeclined: true })).toMatchObject({ count: 2 });
    core = weekOf(core, 2, STRICT);
    expect(missed(core, 2)).toBeNull();
  });

  it('start anew at this one when somebody came in between, as when the panel was off', () => {
    let core = weekOf(null, 0, STRICT);
    missed(core, 0);
    core = weekOf(core, 2, STRICT);
    expect(missed(core, 2, { isRow: false })).toMatchObject({ count: 2, since: START });
    core = weekOf(core, 3, STRICT);
    expect(missed(core, 3)).toMatchObject({ count: 2, since: plus(START, weeks(2)) });
  });

  it('go on, and are looked through again, when nobody could tell whether somebody came in between', () => {
    let core = weekOf(null, 0, STRICT);
    missed(core, 0);
    core = weekOf(core, 1, STRICT);
    missed(core, 1, { isRow: null });
    core = weekOf(core, 2, STRICT);
    expect(missed(core, 2)).toMatchObject({ count: 3, since: START });
  });

  it('count one occurrence once, in whatever order they are missed', () => {
    const { span, ...rest } = { meeting: occurrence(0), span: { start: START, end: plus(START, hours(1)) } };
    const before: Strike[] = [{ series: SERIES, count: 4, since: START, lastStart: START }];
    expect(strikeBy(before, { ...rest, span }, config(STRICT))).toBeNull();
    const earlier = { start: plus(START, seconds(-1)), end: plus(START, hours(1)) };
    expect(strikeBy(before, { ...rest, span: earlier }, config(STRICT))).toBeNull();
    const later = { start: plus(START, weeks(1)), end: plus(START, weeks(2)) };
    expect(strikeBy(before, { ...rest, span: later }, config(STRICT))).toMatchObject({ count: 5 });
  });

  it('of more than sixty days ago are forgotten, and two hundred series are remembered at most', () => {
    const at = (days: number): Instant => plus(START, hours(days * 24));
    const old = [{ series: SERIES, count: 4, since: at(-61), lastStart: at(-61) }];
    const span = { start: START, end: plus(START, hours(1)) };
    expect(strikeBy(old, { meeting: occurrence(0), span }, config(STRICT))).toMatchObject({ count: 1 });
    let strikes: Strike[] = old;
    for (let n = 0; n < 300; n++) {
      const start = plus(START, minutes(n));
      strikes = withStrike(
        strikes,
        { series: eventId(`series-${n}`), count: 1, since: start, lastStart: start },
        start,
      );
    }
    expect([strikes.length, strikes[0]?.series, strikes.at(-1)?.series]).toEqual([200, 'series-100', 'series-299']);
  });
});
