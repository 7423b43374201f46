/**
 * One panel, one room, a bad network and crashes: a walk-up is booked once, or refused and nothing of it is left. Replay
 * with LINTEL_SEED.
 */
import { expect, it } from 'vitest';
import type { BookingView } from '../../src/contract/bridge/view.ts';
import { type Instant, milliseconds, minutes, overlaps, plus, seconds } from '../../src/contract/values/time.ts';
import { makeDice, seedOfThisRun } from '../support/dice.ts';
import { RoomInMemory, spanOf } from '../support/room-in-memory.ts';
import { config, intentId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { NOON } from './change-world.ts';
import { bootPanel, type Disk } from './whole-panel.ts';

const ROUNDS = 200;

async function live(seed: number, bookingMode: 'direct' | 'invite') {
  const dice = makeDice(seed);
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  room.answersAfter = seconds(1 + dice() * 12);
  room.isOpenToAll = dice() < 0.8;
  let isFaulty = true;
  const isBad = () => isFaulty && dice() < 0.25;
  const panelConfig = { ...config({ bookingMode }), access: { kind: 'relay', canInvite: true } as const };
  const disk: Disk = { snapshot: null };
  const boot = () => {
    const calendar = room.reachedBy(clock, {
      travel: () => 20 + dice() * 300,
      clockError: () => (dice() - 0.5) * 480,
      isReplyLost: isBad,
      isCut: isBad,
    });
    return bootPanel({ clock, dice, calendar, config: panelConfig }, disk);
  };
  const all = () => [...room.meetings.values()];
  /** As a person does who looks first. */
  const person = (id: string, start: Instant, end: Instant) => {
    if (all().every(m => !overlaps(spanOf(m), { start, end }))) {
      room.meetings.set(
        id,
        meeting(id, start, end, { createdAt: plus(clock.now(), milliseconds((dice() - 0.5) * 480)) }),
      );
    }
  };

  let panel = boot();
  await clock.advance(seconds(5));
  panel.agent.intend({ kind: 'book', id: intentId('tap'), end: plus(NOON, minutes(30)) });
  for (let step = 0; step < 8; step++) {
    await clock.advance(milliseconds(dice() * 8000));
    if (dice() < 0.15) person(`p${step}`, plus(NOON, minutes(dice() * 20)), plus(NOON, minutes(40)));
    if (dice() < 0.2) {
      panel.crash();
      await clock.advance(milliseconds(dice() * 3000));
      panel = boot();
    }
  }
  isFaulty = false;
  const told: BookingView['state'][] = [];
  panel.agent.subscribe(({ screen }) => {
    if (screen.kind === 'room' && screen.view.booking) told.push(screen.view.booking.state);
  });
  await clock.advance(minutes(6));
  const { screen } = panel.agent.view();
  panel.crash();
  return { screen, last: told.at(-1) ?? null, room, ours: all().filter(m => m.isInvitedByUs || m.bookingKey) };
}

for (const mode of ['direct', 'invite'] as const) {
  it(`${mode}: ${ROUNDS} walk-ups are each booked once or not at all`, { timeout: 60_000 }, async () => {
    const seed = seedOfThisRun();
    console.log(`walk-ups under faults: LINTEL_SEED=${seed}`);
    let booked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { screen, last, room, ours } = await live(seed + round, mode);
      const where = `round ${round} of LINTEL_SEED=${seed}`;
      if (screen.kind !== 'room') throw new Error(where);
      const { booking, day } = screen.view;
      expect(booking?.state.kind ?? 'none', `${where}: never settled`).toMatch(/none|confirmed|refused/);
      expect(ours.length, `${where}: booked twice`).toBeLessThanOrEqual(1);
      if (last?.kind === 'confirmed') expect(ours, `${where}: confirmed and not there`).toHaveLength(1);
      if (last?.kind === 'refused') expect(ours, `${where}: refused (${last.why}), and there`).toHaveLength(0);
      expect(room.invitations.size, `${where}: an invitation nobody takes back`).toBe(
        ours.filter(m => m.isInvitedByUs).length,
      );
      expect(day.meetings.map(m => m.id).sort(), `${where}: on the glass`).toEqual([...room.meetings.keys()].sort());
      const spans = [...room.meetings.values()].map(spanOf);
      const doubles = spans.filter((a, i) => spans.some((b, j) => i !== j && overlaps(a, b)));
      expect(doubles, `${where}: two on one slot`).toEqual([]);
      booked += ours.length;
    }
    expect(booked, 'most are booked all the same').toBeGreaterThan(ROUNDS / 3);
  });
}
