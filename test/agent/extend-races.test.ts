/** An extension into a slot that others book at the same moment: exactly one keeps it, whoever that is. */
import { expect, it } from 'vitest';
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import type { Change } from '../../src/agent/write-outcome.ts';
import { milliseconds, minutes, overlaps, plus, seconds } from '../../src/contract/values/time.ts';
import { makeDice, seedOfThisRun } from '../support/dice.ts';
import { RoomInMemory, spanOf } from '../support/room-in-memory.ts';
import { bookingKey, config, eventId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { HALF_HOUR, NOON } from './change-world.ts';

const ROUNDS = 1000;
const ONE_WINNER = { won: 1, standing: 1, isDouble: false };
const MINE = eventId('mine');

/** One extension against `rivals` walk-ups, begun within `spread` ms, over wires of up to `slowest` ms half a round trip. */
async function race(dice: () => number, rivals: number, { spread, slowest }: { spread: number; slowest: number }) {
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  const createdAt = plus(NOON, minutes(-1));
  const more = { bookingKey: bookingKey(9), isRoomOrganizer: true, createdAt };
  room.meetings.set(MINE, meeting(MINE, NOON, HALF_HOUR.end, more));
  const after = { start: HALF_HOUR.end, end: plus(HALF_HOUR.end, minutes(30)) };
  const ask = async (wanted: Pick<Change, 'action' | 'span'>) => {
    const wire = { travel: () => 5 + dice() ** 2 * slowest, clockError: () => (dice() - 0.5) * 500 };
    const key = bookingKey(Math.floor(dice() * 1e12) + 10);
    await new Promise<void>(resolve => clock.after(milliseconds(dice() * spread), resolve));
    const change = { config: config(), key, was: null, wasSent: false, ...wanted };
    return changeCalendar({ clock, calendar: room.reachedBy(clock, wire) }, change, 'Walk-up');
  };
  const asked = [
    ask({ action: { kind: 'extend', meeting: MINE }, span: { start: NOON, end: plus(HALF_HOUR.end, minutes(15)) } }),
    ...Array.from({ length: rivals }, () => ask({ action: { kind: 'book' }, span: after })),
  ];
  await clock.advance(seconds(300));
  const outcomes = await Promise.all(asked);
  const spans = [...room.meetings.values()].map(spanOf);
  return {
    won: outcomes.filter(o => o.kind === 'confirmed').length,
    isDouble: spans.some((a, i) => spans.some((b, j) => i !== j && overlaps(a, b))),
    standing: spans.filter(span => overlaps(span, after)).length,
  };
}

for (const rivals of [1, 3]) {
  it(`leaves the slot to one of it and ${rivals} others, in ${ROUNDS} races`, { timeout: 60_000 }, async () => {
    const seed = seedOfThisRun();
    console.log(`races: LINTEL_SEED=${seed}`);
    const dice = makeDice(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const where = `round ${round} of LINTEL_SEED=${seed}`;
      expect(await race(dice, rivals, { spread: 800, slowest: 200 }), where).toEqual(ONE_WINNER);
    }
  });
}

it('leaves it never to two, however slow the wires, and hardly ever to nobody', { timeout: 60_000 }, async () => {
  const seed = seedOfThisRun();
  console.log(`races: LINTEL_SEED=${seed}`);
  const dice = makeDice(seed);
  let givenUp = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { won, standing, isDouble } = await race(dice, 1 + (round % 3), { spread: 2000, slowest: 4000 });
    expect([isDouble, standing], `round ${round} of LINTEL_SEED=${seed}`).toEqual([false, won]);
    if (won === 0) givenUp++;
  }
  expect(givenUp).toBeLessThan(ROUNDS / 50);
});
