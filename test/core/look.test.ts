/** How the glass looks, and when it dims. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../src/contract/values/policy.ts';
import { type Duration, hours, type Instant, minutes, plus, seconds, toIso } from '../../src/contract/values/time.ts';
import { workingSpan } from '../../src/core/day.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { at, config, meeting, OSLO, zone } from '../support/samples.ts';
import { Core, paired, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z'); // A Friday, 13:00 in Oslo
const DIMMED: Partial<Policy> = {
  dimming: { kind: 'outside-working-hours', brightness: 20 },
  workingHours: { days: [1, 2, 3, 4, 5], start: '08:00', end: '17:00' },
};
const brightness = (core: Core) => core.view.look.brightness;
/** Lives from wake-up to wake-up, the calendar answering, and notes when the brightness changed. */
function changes(core: Core, length: Duration, meetings: ReturnType<typeof meeting>[] = []) {
  const seen: string[] = [];
  let before = brightness(core);
  for (const end = plus(core.now, length); core.now < end; ) {
    if (core.state.room?.calendar.poll.kind === 'reading') core.listed(meetings);
    const due = Math.min(...wakeUps(core.state, core.now).map(w => w.at));
    core.after((due - core.now) as Duration);
    if (core.state.room?.calendar.poll.kind === 'reading') core.listed(meetings);
    if (brightness(core) !== before) seen.push(`${toIso(core.now).slice(0, 16)} ${brightness(core)}`);
    before = brightness(core);
  }
  return seen;
}

it('is as the policy says, and by default before there is one', () => {
  const { language, hourCycle, theme, logo, helpContact } = DEFAULT_POLICY;
  expect(new Core(NOON).view.look).toEqual({ language, hourCycle, theme, logo, helpContact, brightness: null });
  const policy = { language: 'nb', hourCycle: '12h', theme: 'dark', helpContact: 'Ring 4711' } as const;
  expect(pairedCore(NOON, config(policy)).view.look).toMatchObject(policy);
});

describe('dimming', () => {
  it('follows the working hours of the week at the very minute, in the room’s zone', () => {
    const core = pairedCore(NOON, config(DIMMED)).listed();
    // Friday 17:00 in Oslo to Monday 08:00, by wake-ups alone.
    expect(changes(core, hours(72))).toEqual(['2026-11-20T16:00 20', '2026-11-23T07:00 null']);
  });

  it('wakes at both ends of the day’s hours, whatever else wakes it', () => {
    const ends = (iso: string) =>
      wakeUps(pairedCore(at(iso), config(DIMMED)).state, at(iso))
        .filter(w => w.why === 'dimming')
        .map(w => toIso(w.at).slice(11, 16));
    expect(ends('2026-11-20T05:00:00Z')).toEqual(['07:00', '16:00']);
    expect(ends('2026-11-20T07:00:00Z')).toEqual(['16:00']);
    expect(ends('2026-11-20T16:00:00Z')).toEqual([]);
    expect(ends('2026-11-21T05:00:00Z')).toEqual([]);
  });

  it('is not while somebody is there or about to come, nor before anything is known', () => {
    const evening = at('2026-11-20T20:00:00Z');
    const late = [meeting('a', '2026-11-20T21:00:00Z', '2026-11-20T22:00:00Z')];
    const core = pairedCore(evening, config(DIMMED));
    expect(brightness(core)).toBeNull();
    core.listed(late);
    expect(changes(core, hours(3), late)).toEqual(['2026-11-20T20:50 null', '2026-11-20T22:00 20']);
  });

  it('makes way for the service page, for who asks which panel it is, and for a booking', () => {
    const core = pairedCore(at('2026-11-20T20:00:00Z'), config(DIMMED)).online().listed();
    expect(brightness(core)).toBe(20);
    core.tap({ kind: 'open-service', id: 'tap', pin: null });
    expect(brightness(core)).toBeNull();
    core.tap({ kind: 'close-service', id: 'tap' });
    core.hears({ kind: 'command-received', command: { id: '1', kind: 'identify' } });
    expect(brightness(core)).toBeNull();
    core.after(seconds(15));
    expect(brightness(core)).toBe(20);
    core.tap({ kind: 'book', id: 'tap', end: plus(core.now, minutes(30)) });
    expect(brightness(core)).toBeNull();
  });

  it('that is off stays off at night', () => {
    expect(brightness(pairedCore(at('2026-11-20T23:30:00Z')).listed())).toBeNull();
  });

  it('takes a new policy at once', () => {
    const core = pairedCore(at('2026-11-20T20:00:00Z')).listed().online(paired(1));
    core.hears({ kind: 'config-pushed', result: { kind: 'config', config: config(DIMMED, 2) } });
    expect(brightness(core)).toBe(20);
  });
});

describe('working hours', () => {
  const span = (iso: string, zoneName: string, start: string, end: string) => {
    const found = workingSpan(at(iso), { days: [1, 2, 3, 4, 5, 6, 7], start, end }, zone(zoneName));
    return found && [toIso(found.start).slice(0, 16), toIso(found.end).slice(0, 16)];
  };
  const length = ([start, end]: readonly Instant[]) => (end ?? 0) - (start ?? 0);

  it('are by the clock on the wall, also on the days when that is set', () => {
    const oslo = (iso: string) => span(iso, 'Europe/Oslo', '00:00', '24:00');
    expect(oslo('2026-03-29T12:00:00Z')).toEqual(['2026-03-28T23:00', '2026-03-29T22:00']);
    expect(oslo('2026-10-25T12:00:00Z')).toEqual(['2026-10-24T22:00', '2026-10-25T23:00']);
    expect(span('2026-03-29T12:00:00Z', 'Europe/Oslo', '07:00', '19:00')).toEqual([
      '2026-03-29T05:00',
      '2026-03-29T17:00',
    ]);
    expect(span('2026-03-30T12:00:00Z', 'America/St_Johns', '07:30', '19:00')).toEqual([
      '2026-03-30T10:00',
      '2026-03-30T21:30',
    ]);
  });

  it('that start where the clocks skip, or where an hour comes twice, are one span all the same', () => {
    expect(span('2026-03-29T12:00:00Z', 'Europe/Oslo', '02:30', '05:00')).toEqual([
      '2026-03-29T01:30',
      '2026-03-29T03:00',
    ]);
    expect(span('2026-10-25T12:00:00Z', 'Europe/Oslo', '01:00', '02:30')).toEqual([
      '2026-10-24T23:00',
      '2026-10-25T00:30',
    ]);
    expect(span('2026-11-01T12:00:00Z', 'America/St_Johns', '00:30', '01:30')).toEqual([
      '2026-11-01T03:00',
      '2026-11-01T04:00',
    ]);
  });

  it('are none on other days, and never backwards in a year of any zone', () => {
    expect(workingSpan(NOON, { days: [6, 7], start: '08:00', end: '17:00' }, OSLO)).toBeNull();
    for (const name of ['Europe/Oslo', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia'])
      for (let day = 0; day < 366; day++) {
        const found = workingSpan(
          plus(NOON, hours(24 * day)),
          { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '03:00' },
          zone(name),
        );
        expect(found && length([found.start, found.end]), `${name} ${day}`).toBeGreaterThan(0);
      }
  });
});
