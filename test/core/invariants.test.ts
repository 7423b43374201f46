/**
 * Random lives of a panel: whatever happens in whatever order, some things are never so. Replay with LINTEL_SEED.
 */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type RoomView, View } from '../../src/contract/bridge/view.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import {
  type Instant,
  instant,
  milliseconds,
  minutes,
  overlaps,
  plus,
  seconds,
} from '../../src/contract/values/time.ts';
import { freshFor, trustAt } from '../../src/core/calendar.ts';
import { workingSpan } from '../../src/core/day.ts';
import type { Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { RoomState, State } from '../../src/core/state.ts';
import { INITIAL_STATE, step } from '../../src/core/step.ts';
import { viewOf } from '../../src/core/view.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { makeDice, seedOfThisRun } from '../support/dice.ts';
import { at } from '../support/samples.ts';
import { liveHonestly } from './honest-world.ts';
import { randomHappening, type World } from './random-life.ts';

const LIVES = Number(process.env.LINTEL_LIVES ?? 10_000);
const EVENTS = 40;
/** Half an hour of recovery costs as much as several lives. */
const RECOVERY_EVERY = 20;
function check(world: World, state: State, happening: Happening, done: Effect[]) {
  const now = plus(world.now, state.clockOffset);
  const view = viewOf(state, now);
  // To find out whether a zone exists is dear; one in four will do.
  if (world.count % 4 === 0) v.parse(v.omit(View, ['seq']), view);
  checkService(state, view, happening, done);
  if (view.screen.kind === 'room' && state.room) checkPolicy(state.room, view.screen.view, view.look, now);
  if (view.screen.kind === 'room') {
    const { trust, status, booking, day, actions } = view.screen.view;
    if (trust.kind === 'fresh') {
      expect(now, 'fresh although the last good read is older than the limit').toBeLessThan(
        trust.lastRead + freshFor(state.room?.config.policy ?? DEFAULT_POLICY),
      );
      expect(trust.lastRead, 'read in the future').toBeLessThanOrEqual(now);
    }
    if (trust.kind === 'unknown') expect(status.kind).toBe('unknown');
    if (booking?.state.kind === 'confirmed')
      expect(booking.state.event, 'confirmed without an id of the provider').toMatch(/^(event|booked)-/);
    const running = day.meetings.filter(m => m.start <= now && now < m.end);
    if (status.kind === 'free') expect(running, 'free although a meeting runs').toEqual([]);
    if (status.kind === 'in-meeting') expect(running.map(m => m.id)).toContain(status.meeting.id);
    for (const walkUp of actions.book) {
      const span = { start: now, end: walkUp.end };
      expect(
        day.meetings.some(m => overlaps(m, span)),
        'offers a slot that is taken',
      ).toBe(false);
    }
  }
  if (happening.kind === 'woke') {
    for (const wakeUp of wakeUps(state, now))
      expect(wakeUp.at, `${wakeUp.why} was due, and is still wanted`).toBeGreaterThan(now);
  }
}

/** What the policy says holds whatever was read, asked or pushed before. */
function checkPolicy({ config: { policy, room } }: RoomState, view: RoomView, look: View['look'], now: Instant) {
  const { actions, day, next, status } = view;
  if (policy.bookingMode === 'off') expect(actions).toMatchObject({ book: [], extend: [], canEndEarly: false });
  if (policy.endEarly === 'off') expect(actions.canEndEarly).toBe(false);
  for (const { length } of actions.book) expect(length, 'too long').toBeLessThanOrEqual(policy.longestBooking);
  const shown = [...day.meetings, ...next];
  if (policy.privacy.subjects === 'hidden') expect(shown.filter(m => m.title !== null)).toEqual([]);
  if (policy.privacy.organizers === 'hidden') expect(shown.filter(m => m.organizer !== null)).toEqual([]);
  if (look.brightness === null) return;
  expect(policy.dimming).toMatchObject({ brightness: look.brightness });
  expect(status.kind, 'dimmed').toBe('free');
  const hours = workingSpan(now, policy.workingHours, room.zone);
  expect(hours !== null && hours.start <= now && now < hours.end, 'dimmed in working hours').toBe(false);
}

function checkService(
  { room, service, central }: State,
  view: Omit<View, 'seq'>,
  happening: Happening,
  done: Effect[],
) {
  const isLocked = (room?.config.policy.pin ?? null) !== null;
  if (service.kind === 'open' && isLocked) expect(service.isProven, 'open without the PIN').toBe(true);
  if (view.service?.kind === 'open' && view.service.canLeave)
    expect(room === null || (service.kind === 'open' && service.isProven), 'may leave').toBe(true);
  if (happening.kind === 'intent-received' && happening.intent.kind === 'leave-central' && central.kind === 'none')
    expect(room).toBeNull();
  for (const effect of done) {
    if (effect.kind === 'submit-booking') expect(effect.config.policy.bookingMode).not.toBe('off');
    if (effect.kind === 'forget-token' && room) expect(done.map(e => e.kind)).toContain('fetch-calendar');
    if (effect.kind === 'send-diagnostics') expect(JSON.stringify(effect)).not.toMatch(/Talk|Berg/);
    if (effect.kind !== 'write-snapshot' || room?.config.policy.privacy.subjects !== 'hidden') continue;
    expect(JSON.stringify(effect.snapshot), 'a hidden subject on disk').not.toContain('Talk');
  }
}

/** A room is given back once, from a meeting nobody came to, by a panel that knows what is what; and the glass had said so. */
function checkRelease(world: World, before: State, { room, clockOffset }: State, happening: Happening, done: Effect[]) {
  noteClock(world, before, happening);
  noteGlass(world, before, clockOffset, happening);
  for (const effect of done) {
    if (effect.kind !== 'release-room' || !room) continue;
    const { meeting, mayBeDone } = effect;
    const { policy } = room.config;
    const now = plus(world.now, clockOffset);
    if (meeting.when.kind !== 'timed' || policy.checkIn.kind === 'off') throw new Error('nobody was to check in to it');
    const { start, end } = meeting.when;
    const deadline = plus(start, policy.checkIn.grace);
    expect(policy.noShow, 'policy').toBe('release');
    expect(end - start, 'too long').toBeLessThan(policy.neverReleaseFrom);
    expect([meeting.bookingKey, meeting.isInvitedByUs], 'ours').toEqual([null, false]);
    expect(
      room.checkIns.map(c => c.meeting),
      'checked in',
    ).not.toContain(meeting.id);
    expect(trustAt(now, room.calendar, policy).kind, 'trust').toBe('fresh');
    expect(world.isClockSure, 'the clock is sure').toBe(true);
    expect(world.glassSince, 'a page is there').not.toBeNull();
    expect(now - deadline, 'before the deadline').toBeGreaterThanOrEqual(0);
    expect(now - deadline, 'too late').toBeLessThanOrEqual(minutes(2));
    const asked = { start: deadline, end: plus(now, milliseconds(1)) };
    const others = room.calendar.meetings.filter(
      m => m !== meeting && m.occupies !== 'none' && m.when.kind === 'timed',
    );
    expect(others.filter(m => m.when.kind === 'timed' && m.when.end > m.when.start && overlaps(m.when, asked))).toEqual(
      [],
    );
    const key = `${room.config.room.id} ${meeting.id} ${start}`;
    expect(world.released.has(key), 'a second time').toBe(mayBeDone);
    world.released.add(key);
    if (mayBeDone) continue;
    expect(world.glassSince, 'a page has been there from the start').toBeLessThanOrEqual(plus(start, seconds(90)));
    const { screen } = viewOf(before, plus(deadline, milliseconds(-1)));
    expect(screen.kind === 'room' && screen.view.status, 'said beforehand').toMatchObject({
      kind: 'awaiting-check-in',
      meeting: { id: meeting.id },
      isReleasedThen: true,
    });
  }
}

/** Kept apart from what the core makes of it. */
function noteClock(world: World, { room }: State, happening: Happening) {
  if (happening.kind === 'clock-jumped' || happening.kind === 'started') world.isClockSure = false;
  if (happening.kind !== 'calendar-read' || room?.calendar.poll.kind !== 'reading') return;
  const { outcome, effect } = happening;
  if (room.calendar.poll.effect === effect && outcome.kind === 'listed' && outcome.serverTime !== null)
    world.isClockSure = true;
}

function noteGlass(world: World, before: State, clockOffset: State['clockOffset'], happening: Happening) {
  if (happening.kind === 'glass-changed') world.glassSince = happening.isThere ? plus(world.now, clockOffset) : null;
  // By another clock it has been there since nobody knows when; what was asked for before does not count then anyway.
  const isClockOther = happening.kind === 'clock-jumped' || before.clockOffset !== clockOffset;
  if (isClockOther && world.glassSince !== null) world.glassSince = instant(0);
}

/** Whatever befell it: as soon as everything answers, the panel is paired, in touch and fresh, and does not run hot. */
function checkRecovery(before: State, now: Instant, lost: Effect[]) {
  // Without an address somebody has to type one.
  if (!before.isStarted || before.central.kind === 'none') return;
  const { state, now: later, events } = liveHonestly(before, now, minutes(30), lost);
  expect(events, 'events in half an hour').toBeLessThan(300);
  expect(state.central).toMatchObject({ kind: 'known', link: { kind: 'online' }, standing: { kind: 'paired' } });
  expect(state.configFetch.kind, 'config').toBe('idle');
  const { screen } = viewOf(state, later);
  expect(screen.kind === 'room' && screen.view.trust.kind).toBe('fresh');
  expect(screen.kind === 'room' && screen.view.room.id, 'the room central wants').toBe('room-1');
  expect(state.room?.noShow.release.kind, 'a release never settled').toBe('idle');
  expect(['submitted', 'held'], 'a booking never settled').not.toContain(state.room?.booking?.state.kind);
}

describe('whatever happens', () => {
  it(`holds in ${LIVES} random lives of ${EVENTS} events`, { timeout: 120_000 }, () => {
    const seed = seedOfThisRun();
    console.log(`core invariants: LINTEL_SEED=${seed}`);
    let releases = 0;
    for (let life = 0; life < LIVES; life++) {
      const dice = makeDice(seed + life);
      const world: World = {
        now: plus(at('2026-10-25T00:00:00Z'), minutes(Math.round(dice() * 2880))),
        pending: [],
        isCalm: life % 3 === 0,
        calendar: [],
        isClockSure: false,
        glassSince: null,
        released: new Set(),
        dice,
        count: 0,
      };
      let state = INITIAL_STATE;
      const told: string[] = [];
      const issued: Effect[] = [];
      try {
        for (; world.count < EVENTS; world.count++) {
          const happening = randomHappening(world, state);
          told.push(JSON.stringify(happening));
          const before = state;
          const after = step(before, { ...happening, at: plus(world.now, before.clockOffset), dice: dice() });
          state = after.state;
          issued.push(...after.effects);
          world.pending = [...world.pending, ...after.effects].slice(-12);
          check(world, state, happening, after.effects);
          checkRelease(world, before, state, happening, after.effects);
        }
        releases += world.released.size;
        if (life % RECOVERY_EVERY === 0) checkRecovery(state, world.now, issued);
      } catch (error) {
        throw new Error(
          `life ${life} of LINTEL_SEED=${seed}: ${error instanceof Error ? error.message : error}\n${told.slice(-6).join('\n')}`,
          { cause: error },
        );
      }
    }
    console.log(`core invariants: ${releases} rooms were given back`);
    expect(releases, 'lives in which a room was given back').toBeGreaterThan(LIVES / 200);
  });
});
