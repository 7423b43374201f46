/** The last look before a room is given back, and what its organiser is told. */
import { describe, expect, it } from 'vitest';
import { endedEarlyLetter, noShowLetter } from '../../src/agent/letters.ts';
import { releaseRoom } from '../../src/agent/release.ts';
import type { Done, Failed, Refused, RoomCalendar } from '../../src/calendar/room-calendar.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { StrikeNote } from '../../src/core/effects.ts';
import { at, config, eventId, meeting, zone } from '../support/samples.ts';

const START = at('2026-11-20T12:00:00Z');
const MET = meeting('met', START, at('2026-11-20T13:00:00Z'), {
  title: { kind: 'public', text: 'CANARY' },
  series: eventId('series-1'),
});
const POLICY: Partial<Policy> = {
  checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) },
  noShow: 'release',
};
const STRIKE: StrikeNote = { series: eventId('series-1'), count: 3, declines: true };
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
type Script = { list?: Meeting[] | Failed; cancel?: Answer; decline?: Answer; declineSeries?: Answer };

/** A room's calendar that answers by heart, and writes down what was asked of it. */
function calendarThat({ list = [MET], cancel = DONE, decline = DONE, declineSeries = DONE }: Script) {
  const asked: string[][] = [];
  const never = () => Promise.reject(new Error('nobody asks for this here'));
  const calendar: RoomCalendar = {
    list: async (window, _signal, sharing) => {
      asked.push(['list', `${window.start - START}`, `${window.end - START}`, sharing ?? 'now']);
      return Array.isArray(list) ? { kind: 'listed', meetings: list, serverTime: null, age: milliseconds(0) } : list;
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
  return { calendar, asked };
}

async function release(script: Script, more: { meeting?: Meeting; strike?: StrikeNote; isRepeated?: boolean } = {}) {
  const { calendar, asked } = calendarThat(script);
  const request = { config: config(POLICY), meeting: MET, strike: null, isRepeated: false, ...more };
  const outcome = await releaseRoom(calendar, request);
  return { outcome, asked, verbs: asked.map(([verb]) => verb) };
}

describe('a room is given back', () => {
  it('by declining the occurrence, after a look of its own, and the organiser is told why', async () => {
    const { outcome, asked } = await release({});
    expect(outcome).toEqual({ kind: 'released', isSeriesDeclined: false });
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
    expect(outcome).toEqual({ kind: 'released', isSeriesDeclined: false });
    expect(asked.slice(1)).toEqual([['cancel', 'met', 'W/"9"']]);
  });

  it('also when only its words changed', async () => {
    const { verbs } = await release({ list: [{ ...MET, version: 'W/"2"', title: { kind: 'none' } }] });
    expect(verbs).toEqual(['list', 'decline']);
  });

  it('and the series with it where the policy says so, which may fail without undoing anything', async () => {
    const { outcome, asked } = await release({}, { strike: STRIKE });
    expect(outcome).toEqual({ kind: 'released', isSeriesDeclined: true });
    expect(asked.map(([verb, id]) => [verb, id]).slice(1)).toEqual([
      ['decline', 'met'],
      ['declineSeries', 'series-1'],
    ]);
    expect(asked[2]?.[2]).toContain('3 times in a row');
    for (const declineSeries of [LOST, no('not-allowed')]) {
      const failed = await release({ declineSeries }, { strike: STRIKE });
      expect(failed.outcome).toEqual({ kind: 'released', isSeriesDeclined: false });
    }
    const told = await release({}, { strike: { ...STRIKE, declines: false } });
    expect(told.verbs).toEqual(['list', 'decline']);
    expect(told.asked[1]?.[2]).toContain('3 times in a row');
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
    const failed = { kind: 'failed', problem: 'unreachable', retryAfter: seconds(7) };
    expect((await release({ list: LOST })).outcome).toEqual(failed);
    expect((await release({ decline: LOST }, { strike: STRIKE })).outcome).toEqual(failed);
  });

  it('after which the meeting is gone was none: the answer was lost, and the series is still to be declined', async () => {
    for (const list of [[], [{ ...MET, occupies: 'none' as const }]]) {
      const { outcome, verbs } = await release({ list }, { isRepeated: true, strike: STRIKE });
      expect(outcome).toEqual({ kind: 'released', isSeriesDeclined: true });
      expect(verbs).toEqual(['list', 'declineSeries']);
    }
  });

  it('after which it is still there is tried again', async () => {
    expect((await release({}, { isRepeated: true })).verbs).toEqual(['list', 'decline']);
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

  it('how often it was, and what becomes of the series', () => {
    const ends = (language: Policy['language']) =>
      [true, false].map(declines => letter({ language }, { ...STRIKE, declines }).slice(letter({ language }).length));
    expect(ends('en')).toEqual([
      ' That is 3 times in a row that nobody has checked in to this series. The room therefore declines the rest of the series.',
      ' That is 3 times in a row that nobody has checked in to this series.',
    ]);
    expect(ends('de')[0]).toBe(
      ' Damit hat in dieser Serie 3-mal in Folge niemand eingecheckt. Der Raum lehnt deshalb die übrigen Termine der Serie ab.',
    );
    expect(ends('nb')[0]).toBe(
      ' Det er 3 ganger på rad at ingen har sjekket inn til denne møteserien. Rommet avslår derfor resten av serien.',
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
      const { calendar, asked } = calendarThat({});
      await releaseRoom(calendar, {
        config: config({ ...POLICY, language }),
        meeting: MET,
        strike: STRIKE,
        isRepeated: false,
      });
      expect(JSON.stringify(asked)).not.toContain('CANARY');
    }
  });
});
