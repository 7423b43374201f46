import * as v from 'valibot';
import { expect, test } from 'vitest';
import { at, meeting, NOW } from '../../renderer/gallery/fixtures/build.ts';
import { makeFormat } from '../../renderer/i18n/format.ts';
import { layOutDay } from '../../renderer/panel/model/day-layout.ts';
import { type Instant, instant, minutes, overlaps, plus, type Span, ZoneName } from '../../src/contract/values/time.ts';
import { fc } from '../support/fast-check.ts';

const clockIn = (zone: string) => makeFormat('en-GB', v.parse(ZoneName, zone));
const dayFrom = (start: string, hours: number): Span => ({
  start: instant(Date.parse(start)),
  end: plus(instant(Date.parse(start)), minutes(hours * 60)),
});
const OSLO_DAY = dayFrom('2026-11-19T23:00:00Z', 24);

test('an empty day shows seven to nineteen', () => {
  const layout = layOutDay({ span: OSLO_DAY, meetings: [] }, NOW, clockIn('Europe/Oslo'));
  expect(layout.marks.map(mark => mark.label)).toEqual('07 08 09 10 11 12 13 14 15 16 17 18 19'.split(' '));
  expect(layout.hours).toBe(12);
});

test('a 12 h clock names the same hours its own way', () => {
  const halves = makeFormat('en-GB', v.parse(ZoneName, 'Europe/Oslo'), '12h');
  const wholeDay = meeting('00:00', '24:00', 'x');
  const marks = (format: typeof halves) => layOutDay({ span: OSLO_DAY, meetings: [wholeDay] }, NOW, format).marks;
  expect(marks(halves).map(mark => mark.label.replace('\u00a0', ' '))).toEqual(
    ['am', 'pm'].flatMap(half => [12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(n => `${n} ${half}`)).concat('12 am'),
  );
  expect(marks(halves).map(mark => mark.at)).toEqual(marks(clockIn('Europe/Oslo')).map(mark => mark.at));
});

test('early, late and overnight meetings widen the day, but not past midnight', () => {
  const overnight = { ...meeting('22:30', '24:00', 'Night shift'), end: at('26:00') };
  const meetings = [meeting('05:30', '06:00', 'Delivery'), overnight];
  const { marks, blocks } = layOutDay({ span: OSLO_DAY, meetings }, NOW, clockIn('Europe/Oslo'));
  expect(marks[0]?.label).toBe('05');
  expect(marks.at(-1)?.label).toBe('24');
  expect((blocks[1]?.top ?? 0) + (blocks[1]?.height ?? 0)).toBe(1);
});

test.each([
  ['Europe/Oslo, summer time begins', 'Europe/Oslo', '2026-03-28T23:00:00Z', 23, '02'],
  ['Europe/Oslo, summer time ends', 'Europe/Oslo', '2026-10-24T22:00:00Z', 25, null],
  ['Lord Howe, half an hour less', 'Australia/Lord_Howe', '2026-10-03T13:30:00Z', 23.5, null],
  ['Kolkata', 'Asia/Kolkata', '2026-11-19T18:30:00Z', 24, null],
])('%s: hours stand where the room’s clock shows them', (_name, zone, start, hours, missing) => {
  const span = dayFrom(start, hours);
  const wholeDay = [meeting('00:00', '01:00', 'x')].map(m => ({ ...m, start: span.start, end: span.end }));
  const clock = clockIn(zone);
  const { marks } = layOutDay({ span, meetings: wholeDay }, span.start, clock);
  for (const mark of marks.slice(0, -1)) expect(clock.time(mark.at)).toBe(`${mark.label}:00`);
  expect(marks.at(-1)?.label).toBe('24');
  if (missing) expect(marks.some(mark => mark.label === missing)).toBe(false);
  if (hours === 25) expect(marks.filter(mark => mark.label === '02')).toHaveLength(2);
});

test('no two meetings that overlap are drawn over each other, and lanes are no more than needed', () => {
  const seed = Date.now() & 0xffff;
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 20 })), { maxLength: 25 });
  fc.assert(
    fc.property(spans, drawn => {
      const meetings = drawn.map(([from, length], i) => ({
        ...meeting('00:00', '00:15', `m${i}`),
        start: plus(OSLO_DAY.start, minutes(from * 15)),
        end: plus(OSLO_DAY.start, minutes((from + length) * 15)),
      }));
      const { blocks } = layOutDay({ span: OSLO_DAY, meetings }, NOW, clockIn('Europe/Oslo'));
      expect(blocks).toHaveLength(meetings.length);
      for (const a of blocks) {
        expect(a.lane).toBeLessThan(a.lanes);
        expect(a.top).toBeGreaterThanOrEqual(0);
        expect(a.top + a.height).toBeLessThanOrEqual(1.000001);
        for (const b of blocks) {
          if (a === b || !overlaps(a.meeting, b.meeting)) continue;
          expect(a.lane, 'side by side').not.toBe(b.lane);
          expect(a.lanes, 'of the same width').toBe(b.lanes);
        }
      }
      const most = (at: Instant) => meetings.filter(m => m.start <= at && at < m.end).length;
      const needed = Math.max(0, ...meetings.map(m => most(m.start)));
      expect(Math.max(0, ...blocks.map(block => block.lanes))).toBe(needed);
    }),
    { seed, numRuns: 300 },
  );
});
