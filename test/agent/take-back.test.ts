/** A booking that nobody waits for any more must not stand in the calendar: whatever became of its answer. */
import { expect, it } from 'vitest';
import { takeBack } from '../../src/agent/take-back.ts';
import { minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { pairedCore } from '../core/harness.ts';
import { bookingKey, config, intentId } from '../support/samples.ts';
import { changeWorld, HALF_HOUR, NOON } from './change-world.ts';

const KEY = bookingKey(1);
const INVITE = { ...config({ bookingMode: 'invite' }), access: { kind: 'relay', canInvite: true } as const };
const OURS = { bookingKey: KEY, isRoomOrganizer: true };

async function taken(world: ReturnType<typeof changeWorld>, panelConfig = config()) {
  const { clock, calendar } = world;
  const outcome = takeBack({ clock, calendar }, { config: panelConfig, key: KEY, span: HALF_HOUR }, 'Walk-up');
  await clock.advance(minutes(20));
  return outcome;
}

it('takes away what had arrived, and nothing else', async () => {
  const world = changeWorld();
  world.put('mine', NOON, HALF_HOUR.end, OURS);
  world.put('other', plus(NOON, minutes(10)), HALF_HOUR.end, { bookingKey: bookingKey(2), isRoomOrganizer: true });
  expect(await taken(world)).toBe('gone');
  expect([...world.room.meetings.keys()]).toEqual(['other']);
});

it('takes away what arrives a little later', async () => {
  const world = changeWorld();
  world.clock.after(seconds(3), () => world.put('mine', NOON, HALF_HOUR.end, OURS));
  expect(await taken(world)).toBe('gone');
  expect(world.room.meetings.size).toBe(0);
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

it('withdraws an invitation, and leaves none behind', async () => {
  const world = changeWorld({}, INVITE);
  void world.calendar.invitations?.send({ key: KEY, span: HALF_HOUR, title: 'Walk-up' });
  await world.clock.advance(seconds(30));
  expect([world.room.invitations.size, world.room.meetings.size]).toEqual([1, 1]);
  expect(await taken(world, INVITE)).toBe('gone');
  await world.clock.advance(minutes(1));
  expect([world.room.invitations.size, world.room.meetings.size]).toEqual([0, 0]);
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
        outcome: { kind: 'failed', problem: 'unreachable', retryAfter: null },
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
  const outcome = { kind: 'failed', problem: 'sign-in-needed', retryAfter: null } as const;
  core.tell({ kind: 'booking-answered', effect: core.last('submit-booking').id, outcome });
  expect(core.room.booking?.state).toEqual({ kind: 'refused', why: 'sign-in-needed' });
  expect(core.last('take-back-booking')).toMatchObject({ key: KEY, span: { start: NOON } });
});
