import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Mapped, toMeetings } from '../../../src/calendar/graph/to-meeting.ts';
import { Meeting } from '../../../src/contract/values/meeting.ts';
import type { Privacy } from '../../../src/contract/values/policy.ts';
import { masked, maskedAnew } from '../../../src/contract/values/privacy.ts';
import { type ZoneName, ZoneName as ZoneNameSchema } from '../../../src/contract/values/time.ts';
import { fc } from '../../support/fast-check.ts';
import { at, INVITER, OPEN, OSLO, sampleEvent } from './stub.ts';

const zone = (name: string): ZoneName => v.parse(ZoneNameSchema, name);
type Rules = { zone?: ZoneName } & Partial<Privacy>;
const map = (event: unknown, { zone = OSLO, ...privacy }: Rules = {}): Mapped =>
  toMeetings([event], { zone, privacy: { ...OPEN, ...privacy }, inviter: INVITER.address });
function one(over: Record<string, unknown>, rules: Rules = {}): Meeting {
  const mapped = map(sampleEvent(over), rules);
  if (mapped.kind === 'unreadable' || mapped.placed[0] === undefined) throw new Error('not mapped');
  return mapped.placed[0].meeting;
}
const time = (dateTime: string, timeZone: string | null = 'UTC') => ({ dateTime, timeZone });

it('maps a plain event whole', () => {
  expect(one({})).toEqual({
    id: 'AAMkAGVmMDEz/+A=',
    version: 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="',
    when: { kind: 'timed', start: at('2026-11-20T10:00:00Z'), end: at('2026-11-20T11:00:00Z') },
    title: { kind: 'public', text: 'Budget' },
    organizer: 'Kari Nordmann',
    occupies: 'busy',
    isRoomOrganizer: false,
    bookingKey: null,
    isInvitedByUs: false,
    series: null,
    uid: '040000008200E00074C5B7101A82E008',
    createdAt: null,
  });
});

describe('what occupies the room', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['busy', { showAs: 'busy' }, 'busy'],
    ['away', { showAs: 'oof' }, 'busy'],
    ['elsewhere', { showAs: 'workingElsewhere' }, 'busy'],
    ['tentative', { showAs: 'tentative' }, 'tentative'],
    ['free', { showAs: 'free' }, 'none'],
    ['unknown', { showAs: 'unknown' }, 'busy'],
    ['a word of the future', { showAs: 'focusing' }, 'busy'],
    ['no word', { showAs: null }, 'busy'],
    ['nothing', { showAs: undefined }, 'busy'],
    ['cancelled', { isCancelled: true }, 'none'],
    ['declined', { responseStatus: { response: 'declined' } }, 'none'],
    ['tentatively accepted', { responseStatus: { response: 'tentativelyAccepted' } }, 'busy'],
    ['an empty response', { responseStatus: { response: '', time: '0001-01-01T00:00:00Z' } }, 'busy'],
    ['no response', { responseStatus: null }, 'busy'],
    ['a word for a flag', { isCancelled: 'yes' }, 'busy'],
    ['a number for showAs', { showAs: 0 }, 'busy'],
  ])('%s', (_, over, expected) => {
    expect(one(over).occupies).toBe(expected);
  });
});

describe('the title', () => {
  it.each<[string, Record<string, unknown>, Meeting['title'], string | null]>([
    ["is none where the organiser's name stands", { subject: 'Kari Nordmann' }, { kind: 'none' }, 'Kari Nordmann'],
    ['is none where it stands with a space behind', { subject: 'kari nordmann ' }, { kind: 'none' }, 'Kari Nordmann'],
    ['is none when empty', { subject: '' }, { kind: 'none' }, 'Kari Nordmann'],
    ['is none when blank', { subject: ' \u200B\t ' }, { kind: 'none' }, 'Kari Nordmann'],
    ['is none when missing', { subject: undefined }, { kind: 'none' }, 'Kari Nordmann'],
    ['is none when null', { subject: null }, { kind: 'none' }, 'Kari Nordmann'],
    ['stands without an organiser', { organizer: null }, { kind: 'public', text: 'Budget' }, null],
    ['stands without an address', { organizer: { emailAddress: null } }, { kind: 'public', text: 'Budget' }, null],
    ['stands without a name', { organizer: { emailAddress: { name: '' } } }, { kind: 'public', text: 'Budget' }, null],
    ['stands with an odd organiser', { organizer: 'Kari' }, { kind: 'public', text: 'Budget' }, null],
    [
      'is one clean line',
      { subject: ' Bud\u0000get\r\n\u2028review\u202E\u001B[31m ' },
      { kind: 'public', text: 'Bud get review [31m' },
      'Kari Nordmann',
    ],
    ['keeps joined emoji', { subject: '👩‍💻 day' }, { kind: 'public', text: '👩‍💻 day' }, 'Kari Nordmann'],
    ['is private', { sensitivity: 'private' }, { kind: 'private' }, null],
    ['is private when confidential', { sensitivity: 'confidential' }, { kind: 'private' }, null],
    ['is private however spelt', { sensitivity: 'Private' }, { kind: 'private' }, null],
    ['is private for a word of the future', { sensitivity: 'topSecret' }, { kind: 'private' }, null],
    ['is public when personal', { sensitivity: 'personal' }, { kind: 'public', text: 'Budget' }, 'Kari Nordmann'],
    ['is public without sensitivity', { sensitivity: null }, { kind: 'public', text: 'Budget' }, 'Kari Nordmann'],
    ['is none when sensitivity is no word', { sensitivity: 2 }, { kind: 'none' }, null],
  ])('%s', (_, over, title, organizer) => {
    expect(one(over)).toMatchObject({ title, organizer });
  });

  it('is private when personal, by option', () => {
    expect(one({ sensitivity: 'personal' }, { isPersonalPrivate: true })).toMatchObject({
      title: { kind: 'private' },
      organizer: null,
    });
  });

  it('is none where subjects are hidden, and private all the same when marked so', () => {
    expect(one({}, { subjects: 'hidden' })).toMatchObject({ title: { kind: 'none' }, organizer: 'Kari Nordmann' });
    expect(one({ sensitivity: 'private' }, { subjects: 'hidden' }).title).toEqual({ kind: 'private' });
  });

  it('names no organiser where those are hidden, not even as the subject or in front of it', () => {
    const hidden = { organizers: 'hidden' } as const;
    expect(one({}, hidden)).toMatchObject({ title: { kind: 'public', text: 'Budget' }, organizer: null });
    for (const subject of ['Kari Nordmann', 'KARI NORDMANN Budget', 'Re: Kari Nordmann: Budget'])
      expect(JSON.stringify(one({ subject }, hidden))).not.toMatch(/nordmann/i);
  });

  it('held from before is masked anew, what may be personal whole; what was booked at the door stays', () => {
    const held = [one({}), one({ transactionId: `lintel-${'0'.repeat(32)}`, subject: 'Booked at the door' })];
    const both = (after: Partial<Privacy>) => maskedAnew(held, OPEN, { ...OPEN, ...after }).map(m => m.title.kind);
    expect(both({})).toEqual(['public', 'public']);
    expect(both({ subjects: 'hidden' })).toEqual(['none', 'none']);
    expect(both({ isPersonalPrivate: true })).toEqual(['none', 'public']);
    const personal = { ...OPEN, isPersonalPrivate: true };
    expect(maskedAnew(held, personal, personal)).toEqual(held);
    for (const meeting of held) {
      const once = masked(meeting, { ...OPEN, subjects: 'hidden', organizers: 'hidden' });
      expect(masked(once, OPEN)).toEqual(once);
    }
  });

  it('is cut between characters', () => {
    const { title } = one({ subject: `${'x'.repeat(254)}👩 and more` });
    expect(title).toEqual({ kind: 'public', text: 'x'.repeat(254) });
  });
});

describe('times', () => {
  it.each<[string, unknown, string]>([
    ['seven digits', time('2026-11-20T10:00:00.1239999'), '2026-11-20T10:00:00.123Z'],
    ['no seconds', time('2026-11-20T10:00'), '2026-11-20T10:00:00Z'],
    ['no zone', time('2026-11-20T10:00:00.0000000', null), '2026-11-20T10:00:00Z'],
    ['the custom UTC', time('2026-11-20T10:00:00', 'tzone://Microsoft/Utc'), '2026-11-20T10:00:00Z'],
    ['an offset of its own', time('2026-11-20T11:30:00+01:30'), '2026-11-20T10:00:00Z'],
    ['a Z of its own', time('2026-11-20T10:00:00Z', 'Europe/Oslo'), '2026-11-20T10:00:00Z'],
    ['another zone after all', time('2026-11-20T11:00:00', 'Europe/Oslo'), '2026-11-20T10:00:00Z'],
    ['another zone in summer', time('2026-07-20T12:00:00.5000000', 'Europe/Oslo'), '2026-07-20T10:00:00.500Z'],
  ])('%s', (_, start, expected) => {
    expect(one({ start, end: start }).when).toMatchObject({ kind: 'timed', start: at(expected) });
  });

  it('do not depend on the zone of this machine', () => {
    const before = process.env.TZ;
    try {
      for (const tz of ['Pacific/Kiritimati', 'America/Los_Angeles', 'Australia/Lord_Howe']) {
        process.env.TZ = tz;
        expect(one({}).when).toMatchObject({ start: at('2026-11-20T10:00:00Z') });
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it('never run backwards', () => {
    const start = at('2026-11-20T10:00:00Z');
    expect(one({ end: time('2026-11-20T09:00:00') }).when).toEqual({ kind: 'timed', start, end: start });
  });

  it.each<[string, string, [string, string], [string, string]]>([
    [
      'midnights as dates, east',
      'Australia/Brisbane',
      ['2026-11-20T00:00', '2026-11-21T00:00'],
      ['2026-11-20', '2026-11-21'],
    ],
    [
      'midnights as dates, west',
      'America/New_York',
      ['2026-11-20T00:00', '2026-11-21T00:00'],
      ['2026-11-20', '2026-11-21'],
    ],
    ['instants, east', 'Australia/Brisbane', ['2026-11-19T14:00', '2026-11-21T14:00'], ['2026-11-20', '2026-11-22']],
    ['instants, west', 'America/New_York', ['2026-11-20T05:00', '2026-11-21T05:00'], ['2026-11-20', '2026-11-21']],
    [
      'instants, half an hour',
      'Australia/Lord_Howe',
      ['2026-11-19T13:00', '2026-11-20T13:00'],
      ['2026-11-20', '2026-11-21'],
    ],
    [
      'instants over a clock change',
      'Europe/Oslo',
      ['2026-10-24T22:00', '2026-10-25T23:00'],
      ['2026-10-25', '2026-10-26'],
    ],
    [
      'no midnight on the last day',
      'Africa/Cairo',
      ['2026-04-22T22:00', '2026-04-23T22:00'],
      ['2026-04-23', '2026-04-24'],
    ],
    [
      "instants of another zone's midnight",
      'Europe/Oslo',
      ['2026-11-20T05:00', '2026-11-21T05:00'],
      ['2026-11-20', '2026-11-22'],
    ],
    [
      'an end beyond the last year of four digits',
      'Europe/Oslo',
      ['2026-11-20T00:00', '9999-12-31T23:59'],
      ['2026-11-20', '9999-12-31'],
    ],
    [
      'one and the same midnight',
      'Europe/Oslo',
      ['2026-11-20T00:00', '2026-11-20T00:00'],
      ['2026-11-20', '2026-11-21'],
    ],
  ])('of an all-day event: %s', (_, name, [start, end], [startDate, endDate]) => {
    const event = { isAllDay: true, start: time(`${start}:00.0000000`), end: time(`${end}:00.0000000`) };
    expect(one(event, { zone: zone(name) }).when).toEqual({ kind: 'all-day', startDate, endDate });
  });

  it('take a whole day in the room, from midnight to midnight', () => {
    const event = sampleEvent({ isAllDay: true, start: time('2026-10-25T00:00:00'), end: time('2026-10-26T00:00:00') });
    const mapped = map(event);
    // The day the clocks go back has 25 hours.
    expect(mapped).toMatchObject({
      placed: [{ span: { start: at('2026-10-24T22:00Z'), end: at('2026-10-25T23:00Z') } }],
    });
  });
});

const by = (address: string | null) => ({ emailAddress: { name: 'Lintel', address } });
describe('the rest', () => {
  it.each<[string, Record<string, unknown>, Partial<Meeting> | Record<string, unknown>]>([
    ['no series', { seriesMasterId: null }, { series: null }],
    ['an occurrence', { type: 'occurrence', seriesMasterId: 'AAMk=' }, { series: 'AAMk=' }],
    ['an exception', { type: 'exception', seriesMasterId: 'AAMk=' }, { series: 'AAMk=' }],
    ['an odd series', { type: 'occurrence', seriesMasterId: 7 }, { series: null }],
    ['its UID', { iCalUId: "O'Hara@x" }, { uid: "O'Hara@x" }],
    ['no UID', { iCalUId: undefined }, { uid: null }],
    ['our inviter', { organizer: by('lintel@contoso.example') }, { isInvitedByUs: true }],
    ['our inviter in capitals', { organizer: by(' Lintel@Contoso.example') }, { isInvitedByUs: true }],
    [
      'our inviter, again and again: panels book no series',
      { organizer: by('lintel@contoso.example'), type: 'occurrence', seriesMasterId: 'series' },
      { isInvitedByUs: false, series: 'series' },
    ],
    ['somebody else', { organizer: by('kari@contoso.example') }, { isInvitedByUs: false }],
    ['no address', { organizer: by(null) }, { isInvitedByUs: false }],
    [
      "the inviter's own calendar",
      { organizer: by('lintel@contoso.example'), isOrganizer: true },
      { isInvitedByUs: false, isRoomOrganizer: true },
    ],
    ['our key', { transactionId: `lintel-${'0f'.repeat(16)}` }, { bookingKey: `lintel-${'0f'.repeat(16)}` }],
    ["somebody else's key", { transactionId: 'LINTEL-1' }, { bookingKey: null }],
    ['an odd key', { transactionId: 5 }, { bookingKey: null }],
    ['the room as organiser', { isOrganizer: true }, { isRoomOrganizer: true }],
    ['no word on the organiser', { isOrganizer: undefined }, { isRoomOrganizer: false }],
    ['no etag', { '@odata.etag': undefined }, { version: 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="' }],
    ['no version at all', { '@odata.etag': undefined, changeKey: null }, { version: '' }],
    [
      'when it was made',
      { createdDateTime: '2026-11-01T08:00:00.1234567Z' },
      { createdAt: at('2026-11-01T08:00:00.123Z') },
    ],
    ['never made', { createdDateTime: '0001-01-01T00:00:00Z' }, { createdAt: null }],
    ['made some time', { createdDateTime: 'yesterday' }, { createdAt: null }],
  ])('%s', (_, over, expected) => {
    expect(one(over)).toMatchObject(expected);
  });

  it('nobody is our inviter where there is none', () => {
    const rules = { zone: OSLO, privacy: OPEN, inviter: null };
    expect(toMeetings([sampleEvent({ organizer: by(null) })], rules)).toMatchObject({
      placed: [{ meeting: { isInvitedByUs: false } }],
    });
  });

  it('leaves series masters out, however broken', () => {
    expect(map(sampleEvent({ type: 'seriesMaster' }))).toEqual({ kind: 'mapped', placed: [] });
    expect(map({ type: 'seriesMaster' })).toEqual({ kind: 'mapped', placed: [] });
  });
  it.each(['singleInstance', 'occurrence', 'exception', 'somethingNew', null])('keeps type %s', type => {
    expect(one({ type })).toBeDefined();
  });
});

describe('an event that does not parse', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a subject that is a list', { subject: ['x'] }],
    ['a flag that is a word', { isAllDay: 'no' }],
    ['a sensitivity that is a number', { sensitivity: 2 }],
    ['no id', { id: undefined }],
    ['an endless id', { id: 'x'.repeat(2000) }],
  ])('still occupies the room, nameless: %s', (_, over) => {
    const meeting = one(over);
    expect(meeting).toMatchObject({ title: { kind: 'none' }, organizer: null, occupies: 'busy' });
    expect(meeting.when).toMatchObject({ start: at('2026-11-20T10:00:00Z'), end: at('2026-11-20T11:00:00Z') });
    expect(v.is(Meeting, meeting)).toBe(true);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no start', { start: null }],
    ['a start that is a string', { start: '2026-11-20T10:00:00Z' }],
    ['a day that does not exist', { start: time('2026-02-30T10:00:00') }],
    ['a month that does not exist', { start: time('2026-13-01T10:00:00') }],
    ['an hour that does not exist', { start: time('2026-11-20T25:00:00') }],
    ['the year one', { end: time('0001-01-01T00:00:00') }],
    ['a zone nobody knows', { end: time('2026-11-20T11:00:00', 'Middle Earth Standard Time') }],
  ])('makes the list unreadable without times: %s', (_, over) => {
    expect(map(sampleEvent(over))).toEqual({ kind: 'unreadable' });
    expect(map(sampleEvent({ ...over, isCancelled: true }))).toEqual({ kind: 'mapped', placed: [] });
    expect(map(sampleEvent({ ...over, showAs: 'free' }))).toEqual({ kind: 'mapped', placed: [] });
  });
});

const SECRET = 'merger-with-fabrikam';
/** Events as Graph could not have meant them: known fields in and out of shape, anything beside them. */
const anyEvent = (sensitivity: fc.Arbitrary<unknown>) => {
  const or = <T>(good: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: fc.jsonValue() });
  const day = fc.date({ min: new Date('2026-11-19'), max: new Date('2026-11-22'), noInvalidDate: true });
  const anyTime = fc.record({
    dateTime: or(day.map(date => date.toISOString().slice(0, -1))),
    timeZone: or(fc.constantFrom('UTC', 'Europe/Oslo', 'UTC', 'tzone://Microsoft/Utc', 'W. Europe Standard Time')),
  });
  const secret = fc.tuple(fc.string(), fc.string()).map(([a, b]) => `${a}${SECRET}${b}`);
  return fc.record(
    {
      id: or(fc.string()),
      '@odata.etag': or(fc.string()),
      subject: secret,
      start: or(anyTime),
      end: or(anyTime),
      isAllDay: or(fc.boolean()),
      isCancelled: or(fc.boolean()),
      isOrganizer: or(fc.boolean()),
      organizer: or(fc.record({ emailAddress: or(fc.record({ name: or(secret), address: or(fc.string()) })) })),
      responseStatus: or(fc.record({ response: or(fc.constantFrom('accepted', 'declined', '', 'new')) })),
      showAs: or(fc.constantFrom('busy', 'free', 'tentative', 'unknown', 'new')),
      type: or(fc.constantFrom('singleInstance', 'occurrence', 'exception', 'new')),
      transactionId: or(fc.string()),
      createdDateTime: or(fc.string()),
      sensitivity,
    },
    { requiredKeys: ['sensitivity', 'start', 'end', 'subject'] },
  );
};
const seed = Number(process.env.LINTEL_TEST_SEED ?? Date.now() % 2 ** 31);

describe(`any event (LINTEL_TEST_SEED=${seed})`, () => {
  const check = { seed, numRuns: 3000 };
  const rules = { zone: OSLO, privacy: { ...OPEN, isPersonalPrivate: true }, inviter: INVITER.address };

  it('that is private keeps its subject and its people to itself', () => {
    const privacy = fc.oneof(
      fc.constantFrom('private', 'confidential', 'personal', 'PRIVATE', 'Confidential', 'new'),
      fc
        .jsonValue()
        .filter(value => value !== null && !(typeof value === 'string' && /^\s*(?:normal)?\s*$/i.test(value))),
    );
    let shown = 0;
    fc.assert(
      fc.property(anyEvent(privacy), event => {
        const mapped = toMeetings([event], rules);
        if (mapped.kind === 'mapped') shown += mapped.placed.length;
        expect(JSON.stringify(mapped)).not.toContain(SECRET);
      }),
      check,
    );
    // A check that never maps anything would prove nothing.
    expect(shown).toBeGreaterThan(check.numRuns / 4);
  });

  it('is mapped to values that parse, or the list is unreadable', () => {
    const sensitivity = fc.oneof(fc.constantFrom('normal', 'private', 'personal'), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(anyEvent(sensitivity), fc.jsonValue(), fc.anything()), event => {
        const mapped = toMeetings([event], rules);
        if (mapped.kind === 'unreadable') return;
        for (const { meeting, span } of mapped.placed) {
          v.parse(Meeting, meeting);
          expect(span.start).toBeLessThanOrEqual(span.end);
        }
      }),
      check,
    );
  });
});

it.each<[string, (n: number) => Record<string, unknown>]>([
  ['as Graph gives them', n => ({ id: `event-${n}`, isAllDay: n % 20 === 0 })],
  [
    'in a zone of their own',
    n => ({ id: `event-${n}`, start: time('2026-11-20T11:00:00', 'W. Europe Standard Time') }),
  ],
])('maps a page of 200 events in under 5 ms: %s', (_, over) => {
  const body = JSON.stringify({ value: Array.from({ length: 200 }, (_event, n) => sampleEvent(over(n))) });
  // Time on the processor: what else this machine does meanwhile says nothing about this code.
  const spent = () => process.threadCpuUsage().user / 1000;
  const times = Array.from({ length: 120 }, () => {
    const before = spent();
    toMeetings(JSON.parse(body).value, { zone: OSLO, privacy: OPEN, inviter: INVITER.address });
    return spent() - before;
  });
  const warm = times.slice(20).sort((a, b) => a - b);
  const [median = Number.NaN, p99 = Number.NaN] = [warm[50], warm[98]];
  console.log(`200 events: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  expect(median).toBeLessThan(5);
});
