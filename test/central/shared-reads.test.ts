/** How old a shared read is said to be, and what time it was, whatever becomes of central's own clock. */
import { expect, test } from 'vitest';
import type { Listed } from '../../src/calendar/room-calendar.ts';
import { SharedReads } from '../../src/central/relay/shared-reads.ts';
import { sleep } from '../../src/contract/values/clock.ts';
import { type Duration, hours, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import { at, meeting, zone } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const START = at('2026-11-20T10:00:00Z');
const WINDOW = { start: START, end: plus(START, minutes(30)) };

/** A provider whose clock is right from start to end, and that takes its time. */
function shared(takes: Duration = seconds(0)) {
  const clock = new VirtualClock(START);
  const state = { asked: 0 };
  const itsTime = () => plus(START, clock.elapsed());
  const reads = new SharedReads(clock, zone('Europe/Oslo'), seconds(10), async () => {
    state.asked++;
    await sleep(clock, takes);
    return { kind: 'listed', meetings: [], serverTime: itsTime(), age: seconds(0) };
  });
  async function list(): Promise<Listed> {
    const answer = reads.list(WINDOW, true);
    await clock.advance(takes);
    const listed = await answer;
    if (listed.kind !== 'listed') throw new Error(listed.detail);
    return listed;
  }
  return { clock, state, itsTime, list };
}

test('set back again and again, by nearly as much as went by, no read is told younger than it is', async () => {
  const { clock, state, list } = shared();
  await list();
  for (let n = 0; n < 6; n++) {
    await clock.advance(seconds(9));
    clock.jump(seconds(-8));
  }
  // 54 s by the wall are 6 s by the clock.
  expect(await list()).toMatchObject({ age: 0, serverTime: plus(START, seconds(54)) });
  expect(state.asked).toBe(2);
});

test.each([seconds(-8), seconds(8), hours(-10), hours(10)])(
  'nothing is shared across a clock set by %d ms',
  async by => {
    const { clock, state, list, itsTime } = shared();
    await list();
    await clock.advance(seconds(2));
    expect((await list()).age).toBe(seconds(2));
    expect(state.asked).toBe(1);
    clock.jump(by);
    expect(await list()).toMatchObject({ age: 0, serverTime: itsTime() });
    expect(state.asked).toBe(2);
  },
);

test('whoever waits for a read while the clock is set back is told at least how long it took', async () => {
  const { clock, list } = shared(seconds(6));
  const listed = list();
  clock.jump(minutes(-5));
  expect((await listed).age).toBe(seconds(6));
});

test('all who share a read are told the time that the provider has by then, also when it answered late', async () => {
  const { clock, state, list, itsTime } = shared(seconds(6));
  expect(await list()).toMatchObject({ age: seconds(6), serverTime: itsTime() });
  await clock.advance(seconds(3));
  expect(await list()).toMatchObject({ serverTime: plus(itsTime(), seconds(-6)) });
  expect(state.asked).toBe(1);
});

test('after somebody asked anew nobody is told anything older, of whatever window', async () => {
  const clock = new VirtualClock(START);
  let taken = 0;
  const reads = new SharedReads(clock, zone('Europe/Oslo'), seconds(10), async () => ({
    kind: 'listed',
    meetings: Array.from({ length: taken }, () => meeting('a', START, WINDOW.end)),
    serverTime: null,
    age: seconds(0),
  }));
  const day = { start: plus(START, hours(-6)), end: plus(START, hours(30)) };
  expect(await reads.list(day, true)).toMatchObject({ meetings: [] });
  taken = 1;
  expect(await reads.list(WINDOW, false)).toMatchObject({ meetings: [{ id: 'a' }] });
  expect(await reads.list(day, true)).toMatchObject({ meetings: [{ id: 'a' }] });
});
