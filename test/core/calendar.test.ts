/** Hints that something changed, and reads that are shared. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { at } from '../support/samples.ts';
import { type Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const hint = (core: Core) => core.tell({ kind: 'calendar-hinted', effect: core.last('open-link').id });
const started = () => pairedCore(NOON).online().listed([], { serverTime: NOON });
const reads = (core: Core) => core.count('fetch-calendar');

describe('a hint', () => {
  it('is a read within a second, and the next regular one follows at its pace', () => {
    const core = hint(started().after(seconds(10)));
    expect(reads(core)).toBe(1);
    core.liveUntil(plus(NOON, seconds(11)), c => c.listed());
    expect(reads(core)).toBe(2);
    core.liveUntil(plus(NOON, seconds(50)), c => c.listed());
    expect(reads(core)).toBe(3);
  });

  it('while a read is under way is another read after it', () => {
    const core = started().after(seconds(30));
    expect(reads(core)).toBe(2);
    hint(core).listed();
    core.after(seconds(1));
    expect(reads(core)).toBe(3);
    core.listed().after(seconds(5));
    expect(reads(core)).toBe(3);
  });

  it('after hint after hint is no more than one read in two seconds', () => {
    const core = started();
    for (let now = 0; now < 60_000; now += 100) {
      core.now = plus(NOON, seconds(now / 1000));
      core.tell({ kind: 'woke' });
      if (now % 300 === 0) hint(core);
      if (core.state.room?.calendar.poll.kind === 'reading' && now % 700 === 0) core.listed();
    }
    expect(reads(core)).toBeGreaterThan(20);
    expect(reads(core)).toBeLessThanOrEqual(32);
    expect(core.room.trust.kind).toBe('fresh');
  });

  it('does not hurry a calendar that cannot be read', () => {
    const core = started().after(seconds(30));
    const outcome = { kind: 'failed', problem: 'throttled', retryAfter: minutes(5) } as const;
    core.tell({ kind: 'calendar-read', effect: core.last('fetch-calendar').id, outcome });
    hint(core).after(minutes(4));
    expect(reads(core)).toBe(2);
  });

  it('is not held up by a clock that was set back', () => {
    const core = hint(started().after(seconds(10)));
    core.liveUntil(plus(NOON, seconds(12)), c => c.listed());
    core.now = plus(core.now, hours(-1));
    core.tell({ kind: 'clock-jumped', by: hours(-1) });
    hint(core).listed();
    core.after(seconds(35));
    expect(reads(core)).toBe(4);
  });
});

describe('a shared read', () => {
  it('is as old as it says, by the time of whoever shares it', () => {
    const core = pairedCore(NOON).online();
    core.listed([], { serverTime: plus(NOON, minutes(3)), age: seconds(20) });
    expect(core.view.clockOffset).toBe(minutes(3));
    core.now = plus(NOON, minutes(3));
    expect(core.room.trust).toMatchObject({ kind: 'fresh', lastRead: plus(core.now, seconds(-20)) });
  });

  it('is not fresh when it is older than anything fresh may be', () => {
    expect(
      pairedCore(NOON)
        .online()
        .listed([], { age: seconds(80) }).room.trust.kind,
    ).toBe('stale');
  });

  it('was never read later than now', () => {
    const core = pairedCore(NOON)
      .online()
      .listed([], { age: hours(-3) });
    expect(core.room.trust).toMatchObject({ kind: 'fresh', lastRead: NOON });
    core.now = plus(NOON, seconds(80));
    expect(core.room.trust.kind).toBe('stale');
  });
});

describe('when the clock is set', () => {
  it.each([
    ['back', hours(-10)],
    ['on', hours(10)],
    ['by a little', seconds(-20)],
  ])('%s, what was read is old at once, and fresh again with the next read', (_, by) => {
    const core = pairedCore(NOON).listed();
    core.now = plus(core.now, seconds(5));
    expect(core.room.trust.kind).toBe('fresh');
    core.now = plus(core.now, by);
    core.tell({ kind: 'clock-jumped', by });
    expect(['stale', 'unknown']).toContain(core.room.trust.kind);
    core.listed();
    expect(core.room.trust.kind).toBe('fresh');
  });
});
