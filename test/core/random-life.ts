/** Lives of a panel as the dice will have them: what may happen next, answered or not, in whatever order. */
import * as v from 'valibot';
import { Intent } from '../../src/contract/bridge/intent.ts';
import type { PanelConfig } from '../../src/contract/values/config.ts';
import { BookingKey, PanelId } from '../../src/contract/values/ids.ts';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import type { Meeting } from '../../src/contract/values/meeting.ts';
import type { Policy } from '../../src/contract/values/policy.ts';
import { masked } from '../../src/contract/values/privacy.ts';
import { type Duration, hours, type Instant, minutes, plus, seconds } from '../../src/contract/values/time.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { Memory, Snapshot } from '../../src/core/remembered.ts';
import type { State } from '../../src/core/state.ts';
import { viewOf } from '../../src/core/view.ts';
import { hexFrom } from '../support/dice.ts';
import { config, MACHINE, meeting, PRIVACY } from '../support/samples.ts';

const PANEL = v.parse(PanelId, 'P'.repeat(43));

export type World = {
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

const PIN = { salt: 's'.repeat(22), hash: 'h'.repeat(43) };

const POLICIES: Partial<Policy>[] = [
  {},
  { checkIn: { kind: 'required', opensBefore: minutes(10), grace: minutes(10) } },
  { bookingMode: 'off', pin: PIN },
  { endEarly: 'off', longestBooking: minutes(30), pin: PIN },
  { privacy: { subjects: 'hidden', organizers: 'hidden', isPersonalPrivate: true } },
  { dimming: { kind: 'outside-working-hours', brightness: 20 } },
];
const VERSIONS = [11, 12, 13, 14, 15];
/** Made once: to parse a zone is the dearest thing in all these lives. */
const CONFIGS = ['room-1', 'room-2'].flatMap(room =>
  VERSIONS.flatMap(version => POLICIES.map(policy => config(policy, version, room))),
);
const PLAIN = config();

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

export function randomHappening(world: World, state: State): Happening {
  if (!state.isStarted) {
    const memory = pick<Memory | null>(world, null, {
      central: { url: 'https://c', ca: 'PEM', words: [] },
      config: pick(world, null, PLAIN, randomConfig(world)),
      pinTries: pick(world, 0, 0, 5, 60),
    });
    const snapshot = pick<Snapshot | null>(world, null, {
      room: PLAIN.room.id,
      lastRead: plus(world.now, hours(-2)),
      window: { start: world.now, end: plus(world.now, hours(20)) },
      privacy: PRIVACY,
      meetings: [randomMeeting(world)],
      checkIns: [],
      held: null,
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
