import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/contract/values/policy.ts';
import { minutes, PlainDate, toIso } from '../../src/contract/values/time.ts';
import { extensions, walkUps } from '../../src/core/offers.ts';
import { occupants, statusAt } from '../../src/core/status.ts';
import { at, bookingKey, meeting, OSLO } from '../support/samples.ts';

const NOON = at('2026-11-20T12:00:00Z');
const date = (text: string) => v.parse(PlainDate, text);
const checkIn: Policy['checkIn'] = { kind: 'required', opensBefore: minutes(10), grace: minutes(5) };
const status = (meetings: Meeting[], policy: Partial<Policy> = {}, now = NOON) => {
  const whole = { ...DEFAULT_POLICY, ...policy };
  return statusAt(now, occupants(meetings, OSLO, whole), whole, []);
};

describe('status', () => {
  it.each([
    ['nothing', [], 'free'],
    ['over', [meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T12:00:00Z')], 'free'],
    ['starts now', [meeting('a', '2026-11-20T12:00:00Z', '2026-11-20T13:00:00Z')], 'in-meeting'],
    ['soon', [meeting('a', '2026-11-20T12:10:00Z', '2026-11-20T13:00:00Z')], 'starting-soon'],
    ['later', [meeting('a', '2026-11-20T12:11:00Z', '2026-11-20T13:00:00Z')], 'free'],
    [
      'cancelled or declined',
      [meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T13:00:00Z', { occupies: 'none' })],
      'free',
    ],
    [
      'tentative',
      [meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T13:00:00Z', { occupies: 'tentative' })],
      'in-meeting',
    ],
    ['empty span', [meeting('a', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z')], 'free'],
    ['since yesterday', [meeting('a', '2026-11-19T11:00:00Z', '2026-11-21T13:00:00Z')], 'in-meeting'],
  ] as const)('%s', (_, meetings, kind) => {
    expect(status([...meetings]).kind).toBe(kind);
  });

  it('lets tentative meetings leave the room free when the policy says so', () => {
    const tentative = meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T13:00:00Z', { occupies: 'tentative' });
    expect(status([tentative], { isTentativeBusy: false }).kind).toBe('free');
  });

  it('takes all-day events as dates where the room stands, through both changes of the clocks', () => {
    const day = (start: string, end: string) =>
      meeting('a', NOON, NOON, { when: { kind: 'all-day', startDate: date(start), endDate: date(end) } });
    for (const [start, end, length] of [
      ['2026-11-20', '2026-11-21', 24],
      ['2026-03-29', '2026-03-30', 23],
      ['2026-10-25', '2026-10-26', 25],
    ] as const) {
      const [o] = occupants([day(start, end)], OSLO, DEFAULT_POLICY);
      expect((o ? o.span.end - o.span.start : 0) / 3_600_000).toBe(length);
    }
    expect(toIso(occupants([day('2026-11-20', '2026-11-21')], OSLO, DEFAULT_POLICY)[0]?.span.start ?? NOON)).toBe(
      '2026-11-19T23:00:00.000Z',
    );
  });

  it('joins back-to-back and overlapping meetings into one "free at"', () => {
    const found = status([
      meeting('a', '2026-11-20T11:30:00Z', '2026-11-20T12:30:00Z'),
      meeting('b', '2026-11-20T12:15:00Z', '2026-11-20T13:00:00Z'),
      meeting('c', '2026-11-20T13:00:00Z', '2026-11-20T13:30:00Z'),
      meeting('d', '2026-11-20T14:00:00Z', '2026-11-20T15:00:00Z'),
    ]);
    expect(found.kind === 'in-meeting' && toIso(found.freeAt)).toBe('2026-11-20T13:30:00.000Z');
  });

  it('shows one current meeting: timed before all-day, the later start before the earlier', () => {
    const allDay = meeting('all', NOON, NOON, {
      when: { kind: 'all-day', startDate: date('2026-11-20'), endDate: date('2026-11-21') },
    });
    const long = meeting('long', '2026-11-20T09:00:00Z', '2026-11-20T15:00:00Z');
    const late = meeting('late', '2026-11-20T11:45:00Z', '2026-11-20T12:15:00Z');
    const shown = (...all: Meeting[]) => {
      const found = status(all);
      return found.kind === 'in-meeting' ? found.current.meeting.id : found.kind;
    };
    expect(shown(allDay)).toBe('all');
    expect(shown(allDay, long)).toBe('long');
    expect(shown(allDay, late, long)).toBe('late');
  });

  it('awaits check-in until the deadline, but not for what was booked at the door', () => {
    const m = meeting('a', '2026-11-20T11:57:00Z', '2026-11-20T13:00:00Z');
    expect(status([m], { checkIn }).kind).toBe('awaiting-check-in');
    expect(status([m], { checkIn }, at('2026-11-20T12:02:00Z')).kind).toBe('in-meeting');
    expect(status([{ ...m, bookingKey: bookingKey(1) }], { checkIn }).kind).toBe('in-meeting');
  });
});

describe('offers', () => {
  const offered = (meetings: Meeting[], now = NOON, policy: Partial<Policy> = {}) =>
    walkUps(now, occupants(meetings, OSLO, DEFAULT_POLICY), { ...DEFAULT_POLICY, ...policy }).map(
      w => `${toIso(w.end).slice(11, 16)}${w.isUntilNext ? '*' : ''}`,
    );

  it('fits walk-ups before the next meeting', () => {
    expect(offered([])).toEqual(['12:15', '12:30', '13:00']);
    expect(offered([meeting('a', '2026-11-20T12:45:00Z', '2026-11-20T13:00:00Z')])).toEqual([
      '12:15',
      '12:30',
      '12:45*',
    ]);
    expect(offered([meeting('a', '2026-11-20T12:30:00Z', '2026-11-20T13:00:00Z')])).toEqual(['12:15', '12:30*']);
    expect(offered([meeting('a', '2026-11-20T12:04:00Z', '2026-11-20T13:00:00Z')])).toEqual([]);
  });

  it('offers nothing longer than the policy allows, not even until the next meeting', () => {
    const next = (start: string) => [meeting('a', start, '2026-11-20T20:00:00Z')];
    expect(offered([], NOON, { longestBooking: minutes(30) })).toEqual(['12:15', '12:30']);
    expect(offered(next('2026-11-20T12:45:00Z'), NOON, { longestBooking: minutes(30) })).toEqual(['12:15', '12:30']);
    expect(offered(next('2026-11-20T15:00:00Z'))).toContain('15:00*');
    expect(offered(next('2026-11-20T15:01:00Z'))).toEqual(['12:15', '12:30', '13:00']);
    expect(offered(next('2026-11-20T15:01:00Z'), NOON, { longestBooking: minutes(300) })).toContain('15:01*');
  });

  it('starts on the running minute, yet never inside the meeting that just ended', () => {
    expect(offered([], at('2026-11-20T12:00:40Z'))[0]).toBe('12:15');
    const ended = meeting('a', '2026-11-20T11:00:00Z', '2026-11-20T12:00:30Z');
    const [first] = walkUps(at('2026-11-20T12:00:40Z'), occupants([ended], OSLO, DEFAULT_POLICY), DEFAULT_POLICY);
    expect(first && toIso(first.end)).toBe('2026-11-20T12:15:30.000Z');
  });

  it('extends only into free time', () => {
    const all = occupants(
      [
        meeting('mine', '2026-11-20T11:30:00Z', '2026-11-20T12:30:00Z'),
        meeting('next', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z'),
      ],
      OSLO,
      DEFAULT_POLICY,
    );
    const [mine] = all;
    const offered = (policy: Partial<Policy> = {}) =>
      mine && extensions(mine, all, { ...DEFAULT_POLICY, ...policy }).map(e => toIso(e.end).slice(11, 16));
    expect(offered()).toEqual(['12:45', '13:00']);
    expect(offered({ extensions: [minutes(20), minutes(5), minutes(45)] })).toEqual(['12:35', '12:50']);
    // Taken as a whole it would get longer than anything may be booked here.
    expect(offered({ longestBooking: minutes(75) })).toEqual(['12:45']);
  });
});
