/** Lives of a panel as the dice will have them: what may happen next, answered or not, in whatever order. */
import * as v from 'valibot';
import { Intent } from '../../src/contract/bridge/intent.ts';
import type { FindView } from '../../src/contract/bridge/view.ts';
import type { PanelConfig } from '../../src/contract/values/config.ts';
import { BookingKey, PanelId } from '../../src/contract/values/ids.ts';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { masked } from '../../src/contract/values/privacy.ts';
import {
  type Duration,
  hours,
  type Instant,
  minutes,
  PlainDate,
  plus,
  seconds,
  toIso,
} from '../../src/contract/values/time.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { Memory, Snapshot } from '../../src/core/remembered.ts';
import type { State } from '../../src/core/state.ts';
import { viewOf } from '../../src/core/view.ts';
import { hexFrom } from '../support/dice.ts';
import { at, config, eventId, MACHINE, meeting, PRIVACY } from '../support/samples.ts';

const SERIES = eventId('series-1');
const PANEL = v.parse(PanelId, 'P'.repeat(43));

export type World = {
  now: Instant;
  pending: Effect[];
  /** A life in which little goes wrong: so that what takes its time comes about too. */
  isCalm: boolean;
  /** What stands in a calm room's calendar. */
  calendar: Meeting[];
  /** Whether somebody has told the time since the start and since the clock last jumped. */
  isClockSure: boolean;
  /** Since when there has been a page without a break, as far as the clock can tell; null: there is none. */
  glassSince: Instant | null;
  /** Meetings the room was given back from, with their start, and how often. */
  released: Set<string>;
  dice: () => number;
  count: number;
};

function pick<T>({ dice }: World, ...options: [T, ...T[]]): T {
  return options[Math.floor(dice() * options.length)] ?? options[0];
}

function randomMeeting(world: World): Meeting {
  // Some begin soon, so that people are asked to check in to them.
  const away = world.isCalm ? 6 : pick(world, 600, 12);
  const start = plus(world.now, minutes(Math.round((world.dice() - (away === 600 ? 0.5 : 0.1)) * away)));
  const end = plus(start, minutes(Math.round(world.dice() * pick(world, 120, 120, 600))));
  const id = `event-${Math.floor(world.dice() * 30)}`;
  const isOurs = world.dice() < 0.3;
  const date = v.parse(PlainDate, toIso(world.now).slice(0, 10));
  const isAllDay = world.dice() < 0.05;
  return meeting(id, start, end, {
    ...(isAllDay ? { when: { kind: 'all-day', startDate: date, endDate: dayAfter(date) } } : {}),
    occupies: pick(world, 'busy', 'busy', 'tentative', 'none'),
    series: pick(world, null, SERIES),
    isInvitedByUs: world.dice() < 0.1,
    isRoomOrganizer: isOurs,
    bookingKey: isOurs ? v.parse(BookingKey, `lintel-${hexFrom(world.dice)}`) : null,
    title: pick<Meeting['title']>(world, { kind: 'none' }, { kind: 'private' }, { kind: 'public', text: 'Talk' }),
  });
}

const dayAfter = (date: PlainDate) => v.parse(PlainDate, toIso(plus(at(`${date}T00:00:00Z`), hours(24))).slice(0, 10));

const PIN = { salt: 's'.repeat(22), hash: 'h'.repeat(43) };

const RELEASING: Partial<Policy> = {
  checkIn: { kind: 'required', opensBefore: minutes(5), grace: minutes(3) },
  noShow: 'release',
};
const POLICIES: Partial<Policy>[] = [
  {},
  { checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } },
  { bookingMode: 'off', pin: PIN },
  { endEarly: 'off', longestBooking: minutes(30), pin: PIN },
  { privacy: { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true } },
  { dimming: { kind: 'outside-working-hours', brightness: 20 } },
  { bookingMode: 'invite', endEarly: 'decline', canFindRoom: false },
  { endEarly: 'shorten', ...RELEASING },
  // Read so seldom that what was read stays fresh all the while: there is much to release.
  { ...RELEASING, pollEvery: minutes(10), strikes: { kind: 'decline-series', after: 2 } },
  { ...RELEASING, pollEvery: minutes(10), neverReleaseFrom: minutes(60), strikes: { kind: 'tell', after: 2 } },
];
const VERSIONS = [11, 12, 13, 14, 15];
/** Made once: to parse a zone is the dearest thing in all these lives. */
const CONFIGS = ['room-1', 'room-2'].flatMap(room =>
  VERSIONS.flatMap(version => POLICIES.map(policy => config(policy, version, room))),
);
const PLAIN = config();
const CALM = config({ ...RELEASING, pollEvery: minutes(2), strikes: { kind: 'decline-series', after: 2 } });
const OFFERED = ['room-8', 'room-9'].map(id => ({ ...config({}, 1, id).room, equipment: ['Display'] }));

const randomConfig = ({ dice }: World): PanelConfig => CONFIGS[Math.floor(dice() * CONFIGS.length)] ?? PLAIN;

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
          state: {
            kind: 'paired',
            panel: PANEL,
            configVersion: Math.floor(world.dice() * 5) + 11,
            grant: pick(world, null, 'grant-1', 'grant-1', 'grant-2'),
          } as never,
        },
        {
          kind: 'config-pushed',
          effect: id,
          result: pick<(Happening & { kind: 'config-pushed' })['result']>(
            world,
            { kind: 'config', config: randomConfig(world) },
            { kind: 'config', config: randomConfig(world) },
            { kind: 'unusable', version: Math.floor(world.dice() * 5) + 11, why: 'x' },
          ),
        },
        {
          kind: 'command-received',
          effect: id,
          command: { id: 'c', kind: pick(world, 'identify', 'restart', 'collect-diagnostics') },
        },
        { kind: 'calendar-hinted', effect: id },
        {
          kind: 'panel-state-received',
          effect: id,
          state: { kind: pick(world, 'rejected', 'revoked', 'identity-conflict', 'code-expired'), panel: PANEL },
        },
      );
    case 'check-pin':
      return { kind: 'pin-checked', effect: id, isRight: world.dice() < 0.3 };
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
      const fetched = randomConfig(world);
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
      const { window, config: asked } = effect as Effect & { kind: 'fetch-calendar' };
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
      const meetings = Array.from({ length: Math.floor(world.dice() * 8) }, () =>
        // As a provider does, by the config it was asked with.
        masked(randomMeeting(world), asked.policy.privacy),
      );
      const serverTime = pick(world, null, world.now, plus(world.now, minutes(5)), plus(world.now, minutes(-5)));
      const age = pick(world, seconds(0), seconds(0), seconds(20), minutes(-5), hours(3));
      return { kind: 'calendar-read', effect: id, outcome: { kind: 'listed', window, meetings, serverTime, age } };
    }
    case 'release-room':
      return {
        kind: 'release-answered',
        effect: id,
        outcome: pick<(Happening & { kind: 'release-answered' })['outcome']>(
          world,
          { kind: 'released', isSeriesDeclined: world.dice() < 0.5, isRow: pick(world, null, true, false) },
          { kind: 'let-be' },
          { kind: 'failed', problem: 'unreachable', retryAfter: null, mayBeDone: true },
          { kind: 'failed', problem: 'throttled', retryAfter: seconds(40), mayBeDone: true },
        ),
      };
    case 'find-rooms':
      return {
        kind: 'rooms-found',
        effect: id,
        outcome: pick<(Happening & { kind: 'rooms-found' })['outcome']>(
          world,
          { kind: 'found', equipment: [], rooms: OFFERED, busy: OFFERED.map(o => ({ room: o.address, busy: [] })) },
          { kind: 'failed', why: pick(world, 'unreachable', 'central-away') },
        ),
      };
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
        { kind: 'failed', problem: 'unreachable', retryAfter: null, isOutcomeUnknown: world.dice() < 0.5 },
      );
      return { kind: 'booking-answered', effect: id, outcome };
    }
    case 'take-back-booking':
      return { kind: 'booking-taken-back', effect: id };
    default:
      return { kind: 'file-written', isDiskFull: world.dice() < 0.1 };
  }
}

function elsewhere({ now }: World, find: FindView | null) {
  if (find?.kind !== 'found') return { room: 'room-7', end: plus(now, minutes(30)) };
  return { room: find.rooms[0]?.room ?? 'room-7', end: find.end };
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
    { kind: 'dismiss-booking', id, booking: room?.booking?.intent ?? 'tap-0' },
    { kind: 'find-rooms', id, length: room?.findLengths[0] ?? minutes(25) },
    { kind: 'close-find', id },
    { kind: 'book-elsewhere', id, ...elsewhere(world, room?.find ?? null) },
    { kind: 'ask-new-code', id },
    { kind: 'enter-central', id, url: 'central.example' },
    { kind: 'open-service', id, pin: pick(world, null, '1234') },
    { kind: 'open-service', id, pin: '1234' },
    { kind: pick(world, 'close-service', 'restart', 'leave-central'), id },
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

/** Reads are answered, with the right time; the room's calendar changes now and then; time passes in small steps. */
function calmHappening(world: World): Happening {
  const asked = world.pending.findLast(e => e.kind === 'fetch-calendar' || e.kind === 'release-room');
  if (asked && world.dice() < 0.7) {
    world.pending = world.pending.filter(e => e !== asked);
    if (asked.kind === 'fetch-calendar') return calmRead(world, asked);
    return randomAnswer({ ...world, pending: [asked] }) ?? { kind: 'woke' };
  }
  if (world.dice() < 0.01) {
    world.now = plus(world.now, seconds(6));
    return { kind: 'clock-jumped', by: seconds(6) };
  }
  world.now = plus(world.now, pick<Duration>(world, seconds(1), seconds(20), seconds(40), seconds(60)));
  return { kind: 'woke' };
}

function calmRead(world: World, { id, window, config: asked }: Effect & { kind: 'fetch-calendar' }): Happening {
  if (world.calendar.length === 0 || world.dice() < 0.04) {
    world.calendar = Array.from({ length: 1 + Math.floor(world.dice() * 2) }, () => randomMeeting(world));
  }
  const meetings = world.calendar.map(meeting => masked(meeting, asked.policy.privacy));
  const serverTime = pick(world, world.now, null);
  const outcome = { kind: 'listed', window, meetings, serverTime, age: seconds(0) } as const;
  return { kind: 'calendar-read', effect: id, outcome };
}

export function randomHappening(world: World, state: State): Happening {
  if (!state.isStarted) {
    const known: Memory = {
      central: { url: 'https://c', ca: 'PEM', words: [] },
      config: world.isCalm ? CALM : pick(world, null, PLAIN, randomConfig(world)),
      pinTries: pick(world, 0, 0, 5, 60),
    };
    const memory = world.isCalm ? known : pick(world, null, known);
    const snapshot = pick<Snapshot | null>(world, null, {
      room: PLAIN.room.id,
      lastRead: plus(world.now, hours(-2)),
      window: { start: world.now, end: plus(world.now, hours(20)) },
      privacy: PRIVACY,
      meetings: [randomMeeting(world)],
      checkIns: [],
      held: null,
      withdrawals: [],
      settled: [],
      strikes: pick<Snapshot['strikes']>(
        world,
        [],
        [{ series: SERIES, count: 4, since: plus(world.now, hours(-90)), lastStart: plus(world.now, hours(-30)) }],
      ),
    });
    return {
      kind: 'started',
      machine: MACHINE,
      memory,
      snapshot,
      isSnapshotSetAside: false,
      found: pick(world, null, { url: 'c', ca: null, licenceKey: null }),
    };
  }
  if (world.dice() < (world.glassSince === null ? 0.3 : 0.01))
    return { kind: 'glass-changed', isThere: world.glassSince === null };
  if (world.isCalm && world.dice() < 0.96) return calmHappening(world);
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
