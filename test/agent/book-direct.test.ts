/** Changing the room's calendar in direct mode: read, write, look again. */
import { describe, expect, it } from 'vitest';
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import type { Change } from '../../src/agent/write-outcome.ts';
import type { RoomCalendar } from '../../src/calendar/room-calendar.ts';
import { type Instant, milliseconds, minutes, overlaps, plus, seconds } from '../../src/contract/values/time.ts';
import type { WriteOutcome } from '../../src/core/events.ts';
import { makeDice, seedOfThisRun } from '../support/dice.ts';
import { RoomInMemory } from '../support/room-in-memory.ts';
import { at, bookingKey, config, eventId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = at('2026-11-20T12:00:00Z');
const QUICK = { travel: () => 50, clockError: () => 0 };
const HALF_HOUR = { start: NOON, end: plus(NOON, minutes(30)) };

function world(wire: Parameters<RoomInMemory['reachedBy']>[1] = QUICK) {
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  const calendar = room.reachedBy(clock, wire);
  const change = async (wanted: Partial<Change>): Promise<WriteOutcome> => {
    const whole: Change = {
      config: config(),
      key: bookingKey(1),
      action: { kind: 'book' },
      span: HALF_HOUR,
      was: null,
      wasSent: false,
      ...wanted,
    };
    const outcome = changeCalendar({ clock, calendar }, whole, 'Walk-up');
    await clock.advance(seconds(10));
    return outcome;
  };
  const put = (id: string, start: Instant, end: Instant, more = {}) =>
    room.meetings.set(id, meeting(id, start, end, more));
  return { clock, room, change, put };
}

describe('a walk-up', () => {
  it('is written under its key and confirmed with the id the calendar gave', async () => {
    const { room, change } = world();
    expect(await change({})).toMatchObject({ kind: 'confirmed', meeting: { id: 'e0', bookingKey: bookingKey(1) } });
    expect(room.meetings.size).toBe(1);
  });

  it('is not written when the slot is taken, and takes no notice of what does not occupy', async () => {
    const { room, change, put } = world();
    put('cancelled', NOON, plus(NOON, minutes(10)), { occupies: 'none' });
    put('person', plus(NOON, minutes(29)), plus(NOON, minutes(60)));
    expect(await change({})).toEqual({ kind: 'refused', why: 'slot-taken' });
    expect(room.meetings.size).toBe(2);
  });

  it('is withdrawn when a person came first after all', async () => {
    const { clock, room, change, put } = world();
    // Lands between our first look and our write.
    clock.after(milliseconds(120), () =>
      put('person', NOON, plus(NOON, minutes(60)), { createdAt: plus(NOON, milliseconds(110)) }),
    );
    expect(await change({})).toEqual({ kind: 'refused', why: 'lost-race' });
    expect([...room.meetings.keys()]).toEqual(['person']);
  });

  it('that was written before and whose answer was lost is found, not written again', async () => {
    const { room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, { bookingKey: bookingKey(1), isRoomOrganizer: true });
    expect(await change({})).toMatchObject({ kind: 'confirmed', meeting: { id: 'mine' } });
    expect(room.meetings.size).toBe(1);
  });

  it('is not kept against another panel’s while nobody can say who was first', async () => {
    const { room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, { bookingKey: bookingKey(1), isRoomOrganizer: true, createdAt: NOON });
    put('other', NOON, HALF_HOUR.end, { bookingKey: bookingKey(9), isRoomOrganizer: true, createdAt: null });
    expect(await change({ wasSent: true })).toEqual({
      kind: 'failed',
      problem: 'provider-error',
      retryAfter: null,
      isOutcomeUnknown: true,
    });
    expect(room.meetings.size).toBe(2);
  });

  it('that lost and cannot be taken away yet is not told as lost while it stands', async () => {
    const { clock, room, put } = world();
    put('mine', NOON, HALF_HOUR.end, { bookingKey: bookingKey(1), isRoomOrganizer: true, createdAt: NOON });
    put('person', NOON, HALF_HOUR.end);
    let isTouched = true;
    const reached = room.reachedBy(clock, QUICK);
    const cancel: RoomCalendar['cancel'] = async (...args) =>
      isTouched ? { kind: 'refused', why: 'changed-meanwhile', detail: '409' } : reached.cancel(...args);
    const again = async () => {
      const change = { config: config(), key: bookingKey(1), action: { kind: 'book' }, span: HALF_HOUR } as const;
      const calendar = { ...reached, cancel };
      const outcome = changeCalendar({ clock, calendar }, { ...change, was: null, wasSent: true }, 'Walk-up');
      await clock.advance(seconds(10));
      return outcome;
    };
    expect(await again()).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
    isTouched = false;
    expect(await again()).toEqual({ kind: 'refused', why: 'lost-race' });
    expect([...room.meetings.keys()]).toEqual(['person']);
  });

  it('whose answer is lost is not called booked', async () => {
    const { change } = world({ ...QUICK, isReplyLost: () => true });
    expect(await change({})).toMatchObject({ kind: 'failed', problem: 'unreachable', isOutcomeUnknown: true });
  });

  it('is known not to stand anywhere when the first look failed, and in doubt when a later step did', async () => {
    for (const [failing, isOutcomeUnknown, left] of [
      ['list', false, 0],
      ['second list', true, 1],
      ['cancel', true, 2],
    ] as const) {
      let lists = 0;
      const { clock, room, change, put } = world({
        ...QUICK,
        isCut: call => call === failing || (call === 'list' && ++lists === 2 && failing === 'second list'),
      });
      clock.after(milliseconds(120), () => failing === 'cancel' && put('person', NOON, HALF_HOUR.end));
      expect(await change({})).toMatchObject({ kind: 'failed', isOutcomeUnknown });
      expect(room.meetings.size).toBe(left);
    }
  });
});

describe('a new end', () => {
  const mine = { bookingKey: bookingKey(9), isRoomOrganizer: true };
  const extend = {
    action: { kind: 'extend', meeting: eventId('mine') },
    span: { start: NOON, end: plus(NOON, minutes(45)) },
  } as const;

  it('is set when the time is free, and refused when somebody has it', async () => {
    const { room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, mine);
    expect(await change(extend)).toMatchObject({ kind: 'confirmed', meeting: { id: 'mine' } });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: plus(NOON, minutes(45)) });
    put('next', plus(NOON, minutes(50)), plus(NOON, minutes(80)));
    const further = { ...extend, span: { start: NOON, end: plus(NOON, minutes(60)) } };
    expect(await change(further)).toEqual({ kind: 'refused', why: 'slot-taken' });
  });

  it('gives way when somebody took the longer part while we wrote, and is as it was', async () => {
    const { clock, room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, mine);
    // Between our look and our write.
    clock.after(milliseconds(120), () => put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70))));
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'lost-race' });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: HALF_HOUR.end });
  });

  it('whose answer was lost gives way as well, when it is asked again', async () => {
    const { room, change, put } = world();
    put('mine', NOON, plus(NOON, minutes(45)), mine);
    put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70)));
    expect(await change({ ...extend, wasSent: true })).toEqual({ kind: 'refused', why: 'lost-race' });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: plus(NOON, minutes(40)) });
  });

  it('that was asked for again never falls back below the end there was', async () => {
    const { room, change, put } = world();
    put('mine', NOON, plus(NOON, minutes(60)), mine);
    // Let in by a mailbox that allows conflicts, over what had been confirmed.
    put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70)));
    const was = { end: plus(NOON, minutes(45)), invitation: null };
    const further = { ...extend, span: { start: NOON, end: plus(NOON, minutes(60)) }, was, wasSent: true };
    expect(await change(further)).toEqual({ kind: 'refused', why: 'lost-race' });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: was.end });
  });

  it('gives way also when the mailbox has touched the booking since it was written', async () => {
    const { clock, room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, mine);
    clock.after(milliseconds(120), () => put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70))));
    // Exchange's own assistants write to an item shortly after it was stored: another etag, the same times.
    clock.after(milliseconds(400), () => {
      const stored = room.meetings.get('mine');
      if (stored) room.meetings.set('mine', { ...stored, version: 'W/"touched"' });
    });
    // It is not over while both stand on one slot, but looked at again.
    expect(await change(extend)).toMatchObject({ kind: 'failed', isOutcomeUnknown: true });
    expect(await change({ ...extend, wasSent: true })).toEqual({ kind: 'refused', why: 'lost-race' });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: plus(NOON, minutes(40)) });
  });

  it('that another panel was faster to write is not ours to call confirmed, or to put back, before a second look', async () => {
    for (const [isPutBack, why] of [
      [true, 'changed-meanwhile'],
      [false, 'slot-taken'],
    ] as const) {
      const { clock, room, change, put } = world();
      put('mine', NOON, plus(NOON, minutes(45)), mine);
      clock.after(milliseconds(120), () => put('person', plus(NOON, minutes(40)), plus(NOON, minutes(70))));
      clock.after(milliseconds(400), () => isPutBack && put('mine', NOON, HALF_HOUR.end, mine));
      expect(await change(extend)).toEqual({ kind: 'refused', why });
      expect(room.meetings.get('mine')?.when).toMatchObject({ end: plus(NOON, minutes(isPutBack ? 30 : 45)) });
    }
  });

  it('never makes shorter what somebody made longer meanwhile', async () => {
    const { room, change, put } = world();
    put('mine', NOON, plus(NOON, minutes(90)), mine);
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'changed-meanwhile' });
    expect(room.meetings.get('mine')?.when).toMatchObject({ end: plus(NOON, minutes(90)) });
  });

  it('asked for twice is done once; of a meeting that has gone, refused', async () => {
    const { room, change, put } = world();
    put('mine', NOON, plus(NOON, minutes(45)), mine);
    expect(await change(extend)).toMatchObject({ kind: 'confirmed' });
    expect(room.meetings.get('mine')?.version).toBe('W/"1"');
    room.meetings.clear();
    expect(await change(extend)).toEqual({ kind: 'refused', why: 'gone' });
  });

  it('at or before its start takes the booking away', async () => {
    const { room, change, put } = world();
    put('mine', NOON, HALF_HOUR.end, mine);
    const end = { action: { kind: 'end-early', meeting: eventId('mine') }, span: { start: NOON, end: NOON } } as const;
    expect(await change(end)).toEqual({ kind: 'confirmed', meeting: null });
    expect(room.meetings.size).toBe(0);
  });
});

describe('several panels at once', () => {
  const ROUNDS = 1000;
  it(`leave exactly one booking on a slot, in ${ROUNDS} races`, { timeout: 60_000 }, async () => {
    const seed = seedOfThisRun();
    console.log(`races: LINTEL_SEED=${seed}`);
    const dice = makeDice(seed);
    let won = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const clock = new VirtualClock(NOON);
      const room = new RoomInMemory();
      const panels = 2 + Math.floor(dice() * 4);
      const outcomes = Array.from({ length: panels }, async (_, i) => {
        const calendar = room.reachedBy(clock, {
          travel: () => 5 + dice() ** 2 * 400,
          clockError: () => (dice() - 0.5) * 400,
        });
        const start = plus(NOON, minutes(Math.floor(dice() * 20)));
        const change = {
          config: config(),
          key: bookingKey(Math.floor(dice() * 1e12)),
          action: { kind: 'book' },
          span: { start, end: plus(start, minutes(30)) },
          was: null,
          wasSent: false,
        } as const;
        await new Promise<void>(resolve => clock.after(milliseconds(dice() * 800 * (i > 0 ? 1 : 0)), resolve));
        return changeCalendar({ clock, calendar }, change, 'Walk-up');
      });
      await clock.advance(seconds(20));
      const confirmed = (await Promise.all(outcomes)).filter(o => o.kind === 'confirmed');
      const left = [...room.meetings.values()];
      const spans = left.map(m => (m.when.kind === 'timed' ? m.when : HALF_HOUR));
      const doubles = spans.filter((a, i) => spans.some((b, j) => i !== j && overlaps(a, b)));
      expect(doubles, `round ${round} of LINTEL_SEED=${seed}`).toEqual([]);
      expect(left.length, 'confirmed on the glass and stored in the calendar').toBe(confirmed.length);
      if (confirmed.length > 0) won++;
    }
    expect(won, 'somebody always gets the room').toBe(ROUNDS);
  });
});
