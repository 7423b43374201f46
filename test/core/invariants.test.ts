/**
 * Random lives of a panel: whatever happens in whatever order, some things are never so. Replay with LINTEL_SEED.
 */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Intent } from '../../src/contract/bridge/intent.ts';
import { View } from '../../src/contract/bridge/view.ts';
import { BookingKey, PanelId } from '../../src/contract/values/ids.ts';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import {
  type Duration,
  hours,
  type Instant,
  minutes,
  overlaps,
  plus,
  seconds,
} from '../../src/contract/values/time.ts';
import { freshFor } from '../../src/core/calendar.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { Memory, Snapshot } from '../../src/core/remembered.ts';
import type { State } from '../../src/core/state.ts';
import { INITIAL_STATE, step } from '../../src/core/step.ts';
import { viewOf } from '../../src/core/view.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { hexFrom, makeDice, seedOfThisRun } from '../support/dice.ts';
import { at, config, meeting } from '../support/samples.ts';
import { liveHonestly } from './honest-world.ts';

const LIVES = Number(process.env.LINTEL_LIVES ?? 10_000);
const EVENTS = 40;
/** Half an hour of recovery costs as much as several lives. */
const RECOVERY_EVERY = 20;
const PANEL = v.parse(PanelId, 'P'.repeat(43));

type World = {
  now: Instant;
  pending: Effect[];
  knownIds: Set<string>;
  trueReadAt: Instant | null;
  dice: () => number;
  count: number;
};

function pick<T>({ dice }: World, ...options: [T, ...T[]]): T {
  return options[Math.floor(dice() * options.length)] ?? options[0];
}

function randomMeeting(world: World): Meeting {
  const start = plus(world.now, minutes(Math.round((world.dice() - 0.5) * 600)));
  const end = plus(start, minutes(Math.round(world.dice() * 120)));
  const id = `event-${Math.floor(world.dice() * 30)}`;
  const isOurs = world.dice() < 0.3;
  return meeting(id, start, end, {
    occupies: pick(world, 'busy', 'busy', 'tentative', 'none'),
    isRoomOrganizer: isOurs,
    bookingKey: isOurs ? v.parse(BookingKey, `lintel-${hexFrom(world.dice)}`) : null,
    title: pick<Meeting['title']>(world, { kind: 'none' }, { kind: 'private' }, { kind: 'public', text: 'Talk' }),
  });
}

/** An answer to one of the questions the core has asked, now or long ago. */
function randomAnswer(world: World): Happening | null {
  const effect = world.pending[Math.floor(world.dice() * world.pending.length)];
  if (!effect) return null;
  const { id } = effect;
  switch (effect.kind as Deed['kind']) {
    case 'probe-central':
      return {
        kind: 'central-probed',
        effect: id,
        result: pick<(Happening & { kind: 'central-probed' })['result']>(
          world,
          { kind: 'central', url: 'https://c', ca: 'PEM', words: ['a', 'b', 'c', 'd'] },
          { kind: 'failed', problem: 'unreachable' },
        ),
      };
    case 'open-link':
      return pick<Happening>(
        world,
        { kind: 'link-opened', effect: id },
        {
          kind: 'link-closed',
          effect: id,
          problem: pick(world, 'unreachable', 'certificate-changed', 'version-unsupported'),
          retryAfter: pick(world, null, seconds(7)),
        },
        {
          kind: 'panel-state-received',
          effect: id,
          state: { kind: 'awaiting-approval', panel: PANEL, code: 'BCDFGHJK', expires: plus(world.now, minutes(10)) },
        },
        {
          kind: 'panel-state-received',
          effect: id,
          state: { kind: 'paired', panel: PANEL, configVersion: Math.floor(world.dice() * 5) + 11 } as never,
        },
        {
          kind: 'panel-state-received',
          effect: id,
          state: { kind: pick(world, 'rejected', 'revoked', 'identity-conflict', 'code-expired'), panel: PANEL },
        },
      );
    case 'submit-licence-key':
      return {
        kind: 'licence-answered',
        effect: id,
        answer: pick(
          world,
          { kind: 'failed' } as const,
          { kind: 'refused', why: 'key-in-use' } as const,
          { kind: 'choose-room', rooms: [] } as const as never,
        ),
      };
    case 'fetch-config': {
      const fetched = config(
        pick(world, {}, { checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } as const }),
        Math.floor(world.dice() * 5) + 11,
        pick(world, 'room-1', 'room-2'),
      );
      return {
        kind: 'config-fetched',
        effect: id,
        result: pick<(Happening & { kind: 'config-fetched' })['result']>(
          world,
          { kind: 'config', config: fetched },
          { kind: 'config', config: fetched },
          { kind: 'unusable', why: 'x' },
          { kind: 'failed' },
        ),
      };
    }
    case 'fetch-calendar': {
      const { window } = effect as Effect & { kind: 'fetch-calendar' };
      if (world.dice() < 0.3)
        return {
          kind: 'calendar-read',
          effect: id,
          outcome: {
            kind: 'failed',
            problem: pick(world, 'unreachable', 'throttled', 'sign-in-needed'),
            retryAfter: pick(world, null, minutes(10)),
          },
        };
      const meetings = Array.from({ length: Math.floor(world.dice() * 8) }, () => randomMeeting(world));
      const serverTime = pick(world, null, world.now, plus(world.now, minutes(5)), plus(world.now, minutes(-5)));
      return { kind: 'calendar-read', effect: id, outcome: { kind: 'listed', window, meetings, serverTime } };
    }
    case 'submit-booking': {
      const { key, span } = effect as Effect & { kind: 'submit-booking' };
      const stored = {
        ...meeting(`booked-${world.count}`, span.start, span.end),
        bookingKey: key,
        isRoomOrganizer: true,
      };
      const outcome = pick<(Happening & { kind: 'booking-answered' })['outcome']>(
        world,
        { kind: 'confirmed', meeting: stored },
        { kind: 'refused', why: 'slot-taken' },
        { kind: 'failed', problem: 'unreachable', retryAfter: null },
      );
      if (outcome.kind === 'confirmed') world.knownIds.add(stored.id);
      return { kind: 'booking-answered', effect: id, outcome };
    }
    default:
      return { kind: 'file-written', isDiskFull: world.dice() < 0.1 };
  }
}

function randomIntent(world: World, state: State): Happening {
  const id = `tap-${world.count}`;
  const view = viewOf(state, world.now);
  const room = view.screen.kind === 'room' ? view.screen.view : null;
  const target = room?.day.meetings[Math.floor(world.dice() * (room.day.meetings.length + 1))]?.id ?? 'event-1';
  const input = pick<v.InferInput<typeof Intent>>(
    world,
    { kind: 'book', id, end: room?.actions.book[0]?.end ?? plus(world.now, minutes(30)) },
    { kind: 'book', id, end: plus(world.now, minutes(Math.round((world.dice() - 0.2) * 400))) },
    { kind: 'extend', id, meeting: target, end: plus(world.now, minutes(Math.round(world.dice() * 90))) },
    { kind: 'end-early', id, meeting: target },
    { kind: 'check-in', id, meeting: target },
    { kind: 'dismiss-booking', id },
    { kind: 'ask-new-code', id },
    { kind: 'enter-central', id, url: 'central.example' },
    {
      kind: 'enter-licence-key',
      id,
      key: makeLicenceKey(Array.from({ length: 24 }, () => Math.floor(world.dice() * 32))),
    },
  );
  return {
    kind: 'intent-received',
    intent: v.parse(Intent, input),
    key: v.parse(BookingKey, `lintel-${hexFrom(world.dice)}`),
  };
}

function randomHappening(world: World, state: State): Happening {
  if (!state.isStarted) {
    const memory = pick<Memory | null>(world, null, {
      central: { url: 'https://c', ca: 'PEM', words: [] },
      config: pick(world, null, config()),
    });
    const snapshot = pick<Snapshot | null>(world, null, {
      room: config().room.id,
      lastRead: plus(world.now, hours(-2)),
      window: { start: world.now, end: plus(world.now, hours(20)) },
      meetings: [randomMeeting(world)],
      checkIns: [],
      held: null,
    });
    return {
      kind: 'started',
      mac: null,
      memory,
      snapshot,
      isSnapshotSetAside: false,
      found: pick(world, null, { url: 'c', ca: null, licenceKey: null }),
    };
  }
  const roll = world.dice();
  if (roll < 0.55) return randomAnswer(world) ?? { kind: 'woke' };
  if (roll < 0.75) return randomIntent(world, state);
  if (roll < 0.78) {
    const by = minutes(Math.round((world.dice() - 0.5) * 60));
    world.now = plus(world.now, by);
    return { kind: 'clock-jumped', by };
  }
  world.now = plus(world.now, pick<Duration>(world, seconds(1), seconds(31), minutes(3), hours(1)));
  return { kind: 'woke' };
}

function check(world: World, state: State, happening: Happening) {
  const now = plus(world.now, state.clockOffset);
  const view = viewOf(state, now);
  v.parse(v.omit(View, ['seq']), view);
  if (view.screen.kind === 'room') {
    const { trust, status, booking, day, actions } = view.screen.view;
    if (trust.kind === 'fresh') {
      expect(now, 'fresh although the last good read is older than the limit').toBeLessThan(
        trust.lastRead + freshFor(config().policy),
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
  expect(['submitted', 'held'], 'a booking never settled').not.toContain(state.room?.booking?.state.kind);
}

describe('whatever happens', () => {
  it(`holds in ${LIVES} random lives of ${EVENTS} events`, { timeout: 120_000 }, () => {
    const seed = seedOfThisRun();
    console.log(`core invariants: LINTEL_SEED=${seed}`);
    for (let life = 0; life < LIVES; life++) {
      const dice = makeDice(seed + life);
      const world: World = {
        now: plus(at('2026-10-25T00:00:00Z'), minutes(Math.round(dice() * 2880))),
        pending: [],
        knownIds: new Set(),
        trueReadAt: null,
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
          const after = step(state, { ...happening, at: plus(world.now, state.clockOffset), dice: dice() });
          state = after.state;
          issued.push(...after.effects);
          world.pending = [...world.pending, ...after.effects].slice(-12);
          check(world, state, happening);
        }
        if (life % RECOVERY_EVERY === 0) checkRecovery(state, world.now, issued);
      } catch (error) {
        throw new Error(
          `life ${life} of LINTEL_SEED=${seed}: ${error instanceof Error ? error.message : error}\n${told.slice(-6).join('\n')}`,
          { cause: error },
        );
      }
    }
  });
});
