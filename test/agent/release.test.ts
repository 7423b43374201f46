/** The last look before a room is given back, and what its organiser is told. */
import { describe, expect, it } from 'vitest';
import { endedEarlyLetter, noShowLetter, seriesDeclinedLetter } from '../../src/agent/letters.ts';
import { type ReleaseRequest, releaseRoom } from '../../src/agent/release.ts';
import type { Done, Failed, Refused, RoomCalendar } from '../../src/calendar/room-calendar.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import {
  type Duration,
  hours,
  milliseconds,
  minutes,
  overlaps,
  plus,
  type Span,
  seconds,
} from '../../src/contract/values/time.ts';
import type { StrikeNote } from '../../src/core/effects.ts';
import { answerRelease, awaiting, sure } from '../core/no-show-story.ts';
import { at, config, eventId, meeting, zone } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = at('2026-11-20T12:00:00Z');
const MET = meeting('met', START, at('2026-11-20T13:00:00Z'), {
  title: { kind: 'public', text: 'CANARY' },
  series: eventId('series-1'),
});
const NOW = plus(START, minutes(10));
const POLICY: Partial<Policy> = {
  checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) },
  noShow: 'release',
};
const DAY = hours(24);
const WEEK = hours(24 * 7);
const ago = (span: Duration) => plus(START, -span as Duration);
const STRIKE: StrikeNote = { series: eventId('series-1'), count: 3, since: ago(WEEK), declines: true };
const DONE: Done = { kind: 'done' };
const LOST: Failed = {
  kind: 'failed',
  problem: 'unreachable',
  retryAfter: seconds(7),
  isOutcomeUnknown: true,
  detail: '',
};
const no = (why: Refused['why']): Refused => ({ kind: 'refused', why, detail: '' });

type Answer = Done | Refused | Failed;
type Script = {
  list?: Meeting[] | Failed;
  /** What stood there before the occurrence at hand. */
  before?: Meeting[] | Failed;
  cancel?: Answer;
  decline?: Answer;
  declineSeries?: Answer;
  /** How long the look takes by the machine's clock. */
  took?: Duration;
};

/** A room's calendar that answers by heart, and writes down what was asked of it. */
function calendarThat(script: Script) {
  const { list = [MET], before = [], cancel = DONE, decline = DONE, declineSeries = DONE } = script;
  const { took = milliseconds(0) } = script;
  const asked: string[][] = [];
  const clock = new VirtualClock(NOW);
  const never = () => Promise.reject(new Error('nobody asks for this here'));
  const calendar: RoomCalendar = {
    list: async (window, _signal, sharing) => {
      const isBefore = window.end <= START;
      asked.push([isBefore ? 'before' : 'list', ...offsets(window), sharing ?? 'now']);
      if (!isBefore) clock.jump(took);
      const found = isBefore ? before : list;
      if (!Array.isArray(found)) return found;
      const meetings = found.filter(m => m.when.kind === 'all-day' || overlaps(m.when, window));
      return { kind: 'listed', meetings, serverTime: null, age: milliseconds(0) };
    },
    cancel: async (event, version) => {
      asked.push(['cancel', event, version ?? '']);
      return cancel;
    },
    decline: async (event, comment) => {
      asked.push(['decline', event, comment]);
      return decline;
    },
    declineSeries: async (series, comment) => {
      asked.push(['declineSeries', series, comment]);
      return declineSeries;
    },
    book: never,
    changeEnd: never,
    schedule: never,
    invitations: null,
  };
  return { calendar, clock, asked };
}

const offsets = ({ start, end }: Span) => [`${start - START}`, `${end - START}`];
const REQUEST: ReleaseRequest = {
  config: config(POLICY),
  meeting: MET,
  strike: null,
  mayBeDone: false,
  at: NOW,
  until: plus(NOW, minutes(2)),
};

async function release(script: Script, more: Partial<ReleaseRequest> = {}) {
  const { asked, ...tools } = calendarThat(script);
  const outcome = await releaseRoom(tools, { ...REQUEST, ...more });
  return { outcome, asked, verbs: asked.map(([verb]) => verb) };
}
const released = (isSeriesDeclined = false, isRow: boolean | null = null) =>
  ({ kind: 'released', isSeriesDeclined, isRow }) as const;

describe('a room is given back', () => {
  it('by declining the occurrence, after a look of its own, and the organiser is told why', async () => {
    const { outcome, asked } = await release({});
    expect(outcome).toEqual(released());
    const comment =
      'Nobody checked in to this meeting in Fjord on Friday 20 November, 13:00–14:00, by 13:10. ' +
      'The room has been released so that others can use it; the meeting itself is not cancelled.';
    expect(asked).toEqual([
      ['list', '0', '3600000', 'now'],
      ['decline', 'met', comment],
    ]);
  });

  it('by cancelling it where the room itself organises it, at the version just seen', async () => {
    const own = { ...MET, isRoomOrganizer: true };
    const { outcome, asked } = await release(
      { list: [{ ...own, version: 'W/"9"' }] },
      { meeting: own, strike: STRIKE },
    );
    expect(outcome).toEqual(released(false, true));
    expect(asked.slice(2)).toEqual([['cancel', 'met', 'W/"9"']]);
  });

  it('also when only its words changed', async () => {
    const { verbs } = await release({ list: [{ ...MET, version: 'W/"2"', title: { kind: 'none' } }] });
    expect(verbs).toEqual(['list', 'decline']);
  });

  it('and the series with it where the policy says so, which may fail without undoing anything', async () => {
    const { outcome, asked } = await release({}, { strike: STRIKE });
    expect(outcome).toEqual(released(true, true));
    expect(asked.map(([verb, id]) => [verb, id]).slice(2)).toEqual([
      ['decline', 'met'],
      ['declineSeries', 'series-1'],
    ]);
    // What has not been done yet is not said; and then the series is told why.
    expect(asked[2]?.[2]).toContain('3 times in a row that nobody');
    expect(asked[2]?.[2]).not.toContain('rest');
    expect(asked[3]?.[2]).toMatch(/^3 times in a row nobody .* declines the rest/);
    for (const declineSeries of [LOST, no('not-allowed')]) {
      const failed = await release({ declineSeries }, { strike: STRIKE });
      expect(failed.outcome).toEqual(released(false, true));
    }
    const told = await release({}, { strike: { ...STRIKE, declines: false } });
    expect(told.verbs).toEqual(['before', 'list', 'decline']);
    expect(told.asked[2]?.[2]).toContain('3 times in a row');
  });
});

describe('strikes are in a row only', () => {
  const series = { series: STRIKE.series };
  const held = (daysAgo: number, more: Partial<Meeting> = {}) =>
    meeting(`held-${daysAgo}`, ago(hours(24 * daysAgo)), plus(ago(hours(24 * daysAgo)), hours(1)), {
      ...series,
      ...more,
    });
  const strikesSince = (script: Script, since: Duration) =>
    release(script, { strike: { ...STRIKE, since: ago(since) } });

  it('where no other occurrence takes the room, as far back as has not been looked through, a week at a time', async () => {
    const { asked } = await strikesSince({}, hours(24 * 16));
    expect(asked.slice(0, 3).map(([, ...window]) => window)).toEqual([
      [`${-16 * DAY}`, `${-9 * DAY}`, 'now'],
      [`${-9 * DAY}`, `${-2 * DAY}`, 'now'],
      [`${-2 * DAY}`, '0', 'now'],
    ]);
  });

  it.each<[string, Meeting[], boolean]>([
    ['nothing else', [], true],
    ['one people came to, at the very start', [held(16)], false],
    ['one people came to, in between', [held(5)], false],
    ['one that was tentative', [held(5, { occupies: 'tentative' })], false],
    ['one that was called off', [held(5, { occupies: 'none' })], true],
    ['one of another series', [held(5, { series: eventId('series-2') })], true],
    ['one that is no series', [held(5, { series: null })], true],
  ])('with %s there', async (_, before, isRow) => {
    const { outcome, asked, verbs } = await strikesSince({ before }, hours(24 * 16));
    expect(outcome).toEqual(released(isRow, isRow));
    expect(verbs.includes('declineSeries')).toBe(isRow);
    expect(asked.find(([verb]) => verb === 'decline')?.[2]?.includes('in a row')).toBe(isRow);
  });

  it('as far as can be read: otherwise nothing is said and nothing declined but the one', async () => {
    const { outcome, asked, verbs } = await strikesSince({ before: LOST }, WEEK);
    expect(outcome).toEqual(released(false, null));
    expect(verbs).toEqual(['before', 'list', 'decline']);
    expect(asked[2]?.[2]).not.toContain('in a row');
  });

  it('which is not asked where nobody counts', async () => {
    expect((await release({})).verbs).toEqual(['list', 'decline']);
  });
});

describe('it is let be', () => {
  it.each<[string, Script]>([
    ['is gone', { list: [] }],
    ['leaves the room free', { list: [{ ...MET, occupies: 'none' }] }],
    ['was confirmed meanwhile', { list: [{ ...MET, occupies: 'tentative' }] }],
    ['was moved', { list: [meeting('met', plus(START, minutes(5)), at('2026-11-20T13:00:00Z'))] }],
    ['was extended', { list: [meeting('met', START, at('2026-11-20T13:30:00Z'))] }],
    ['is no longer alone', { list: [MET, meeting('new', plus(START, minutes(5)), plus(START, minutes(30)))] }],
  ])('when it %s', async (_, script) => {
    const { outcome, verbs } = await release(script);
    expect(outcome).toEqual({ kind: 'let-be' });
    expect(verbs).toEqual(['list']);
  });

  it('when somebody came in after the deadline, before a later try looked', async () => {
    const walkUp = meeting('late', plus(NOW, minutes(1)), plus(NOW, minutes(30)));
    for (const [late, verbs] of [
      [seconds(59), ['list', 'decline']],
      [seconds(75), ['list']],
    ] as const) {
      expect((await release({ list: [MET, walkUp] }, { at: plus(NOW, late) })).verbs).toEqual(verbs);
    }
  });

  it('when the machine slept, its clock was set, or the provider dawdled, between the look and the declining', async () => {
    for (const [took, kind] of [
      [minutes(2), 'released'],
      [milliseconds(120_001), 'let-be'],
      [hours(1), 'let-be'],
      [minutes(-60), 'let-be'],
    ] as const) {
      expect((await release({ took })).outcome.kind).toBe(kind);
    }
  });

  it('when the provider does not let the room decline it', async () => {
    for (const decline of [no('not-allowed'), no('invalid'), no('gone')]) {
      const { outcome, verbs } = await release({ decline }, { strike: STRIKE });
      expect(outcome).toEqual({ kind: 'let-be' });
      expect(verbs).not.toContain('declineSeries');
    }
    const own = { ...MET, isRoomOrganizer: true };
    const changed = await release({ list: [own], cancel: no('changed-meanwhile') }, { meeting: own });
    expect(changed.outcome).toEqual({ kind: 'let-be' });
  });
});

describe('a failure', () => {
  it('is told with the time to wait, whether looking or declining failed', async () => {
    const failed = { kind: 'failed', problem: 'unreachable', retryAfter: seconds(7), mayBeDone: false };
    expect((await release({ list: LOST })).outcome).toEqual(failed);
    expect((await release({ decline: LOST }, { strike: STRIKE })).outcome).toEqual({ ...failed, mayBeDone: true });
  });

  it('after which the meeting is gone was none: the answer was lost, and the series is still to be declined', async () => {
    for (const list of [[], [{ ...MET, occupies: 'none' as const }]]) {
      const { outcome, verbs } = await release({ list }, { mayBeDone: true, strike: STRIKE });
      expect(outcome).toEqual(released(true, true));
      expect(verbs).toEqual(['before', 'list', 'declineSeries']);
    }
  });

  it('to look, after which the meeting is gone, is no such thing: its organiser called it off', async () => {
    const policy = { ...POLICY, strikes: { kind: 'decline-series', after: 2 } } as const;
    const core = awaiting(policy, [MET]);
    const { room } = core.state;
    if (!room) throw new Error('there is a room');
    const strikes = [{ series: STRIKE.series, count: 1, since: ago(WEEK), lastStart: ago(WEEK) }];
    core.state = { ...core.state, room: { ...room, noShow: { ...room.noShow, strikes } } };
    core.liveUntil(NOW, sure([MET]));
    const first = core.last('release-room');
    expect(first.strike?.declines).toBe(true);
    const lost = { ...LOST, retryAfter: null, isOutcomeUnknown: false };
    answerRelease(core, await releaseRoom(calendarThat({ list: lost }), first));
    core.liveUntil(plus(NOW, seconds(8)), sure([MET]));
    const second = core.last('release-room');
    expect(second.id).not.toBe(first.id);
    const { asked, ...tools } = calendarThat({ list: [] });
    expect(await releaseRoom(tools, second)).toEqual({ kind: 'let-be' });
    expect(asked.map(([verb]) => verb)).toEqual(['before', 'list']);
  });

  it('after which it is still there is tried again', async () => {
    expect((await release({}, { mayBeDone: true })).verbs).toEqual(['list', 'decline']);
  });
});

describe('the organiser reads', () => {
  const letter = (policy: Partial<Policy>, strike: StrikeNote | null = null, inZone = 'Europe/Oslo') =>
    noShowLetter({
      room: { name: 'Fjord', zone: zone(inZone) },
      policy: { ...config(policy).policy },
      span: { start: START, end: at('2026-11-20T13:00:00Z') },
      deadline: plus(START, minutes(10)),
      strike,
    });

  it('it in the language of the room, by the clock of the room', () => {
    expect(letter({ language: 'de' })).toBe(
      'Zu dieser Besprechung in Fjord am Freitag, 20. November, 13:00–14:00, hat bis 13:10 niemand eingecheckt. ' +
        'Der Raum wurde deshalb für andere freigegeben; die Besprechung selbst ist nicht abgesagt.',
    );
    expect(letter({ language: 'nb' })).toBe(
      'Ingen sjekket inn til dette møtet i Fjord fredag 20. november, 13:00–14:00, innen kl. 13:10. ' +
        'Rommet er derfor frigitt for andre; selve møtet er ikke avlyst.',
    );
    expect(letter({ hourCycle: '12h' }, null, 'Pacific/Auckland')).toContain(
      'on Saturday 21 November, 1:00 am–2:00 am, by 1:10 am.',
    );
  });

  it('how often it was, and nothing of the series, which is yet to be declined', () => {
    const end = (language: Policy['language']) => letter({ language }, STRIKE).slice(letter({ language }).length);
    expect(end('en')).toBe(' That is 3 times in a row that nobody has checked in to this series.');
    expect(end('de')).toBe(' Damit hat in dieser Serie 3-mal in Folge niemand eingecheckt.');
    expect(end('nb')).toBe(' Det er 3 ganger på rad at ingen har sjekket inn til denne møteserien.');
  });

  it('why the series is declined', () => {
    const words = (language: Policy['language']) => seriesDeclinedLetter({ ...config({ language }), strike: STRIKE });
    expect(words('en')).toBe(
      '3 times in a row nobody has checked in to this series in Fjord. ' +
        'The room therefore declines the rest of it; the meetings themselves are not cancelled.',
    );
    expect(words('de')).toBe(
      'Zu dieser Serie in Fjord hat 3-mal in Folge niemand eingecheckt. ' +
        'Der Raum lehnt deshalb ihre übrigen Termine ab; die Besprechungen selbst sind nicht abgesagt.',
    );
    expect(words('nb')).toBe(
      '3 ganger på rad har ingen sjekket inn til denne møteserien i Fjord. ' +
        'Rommet avslår derfor resten av den; selve møtene er ikke avlyst.',
    );
  });

  it('that somebody at the door ended it', () => {
    const { room, policy } = config({ language: 'nb' });
    const span = { start: START, end: at('2026-11-20T13:00:00Z') };
    expect(endedEarlyLetter({ room, policy, span, at: plus(START, minutes(30)) })).toBe(
      'Noen ved døren til Fjord avsluttet dette møtet fredag 20. november, 13:00–14:00, kl. 13:30. ' +
        'Rommet er derfor frigitt for andre; selve møtet er ikke avlyst.',
    );
  });

  it('never what the meeting was about', async () => {
    for (const language of ['en', 'de', 'nb'] as const) {
      const { asked } = await release({}, { config: config({ ...POLICY, language }), strike: STRIKE });
      expect(JSON.stringify(asked)).not.toContain('CANARY');
    }
  });
});
