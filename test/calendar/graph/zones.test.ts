/** Times in whatever zone they are written, and events longer than a day. */
import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { toMeetings } from '../../../src/calendar/graph/to-meeting.ts';
import { type Instant, ZoneName } from '../../../src/contract/values/time.ts';
import { at, OPEN, OSLO, sampleEvent } from './stub.ts';

const time = (dateTime: string, timeZone: string) => ({ dateTime, timeZone });
function spanOf(over: Record<string, unknown>, zone = OSLO) {
  const mapped = toMeetings([sampleEvent(over)], { zone, privacy: OPEN, inviter: null });
  return mapped.kind === 'mapped' ? mapped.placed[0]?.span : mapped;
}
const startOf = (dateTime: string, timeZone: string, zone = OSLO) => {
  const start = time(dateTime, timeZone);
  const span = spanOf({ start, end: start }, zone);
  return span && 'start' in span ? span.start : span;
};

describe('a time is read in its own zone', () => {
  it.each<[string, string, string, string]>([
    ['Windows, in winter', '2026-11-20T11:00:00.0000000', 'W. Europe Standard Time', '2026-11-20T10:00:00Z'],
    ['Windows, in summer', '2026-07-20T12:00:00.0000000', 'W. Europe Standard Time', '2026-07-20T10:00:00Z'],
    ['Windows, half an hour', '2026-11-20T15:30:00', 'India Standard Time', '2026-11-20T10:00:00Z'],
    ['Windows, however spelt', '2026-11-20T02:00:00', 'pacific STANDARD time', '2026-11-20T10:00:00Z'],
    ['Windows, a bare offset', '2026-11-19T23:00:00', 'UTC-11', '2026-11-20T10:00:00Z'],
    ['Windows, over the date line', '2026-11-21T00:00:00', 'Samoa Standard Time', '2026-11-20T11:00:00Z'],
    ['IANA', '2026-11-20T05:00:00', 'America/New_York', '2026-11-20T10:00:00Z'],
    ['IANA, an old spelling', '2026-11-20T12:00:00', 'Europe/Kiev', '2026-11-20T10:00:00Z'],
    ['IANA, a new spelling', '2026-11-20T12:00:00', 'Europe/Kyiv', '2026-11-20T10:00:00Z'],
    ['IANA, an old city', '2026-11-20T15:30:00', 'Asia/Calcutta', '2026-11-20T10:00:00Z'],
    ['IANA, a country', '2026-11-20T02:00:00', 'US/Pacific', '2026-11-20T10:00:00Z'],
    ['IANA, in small letters', '2026-11-20T11:00:00', 'europe/oslo', '2026-11-20T10:00:00Z'],
    ["Exchange's UTC", '2026-11-20T10:00:00', 'tzone://Microsoft/Utc', '2026-11-20T10:00:00Z'],
    ["Exchange's UTC, in small letters", '2026-11-20T10:00:00', 'tzone://microsoft/utc', '2026-11-20T10:00:00Z'],
    ['UTC in all its names', '2026-11-20T10:00:00', 'Etc/UTC', '2026-11-20T10:00:00Z'],
    ['a space around the name', '2026-11-20T11:00:00', ' Romance Standard Time ', '2026-11-20T10:00:00Z'],
  ])('%s', (_, dateTime, zone, expected) => {
    expect(startOf(dateTime, zone)).toBe(at(expected));
  });

  it("but a hand-made one, whose rules are not told, is read in the room's", () => {
    const custom = 'tzone://Microsoft/Custom';
    expect(startOf('2026-11-20T11:00:00', custom)).toBe(at('2026-11-20T10:00:00Z'));
    expect(startOf('2026-11-20T11:00:00', custom, v.parse(ZoneName, 'Asia/Tokyo'))).toBe(at('2026-11-20T02:00:00Z'));
  });

  it('and every zone that Windows has, in winter and in summer', () => {
    const rows = windowsZones.supplemental.windowsZones.mapTimezones.map(({ mapZone }) => mapZone);
    const names = rows.filter(row => row._territory === '001');
    expect(names.length).toBeGreaterThan(130);
    for (const { _other: windows, _type: iana } of names)
      for (const noon of ['2026-01-15T12:00:00', '2026-07-15T12:00:00'])
        expect([windows, startOf(noon, windows)]).toEqual([windows, byIntl(noon, iana)]);
  });

  it('and one that nobody knows is not guessed', () => {
    expect(startOf('2026-11-20T11:00:00', 'Middle Earth Standard Time')).toEqual({ kind: 'unreadable' });
  });
});

/** When it is that time in the zone, found with Intl alone. */
function byIntl(wall: string, timeZone: string): Instant {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const wanted = Date.parse(`${wall}Z`);
  const first = wanted - (Date.parse(`${shown.format(wanted).replace(' ', 'T')}Z`) - wanted);
  return at(new Date(first).toISOString());
}

describe('an event longer than the day', () => {
  const utc = (dateTime: string) => time(dateTime, 'UTC');
  it.each<[string, string, string]>([
    ['began yesterday', '2026-11-19T22:00:00.0000000', '2026-11-20T01:00:00.0000000'],
    ['crosses midnight', '2026-11-20T23:30:00.0000000', '2026-11-21T00:30:00.0000000'],
    ['lasts days', '2026-11-18T09:00:00.0000000', '2026-11-24T17:00:00.0000000'],
    ['lasts over a clock change', '2026-10-24T12:00:00.0000000', '2026-10-26T12:00:00.0000000'],
  ])('keeps both its ends: %s', (_, start, end) => {
    expect(spanOf({ start: utc(start), end: utc(end) })).toEqual({ start: at(`${start}Z`), end: at(`${end}Z`) });
  });

  it.each<[string, string, string, string, [string, string]]>([
    ['23 hours in spring', 'Europe/Oslo', '2026-03-29', '2026-03-30', ['2026-03-28T23:00Z', '2026-03-29T22:00Z']],
    ['25 hours in autumn', 'Europe/Oslo', '2026-10-25', '2026-10-26', ['2026-10-24T22:00Z', '2026-10-25T23:00Z']],
    [
      '24.5 on Lord Howe',
      'Australia/Lord_Howe',
      '2026-04-05',
      '2026-04-06',
      ['2026-04-04T13:00Z', '2026-04-05T13:30Z'],
    ],
    ['three days', 'America/New_York', '2026-10-31', '2026-11-03', ['2026-10-31T04:00Z', '2026-11-03T05:00Z']],
    ['no midnight in Cairo', 'Africa/Cairo', '2026-04-24', '2026-04-25', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
  ])('all day means the days of the room: %s', (_, zone, start, end, [from, to]) => {
    const event = { isAllDay: true, start: utc(`${start}T00:00:00.0000000`), end: utc(`${end}T00:00:00.0000000`) };
    expect(spanOf(event, v.parse(ZoneName, zone))).toEqual({ start: at(from), end: at(to) });
  });
});
