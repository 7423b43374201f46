/** What the policy forbids is neither offered nor done. */
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy, Privacy } from '../../src/contract/values/policy.ts';
import { hours, minutes, plus } from '../../src/contract/values/time.ts';
import { at, bookingKey, config, MACHINE, meeting, PRIVACY } from '../support/samples.ts';
import { CENTRAL, Core, pairedCore } from './harness.ts';

const NOON = at('2026-11-20T12:00:00Z');
const MINE = meeting('mine', '2026-11-20T11:30:00Z', '2026-11-20T12:30:00Z', {
  bookingKey: bookingKey(7),
  isRoomOrganizer: true,
});
const start = (policy: Partial<Policy>, meetings: Meeting[] = []) =>
  pairedCore(NOON, config(policy)).online().listed(meetings);
const push = (core: Core, policy: Partial<Policy>, version = 2) =>
  core.hears({ kind: 'config-pushed', result: { kind: 'config', config: config(policy, version) } });
const booked = (core: Core) => core.room.booking?.state;

describe('booking', () => {
  it('that is off offers nothing and refuses what is asked all the same', () => {
    const free = start({ bookingMode: 'off' });
    expect(free.room.actions).toMatchObject({ book: [], extend: [], canEndEarly: false });
    free.tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(30)) });
    expect(booked(free)).toEqual({ kind: 'refused', why: 'not-allowed' });
    const taken = start({ bookingMode: 'off' }, [MINE]);
    expect(taken.room.actions).toMatchObject({ book: [], extend: [], canEndEarly: false });
    for (const intent of [
      { kind: 'extend', id: 'tap', meeting: MINE.id, end: plus(NOON, minutes(45)) },
      { kind: 'end-early', id: 'tap', meeting: MINE.id },
    ] as const) {
      taken.tap(intent);
      expect(booked(taken)).toEqual({ kind: 'refused', why: 'not-allowed' });
    }
    expect(free.count('submit-booking') + taken.count('submit-booking')).toBe(0);
  });

  it('that was held when it was turned off is refused, not sent', () => {
    const core = start({});
    core.tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(30)) });
    const outcome = { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: true } as const;
    core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
    push(core, { bookingMode: 'off' }).listed();
    expect(booked(core)).toEqual({ kind: 'refused', why: 'not-allowed' });
    expect(core.count('submit-booking')).toBe(1);
  });

  it('is never longer than allowed, and a walk-up grows to no more than that', () => {
    const core = start({ longestBooking: minutes(45) });
    expect(core.room.actions.book.map(b => b.length)).toEqual([minutes(15), minutes(30)]);
    core.tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(46)) });
    expect(booked(core)).toEqual({ kind: 'refused', why: 'not-allowed' });
    core.tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(45)) });
    expect(booked(core)?.kind).toBe('submitted');
    const mine = start({ longestBooking: minutes(75), extensions: [minutes(15), minutes(30)] }, [MINE]);
    expect(mine.room.actions.extend.map(e => e.by)).toEqual([minutes(15)]);
    mine.tap({ kind: 'extend', id: 'tap', meeting: MINE.id, end: plus(NOON, hours(1)) });
    expect(booked(mine)).toEqual({ kind: 'refused', why: 'not-allowed' });
  });

  it('may not be ended early where the policy says so', () => {
    const core = start({ endEarly: 'off' }, [MINE]);
    expect(core.room.actions).toMatchObject({ canEndEarly: false });
    expect(core.room.actions.extend.length).toBeGreaterThan(0);
    core.tap({ kind: 'end-early', id: 'tap', meeting: MINE.id });
    expect(booked(core)).toEqual({ kind: 'refused', why: 'not-allowed' });
  });
});

describe('privacy', () => {
  const budget = meeting('a', '2026-11-20T13:00:00Z', '2026-11-20T14:00:00Z', {
    title: { kind: 'public', text: 'CANARY budget' },
    organizer: 'Canary Hansen',
  });
  const told = (core: Core) => JSON.stringify([core.view, core.state]);
  const hide = (privacy: Partial<Privacy>) => ({ privacy: { ...PRIVACY, ...privacy } });

  it('that became stricter takes what is held away at once: glass, memory, disk', () => {
    const core = start({}, [budget]);
    expect(told(core)).toMatch(/CANARY budget.*Canary Hansen/);
    const writes = core.count('write-snapshot');
    push(core, hide({ subjects: 'hidden', organizers: 'hidden' }));
    expect(told(core)).not.toMatch(/canary/i);
    expect(core.count('write-snapshot')).toBe(writes + 1);
    expect(JSON.stringify(core.last('write-snapshot'))).not.toMatch(/canary/i);
    expect(core.room.next).toMatchObject([{ title: null, organizer: null, isPrivate: false }]);
    // And what is under way was asked for under the old one.
    expect(core.count('fetch-calendar')).toBe(2);
  });

  it('of personal meetings, which nobody can tell any more, takes all that may be one', () => {
    const core = start(hide({ isPersonalPrivate: false }), [budget, MINE]);
    push(core, {});
    expect(told(core)).not.toMatch(/canary/i);
    expect(told(core)).toContain('Meeting mine');
  });

  it('holds for a snapshot from before, and for one an older version wrote', () => {
    const hidden = config(hide({ subjects: 'hidden' }));
    for (const [memory, privacy] of [
      [hidden, PRIVACY],
      [config(), { ...PRIVACY, isPersonalPrivate: false }],
    ] as const) {
      const core = new Core(NOON).tell({
        kind: 'started',
        machine: MACHINE,
        memory: { central: CENTRAL, config: memory, pinTries: 0 },
        snapshot: {
          room: hidden.room.id,
          lastRead: plus(NOON, minutes(-10)),
          window: { start: plus(NOON, hours(-12)), end: plus(NOON, hours(12)) },
          privacy,
          meetings: [budget],
          checkIns: [],
          held: null,
          withdrawals: [],
          settled: [],
          strikes: [],
        },
        isSnapshotSetAside: false,
        found: null,
      });
      expect(core.room.next).toHaveLength(1);
      expect(told(core)).not.toContain('CANARY');
    }
  });

  it('applies to a booking that was sent before it changed', () => {
    const core = start({});
    core.tap({ kind: 'book', id: 'tap', end: plus(NOON, minutes(30)) });
    push(core, hide({ subjects: 'hidden' }));
    const stored = { ...MINE, title: { kind: 'public', text: 'CANARY' } } as const;
    const outcome = { kind: 'confirmed', meeting: stored } as const;
    core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
    expect(booked(core)?.kind).toBe('confirmed');
    expect(told(core)).not.toContain('CANARY');
  });

  it('that became looser shows more with the next read, which is had at once', () => {
    const core = start(hide({ subjects: 'hidden' }), [{ ...budget, title: { kind: 'none' } }]);
    push(core, {}).listed([budget]);
    expect(core.room.next[0]?.title).toBe('CANARY budget');
  });
});
