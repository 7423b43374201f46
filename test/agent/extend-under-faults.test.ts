/**
 * One panel, one room, a bad network and crashes: an extension is done, or refused and the meeting is as it was. Replay
 * with LINTEL_SEED.
 */
import { expect, it } from 'vitest';
import type { BookingView } from '../../src/contract/bridge/view.ts';
import { type Instant, milliseconds, minutes, overlaps, plus, seconds } from '../../src/contract/values/time.ts';
import { makeDice, seedOfThisRun } from '../support/dice.ts';
import { RoomInMemory, spanOf } from '../support/room-in-memory.ts';
import { config, intentId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { HALF_HOUR, NOON } from './change-world.ts';
import { bootPanel, type Disk } from './whole-panel.ts';

const ROUNDS = 200;
const LONGER = plus(HALF_HOUR.end, minutes(15));

async function live(seed: number, bookingMode: 'direct' | 'invite') {
  const dice = makeDice(seed);
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  room.answersAfter = seconds(1 + dice() * 12);
  let isFaulty = false;
  const isBad = () => isFaulty && dice() < 0.25;
  const panelConfig = { ...config({ bookingMode }), access: { kind: 'relay', canInvite: true } as const };
  const told: BookingView['state'][] = [];
  const disk: Disk = { snapshot: null };
  const boot = () => {
    const calendar = room.reachedBy(clock, {
      travel: () => 20 + dice() * 300,
      clockError: () => (dice() - 0.5) * 200,
      isReplyLost: isBad,
      isCut: isBad,
    });
    const panel = bootPanel({ clock, dice, calendar, config: panelConfig }, disk);
    panel.agent.subscribe(({ screen }) => {
      if (screen.kind === 'room' && screen.view.booking?.intent === 'extend') told.push(screen.view.booking.state);
    });
    return panel;
  };
  const all = () => [...room.meetings.values()];
  const ours = () => all().filter(m => m.isInvitedByUs || m.bookingKey);
  /** As a person does who looks first. */
  const person = (start: Instant, end: Instant) => {
    if (all().every(m => !overlaps(spanOf(m), { start, end }))) {
      room.meetings.set('person', meeting('person', start, end, { createdAt: clock.now() }));
    }
  };

  let panel = boot();
  await clock.advance(seconds(5));
  panel.agent.intend({ kind: 'book', id: intentId('book'), end: HALF_HOUR.end });
  await clock.advance(minutes(1));
  const [booked] = ours();
  if (!booked) throw new Error('nothing was booked');
  isFaulty = true;
  panel.agent.intend({ kind: 'extend', id: intentId('extend'), meeting: booked.id, end: LONGER });
  for (let step = 0; step < 8; step++) {
    await clock.advance(milliseconds(dice() * 8000));
    // Only what the meeting does not hold by now: a room that is asked anew gives all of it up when it says no.
    if (dice() < 0.15) person(HALF_HOUR.end, plus(HALF_HOUR.end, minutes(30)));
    if (dice() < 0.2) {
      panel.crash();
      await clock.advance(milliseconds(dice() * 3000));
      panel = boot();
    }
  }
  isFaulty = false;
  await clock.advance(minutes(4));
  panel.crash();
  return { told: told.at(-1) ?? null, room, ends: ours().map(m => spanOf(m).end), all: all() };
}

for (const mode of ['direct', 'invite'] as const) {
  it(`${mode}: ${ROUNDS} extensions are done, or as if never asked for`, { timeout: 60_000 }, async () => {
    const seed = seedOfThisRun();
    console.log(`extensions under faults: LINTEL_SEED=${seed}`);
    const seen = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const { told, ends, all, room } = await live(seed * ROUNDS + round, mode);
      const name = `round ${round} of LINTEL_SEED=${seed}: told ${JSON.stringify(told)}`;
      const doubles = all.filter(a => all.some(b => a !== b && overlaps(spanOf(a), spanOf(b))));
      expect(doubles, name).toEqual([]);
      // The outcome may have been on the glass before a crash, and gone.
      expect(told === null || told.kind === 'confirmed' || told.kind === 'refused', name).toBe(true);
      expect(ends.length, `${name}, and the meeting is lost`).toBe(1);
      const wanted =
        told?.kind === 'confirmed' ? [LONGER] : told?.kind === 'refused' ? [HALF_HOUR.end] : [LONGER, HALF_HOUR.end];
      expect(wanted, name).toContain(ends[0]);
      expect(
        [...room.invitations.values()].every(i => i.span.end === ends[0]),
        name,
      ).toBe(true);
      seen.set(told?.kind ?? 'unknown', (seen.get(told?.kind ?? 'unknown') ?? 0) + 1);
    }
    console.log(JSON.stringify([...seen]));
  });
}
