/** A change whose answer was lost, on a whole panel: what was written is looked at a second time all the same. */
import { expect, it } from 'vitest';
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import type { BookingView } from '../../src/contract/bridge/view.ts';
import { milliseconds, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { RoomInMemory, spanOf, type Wire } from '../support/room-in-memory.ts';
import { bookingKey, config, eventId, intentId, meeting } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { HALF_HOUR, NOON } from './change-world.ts';
import { bootPanel } from './whole-panel.ts';

async function world(wire: Partial<Wire>) {
  const clock = new VirtualClock(NOON);
  const room = new RoomInMemory();
  const calendar = room.reachedBy(clock, { travel: () => 50, clockError: () => 0, ...wire });
  const { agent } = bootPanel({ clock, dice: () => 0.5, calendar, config: config() }, { snapshot: null });
  const told: BookingView['state'][] = [];
  agent.subscribe(({ screen }) => {
    if (screen.kind === 'room' && screen.view.booking) told.push(screen.view.booking.state);
  });
  return { clock, room, agent, told };
}

it('a walk-up is not confirmed before everybody who was close can be seen', async () => {
  let isLost = true;
  // The provider's servers disagree: ours is ahead, the other panel's behind.
  const { clock, room, agent, told } = await world({ clockError: () => 250, isReplyLost: () => isLost });
  await clock.advance(seconds(5));
  const far = room.reachedBy(clock, { travel: () => 200, clockError: () => -250 });
  const span = { start: clock.now(), end: plus(clock.now(), minutes(30)) };
  const change = {
    config: config(),
    key: bookingKey(7),
    action: { kind: 'book' },
    span,
    was: null,
    wasSent: false,
  } as const;
  const theirs = changeCalendar({ clock, calendar: far }, change, 'Walk-up');
  await clock.advance(milliseconds(100));
  agent.intend({ kind: 'book', id: intentId('tap'), end: span.end });
  await clock.advance(milliseconds(250));
  isLost = false;
  await clock.advance(minutes(2));
  expect(await theirs).toMatchObject({ kind: 'confirmed' });
  expect(room.meetings.size).toBe(1);
  expect(told.map(state => state.kind)).not.toContain('confirmed');
  expect(told.at(-1)).toEqual({ kind: 'refused', why: 'lost-race' });
  agent.stop();
});

it('an extension that may stand on somebody’s time is not forgotten when it is dismissed', async () => {
  let isCut = false;
  const { clock, room, agent } = await world({ isCut: call => isCut && call === 'list' });
  const more = { bookingKey: bookingKey(9), isRoomOrganizer: true };
  room.meetings.set('mine', meeting('mine', NOON, HALF_HOUR.end, more));
  await clock.advance(minutes(1));
  agent.intend({
    kind: 'extend',
    id: intentId('tap'),
    meeting: eventId('mine'),
    end: plus(HALF_HOUR.end, minutes(15)),
  });
  // Between our look and our write.
  clock.after(milliseconds(120), () => {
    room.meetings.set('person', meeting('person', HALF_HOUR.end, plus(HALF_HOUR.end, minutes(30))));
    isCut = true;
  });
  await clock.advance(seconds(2));
  agent.intend({ kind: 'dismiss-booking', id: intentId('away'), booking: intentId('tap') });
  isCut = false;
  await clock.advance(minutes(2));
  const mine = room.meetings.get('mine');
  expect(mine && spanOf(mine).end).toBe(HALF_HOUR.end);
  agent.stop();
});
