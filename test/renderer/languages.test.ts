/** The catalogues, phrase by phrase, and the ways the three languages write times. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { at, NOW, ROOM } from '../../renderer/gallery/fixtures/build.ts';
import { durationText } from '../../renderer/i18n/duration.ts';
import { LOCALES, makeFormat } from '../../renderer/i18n/format.ts';
import { CATALOGUES } from '../../renderer/i18n/panel/catalogues.ts';
import { Language } from '../../src/contract/values/policy.ts';
import { hours, minutes, ZoneName } from '../../src/contract/values/time.ts';

type Phrase = { path: string; say: (n: number) => string; takes: number };

/** Every phrase of a catalogue as a function of its data; all of them are told the same number. */
function phrases(of: unknown, path = ''): Phrase[] {
  if (typeof of === 'string') return [{ path, say: () => of, takes: 0 }];
  if (typeof of === 'function') return [{ path, say: n => String(of(...Array(of.length).fill(n))), takes: of.length }];
  return Object.entries(of as object).flatMap(([key, value]) => phrases(value, path === '' ? key : `${path}.${key}`));
}

const ENGLISH = phrases(CATALOGUES.en);
/** Words that are the same by right: signs, names, and what German and Norwegian share with English. */
const SAME_BY_RIGHT: Record<'de' | 'nb', string[]> = {
  de: ['doubtful', 'range', 'action.dismiss', 'action.extendBy', 'find.example', 'service.title'],
  nb: ['doubtful', 'range', 'action.dismiss', 'action.extendBy', 'action.minutes', 'find.example', 'service.title'],
};

describe.each(Language.options)('the catalogue %s', language => {
  const own = phrases(CATALOGUES[language]);

  test('has every phrase, with the same data, and none is empty or padded', () => {
    expect(own.map(({ path, takes }) => ({ path, takes }))).toEqual(
      ENGLISH.map(({ path, takes }) => ({ path, takes })),
    );
    for (const { path, say } of own) {
      const said = say(7);
      expect(said, path).not.toBe('');
      expect(said, path).toBe(said.trim());
      expect(said, path).not.toMatch(/undefined|null|NaN|\[object|\s{2}|#/);
    }
  });

  test('says what it is told: no phrase forgets its data', () => {
    for (const { path, say, takes } of own) {
      // Twice the same number where it takes two.
      expect(say(7).split('7').length - 1, path).toBe(takes);
    }
  });

  test('its letters are all in the fonts we bring along', () => {
    const said = own.map(({ say }) => say(7)).join('');
    // renderer/ui/fonts.css; the thin space of a range is any font's.
    expect(said.replaceAll(/[\u0020-\u007e\u00a0-\u017f\u2013\u2014\u2018-\u201e\u2026\u2009]/g, '')).toBe('');
  });

  test('one is one and two are two', () => {
    const { seats, service } = CATALOGUES[language];
    for (const count of [seats, service.digits]) expect(count(1).replace('1', '2')).not.toBe(count(2));
  });
});

test.each(['de', 'nb'] as const)('%s is not English by accident', language => {
  const english = new Map(ENGLISH.map(({ path, say }) => [path, say(7)]));
  const same = phrases(CATALOGUES[language]).filter(({ path, say }) => say(7) === english.get(path));
  expect(same.map(({ path }) => path).sort()).toEqual(SAME_BY_RIGHT[language].sort());
});

describe('times', () => {
  const format = (language: Language, hourCycle: '12h' | '24h') => makeFormat(LOCALES[language], ROOM.zone, hourCycle);
  const nbsp = (text: string) => text.replaceAll(' ', '\u00a0');

  test.each([
    ['en', 'Friday 20 November', 'Fri 20 Nov, 14:07', '20 Nov 2026, 14:07'],
    ['de', 'Freitag, 20. November', 'Fr. 20. Nov., 14:07', '20. Nov. 2026, 14:07'],
    ['nb', 'fredag 20. november', 'fre. 20. nov., 14:07', '20. nov. 2026, 14:07'],
  ] as const)('dates in %s', (language, date, dayTime, dateTime) => {
    const { date: dateOf, dayTime: dayTimeOf, dateTime: dateTimeOf } = format(language, '24h');
    expect([dateOf(NOW), dayTimeOf(NOW), dateTimeOf(NOW)]).toEqual([date, dayTime, dateTime]);
  });

  test.each([
    ['en', '2:07 pm', '12:00 am', '12:30 pm', 'pm'],
    ['de', '2:07 PM', '12:00 AM', '12:30 PM', 'PM'],
    ['nb', '2:07 p.m.', '12:00 a.m.', '12:30 p.m.', 'p.m.'],
  ] as const)('a 12 h clock in %s', (language, now, midnight, noon, half) => {
    const { time, clock, hour, dateTime } = format(language, '12h');
    expect([time(NOW), time(at('00:00')), time(at('12:30'))]).toEqual([now, midnight, noon].map(nbsp));
    expect(clock(NOW)).toEqual({ time: '2:07', half });
    expect(hour(at('15:00'))).toBe(nbsp(`3 ${half}`));
    expect(dateTime(NOW)).toContain(nbsp(now));
  });

  test('a 24 h clock has no halves, and midnight is 00', () => {
    const { time, clock, hour } = format('en', '24h');
    expect([time(at('00:00')), hour(at('00:00')), clock(NOW)]).toEqual(['00:00', '00', { time: '14:07', half: null }]);
  });

  test('the minute of the day is the zone’s, on either clock', () => {
    for (const cycle of ['12h', '24h'] as const) expect(format('nb', cycle).minuteOfDay(NOW)).toBe(14 * 60 + 7);
    expect(makeFormat('en-GB', v.parse(ZoneName, 'Asia/Kolkata')).minuteOfDay(at('00:00'))).toBe(4 * 60 + 30);
  });

  test.each([
    ['en', '12 min', '2 h', '20 h 45 min', '3 days'],
    ['de', '12 Min.', '2 Std.', '20 Std. 45 Min.', '3 Tage'],
    ['nb', '12 min', '2 t', '20 t 45 min', '3 døgn'],
  ] as const)('lengths of time in %s', (language, ...expected) => {
    const text = durationText(LOCALES[language]);
    const lengths = [minutes(12), hours(2), minutes(20 * 60 + 45), hours(72)];
    expect(lengths.map(length => text(length).replaceAll('\u00a0', ' '))).toEqual(expected);
  });
});
