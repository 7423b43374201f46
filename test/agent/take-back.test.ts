/** A booking that nobody waits for any more must not stand in the calendar: whatever became of its answer. */
import { describe, expect, it } from 'vitest';
import { takeBack } from '../../src/agent/take-back.ts';
import type { RoomCalendar } from '../../src/calendar/room-calendar.ts';
import { type Duration, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { ANSWERED_WITHIN, GIVEN_UP_AFTER } from '../../src/contract/wire/calendar.ts';
import { CENTRAL, Core, pairedCore } from '../core/harness.ts';
import { bookingKey, config, intentId, MACHINE } from '../support/samples.ts';
import { changeWorld, HALF_HOUR, NOON, QUICK } from './change-world.ts';

const KEY = bookingKey(1);
const OURS = { bookingKey: KEY, isRoomOrganizer: true };

async function taken({ clock, calendar }: ReturnType<typeof changeWorld>, within: Duration = minutes(30)) {
  const outcome = takeBack({ clock, calendar }, { key: KEY, span: HALF_HOUR }, within);
  await clock.advance(minutes(40));
  return outcome;
}

it('takes away what had arrived, and nothing else', async () => {
  const world = changeWorld();
  world.put('mine', NOON, HALF_HOUR.end, OURS);
  world.put('other', plus(NOON, minutes(10)), HALF_HOUR.end, { bookingKey: bookingKey(2), isRoomOrganizer: true });
  expect(await taken(world)).toBe('gone');
  expect([...world.room.meetings.keys()]).toEqual(['other']);
});

it('takes away what arrives later, as late as a relay goes on sending for whoever gave up', async () => {
  for (const late of [seconds(3), ANSWERED_WITHIN, GIVEN_UP_AFTER]) {
    const world = changeWorld();
    world.clock.after(late, () => world.put('mine', NOON, HALF_HOUR.end, OURS));
    expect(await taken(world)).toBe('gone');
    expect(world.room.meetings.size).toBe(0);
  }
});

it('goes on trying while the calendar cannot be reached', async () => {
  let isCut = true;
  const world = changeWorld({ isCut: () => isCut, travel: () => 50 });
  world.put('mine', NOON, HALF_HOUR.end, OURS);
  world.clock.after(minutes(3), () => {
    isCut = false;
  });
  expect(await taken(world)).toBe('gone');
  expect(world.room.meetings.size).toBe(0);
});

it('goes on trying while what it found is touched by others between the look and the word', async () => {
  const world = changeWorld();
  world.put('mine', NOON, HALF_HOUR.end, OURS);
  let touched = 2;
  const cancel: RoomCalendar['cancel'] = async (...args) =>
    touched-- > 0 ? { kind: 'refused', why: 'changed-meanwhile', detail: '412' } : world.calendar.cancel(...args);
  expect(await taken({ ...world, calendar: { ...world.calendar, cancel } })).toBe('gone');
  expect(world.room.meetings.size).toBe(0);
});

describe('an invitation', () => {
  const invited = async (answersAfter: Duration | null) => {
    const world = changeWorld();
    world.room.answersAfter = answersAfter;
    void world.calendar.invitations?.send({ key: KEY, span: HALF_HOUR, title: 'Walk-up' });
    void world.calendar.invitations?.send({ key: bookingKey(2), span: HALF_HOUR, title: 'Walk-up' });
    await world.clock.advance(seconds(30));
    return world;
  };

  it('is withdrawn, whether the room has answered it or not, and nobody else’s', async () => {
    for (const answersAfter of [seconds(4), null]) {
      const world = await invited(answersAfter);
      expect([world.room.invitations.size, world.room.meetings.size]).toEqual([2, answersAfter ? 1 : 0]);
      expect(await taken(world)).toBe('gone');
      expect([...world.room.invitations.values()]).toMatchObject([{ key: bookingKey(2) }]);
      expect(world.room.meetings.size).toBe(0);
    }
  });

  it('that never arrived is not sent to find that out', async () => {
    const world = changeWorld();
    const asked = new Set<string>();
    const { room, clock } = world;
    const calendar = room.reachedBy(clock, { ...QUICK, isCut: call => Boolean(asked.add(call)) && false });
    expect(await taken({ ...world, calendar })).toBe('gone');
    expect([...asked]).toEqual(['list', 'find']);
  });

  it('goes together with what was written before the booking mode changed', async () => {
    const world = await invited(null);
    world.put('mine', NOON, HALF_HOUR.end, OURS);
    expect(await taken(world)).toBe('gone');
    expect([world.room.invitations.size, world.room.meetings.size]).toEqual([1, 0]);
  });
});

describe('a provider that told us to wait', () => {
  const throttled = (retryAfter: Duration) => {
    const world = changeWorld();
    world.put('mine', NOON, HALF_HOUR.end, OURS);
    const asked: number[] = [];
    const list: typeof world.calendar.list = async (...args) => {
      asked.push(world.clock.now() - NOON);
      if (asked.length > 1) return world.calendar.list(...args);
      return { kind: 'failed', problem: 'throttled', retryAfter, isOutcomeUnknown: false, detail: '' };
    };
    return { world: { ...world, calendar: { ...world.calendar, list } }, asked };
  };

  it('is not asked again before', async () => {
    const { world, asked } = throttled(minutes(10));
    expect(await taken(world)).toBe('gone');
    expect(asked).toEqual([0, minutes(10)]);
    expect(world.room.meetings.size).toBe(0);
  });

  it('is not asked again at all when the booking is over by then: what is over stays as it was', async () => {
    const { world, asked } = throttled(minutes(10));
    expect(await taken(world, minutes(10))).toBe('not-known');
    expect(asked).toEqual([0]);
    expect(world.room.meetings.size).toBe(1);
  });
});

it('is asked for when a held walk-up that was sent is given up, and not when it never was', () => {
  for (const isSent of [true, false]) {
    const core = pairedCore(NOON).listed();
    const id = intentId('tap');
    if (!isSent) core.after(minutes(2));
    core.tap({ kind: 'book', id, end: plus(core.now, minutes(30)) });
    if (isSent) {
      const { id: effect } = core.last('submit-booking');
      core.tell({
        kind: 'booking-answered',
        effect,
        outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: isSent },
      });
    }
    expect(core.room.booking?.state.kind).toBe('held');
    core.tap({ kind: 'dismiss-booking', id: intentId('away'), booking: id });
    expect(core.room.booking).toBeNull();
    expect(core.count('take-back-booking')).toBe(isSent ? 1 : 0);
  }
});

it('is asked for when it is refused although it may have arrived', () => {
  const core = pairedCore(NOON).listed();
  core.tap({ kind: 'book', id: intentId('tap'), end: plus(NOON, minutes(30)) });
  const outcome = { kind: 'failed', problem: 'sign-in-needed', retryAfter: null, isOutcomeUnknown: true } as const;
  core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
  expect(core.room.booking?.state).toEqual({ kind: 'refused', why: 'sign-in-needed' });
  expect(core.last('take-back-booking')).toMatchObject({
    key: KEY,
    span: { start: NOON },
    within: minutes(30),
  });
});

it('leaves alone what somebody made longer meanwhile', async () => {
  const world = changeWorld();
  world.put('mine', NOON, plus(HALF_HOUR.end, minutes(15)), OURS);
  expect(await taken(world)).toBe('gone');
  expect([...world.room.meetings.keys()]).toEqual(['mine']);
});

it('is not forgotten over a restart, and is once it is done', () => {
  const core = pairedCore(NOON).listed();
  core.tap({ kind: 'book', id: intentId('tap'), end: HALF_HOUR.end });
  const outcome = { kind: 'failed', problem: 'sign-in-needed', retryAfter: null, isOutcomeUnknown: true } as const;
  core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
  const { snapshot } = core.last('write-snapshot');
  expect(snapshot.withdrawals).toMatchObject([{ key: KEY, span: HALF_HOUR }]);
  core.tell({ kind: 'booking-taken-back', effect: core.last('take-back-booking').id });
  expect(core.last('write-snapshot').snapshot.withdrawals).toEqual([]);

  const again = new Core(plus(NOON, minutes(1)));
  const memory = { central: CENTRAL, config: config(), pinTries: 0 };
  again.tell({ kind: 'started', machine: MACHINE, memory, snapshot, isSnapshotSetAside: false, found: null });
  expect(again.count('take-back-booking'), 'not before the calendar can be read').toBe(0);
  again.listed().after(minutes(1)).listed();
  expect(again.count('take-back-booking')).toBe(1);
  again.after(minutes(40));
  expect(again.state.room?.withdrawals, 'over').toEqual([]);
});
