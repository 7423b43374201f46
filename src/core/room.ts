/** Which room this panel shows: fetching and adopting its config, and letting go of it. */
import type { PanelConfig } from '../contract/values/config.ts';
import { maskedAnew } from '../contract/values/privacy.ts';
import { earliest, type Instant, plus, seconds } from '../contract/values/time.ts';
import { unreadCalendar } from './calendar.ts';
import { jittered, windowAround } from './day.ts';
import type { Event } from './events.ts';
import { NOBODY_MISSED } from './no-show.ts';
import { type Calendar, change, issue, NO_TRIES, type RoomState, type Turn } from './state.ts';

const RETRY = seconds(5);

/** The room's day must not stay on a panel that no longer belongs to it, nor on its disk. */
export function forgetRoom(turn: Turn): Turn {
  // Also without a room: a config under way was asked for under a pairing that is over.
  const forgotten = change(turn, { room: null, configFetch: { kind: 'idle' }, configRefused: null, grant: null });
  return turn.state.room ? issue(forgotten, { kind: 'remove-snapshot' }).turn : forgotten;
}

export const newRoom = (config: PanelConfig, now: Instant): RoomState => ({
  config,
  calendar: unreadCalendar(now, windowAround(now, config.room.zone)),
  booking: null,
  withdrawals: [],
  checkIns: [],
  checkInIntent: null,
  noShow: NOBODY_MISSED,
  find: null,
  knownFrom: now,
});

export function stepRoom(turn: Turn, event: Event): Turn {
  return fetchWhenBehind(onConfig(turn, event), event.at);
}

function onConfig(turn: Turn, event: Event): Turn {
  switch (event.kind) {
    case 'config-fetched':
      return onFetched(turn, event);
    case 'config-pushed':
      return onPushed(turn, event);
    default:
      return turn;
  }
}

/** Newer than whatever is being fetched, which nobody waits for any more. Central sends it to paired panels only. */
function onPushed(turn: Turn, { result, at, dice }: Event & { kind: 'config-pushed' }): Turn {
  const idle = change(turn, { configFetch: { kind: 'idle' } });
  if (result.kind === 'unusable') return change(idle, { configRefused: { version: result.version, why: result.why } });
  const { config } = result;
  const wanted = withTarget(change(idle, { configRefused: null }), config.version);
  // After every reconnection the same one comes again.
  return JSON.stringify(config) === JSON.stringify(turn.state.room?.config) ? wanted : adopt(wanted, config, at, dice);
}

function onFetched(turn: Turn, { result, at, dice }: Event & { kind: 'config-fetched' }): Turn {
  const { configFetch } = turn.state;
  if (configFetch.kind !== 'fetching') return turn;
  switch (result.kind) {
    case 'config':
      return adopt(
        withTarget(change(turn, { configFetch: { kind: 'idle' }, configRefused: null }), result.config.version),
        result.config,
        at,
        dice,
      );
    // The last good config stays; central is told why, and asked again only when it has something newer.
    case 'unusable':
      return change(turn, {
        configFetch: { kind: 'idle' },
        configRefused: { version: configFetch.target, why: result.why },
      });
    case 'failed':
      return change(turn, { configFetch: { kind: 'retry', at: plus(at, RETRY) } });
  }
}

function adopt(before: Turn, config: PanelConfig, now: Instant, dice: number): Turn {
  const { room } = before.state;
  const turn = isSame(room?.config.policy.pin, config.policy.pin) ? before : withNewPin(before);
  const isSameRoom =
    room !== null && room.config.room.address === config.room.address && room.config.room.id === config.room.id;
  if (!isSameRoom) return change(forgetRoom(turn), { room: newRoom(config, now) });
  return change(turn, { room: { ...room, config, calendar: calendarUnder(room, config, now, dice) } });
}

/** What is hidden from now on is hidden at once. A whole fleet reads at once only when it must be read otherwise. */
function calendarUnder(
  { config: old, calendar }: RoomState,
  config: PanelConfig,
  now: Instant,
  dice: number,
): Calendar {
  const meetings = maskedAnew(calendar.meetings, old.policy.privacy, config.policy.privacy);
  if (!isSame(readBy(old), readBy(config))) return { ...calendar, meetings, poll: { kind: 'due', at: now } };
  const { poll, problem } = calendar;
  // A provider that told us to wait is waited for.
  if (poll.kind === 'reading' || problem !== null) return { ...calendar, meetings };
  const soon = plus(now, jittered(config.policy.pollEvery, dice));
  return { ...calendar, meetings, poll: { kind: 'due', at: earliest(poll.at, soon) } };
}

const readBy = ({ room, access, extraCa, policy }: PanelConfig) => ({ room, access, extraCa, privacy: policy.privacy });

/** Whoever was in must show that they know the new one, and nobody is locked out for having tried the old one. */
const withNewPin = (turn: Turn): Turn => change(turn, { service: { kind: 'closed' }, pinTries: NO_TRIES });

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function fetchWhenBehind(turn: Turn, now: Instant): Turn {
  const { configFetch, configRefused, room, central } = turn.state;
  const target = targetOf(turn);
  if (central.kind !== 'known' || central.link.kind !== 'online') return turn;
  const isUpToDate = target === null || room?.config.version === target || configRefused?.version === target;
  if (isUpToDate) return configFetch.kind === 'retry' ? change(turn, { configFetch: { kind: 'idle' } }) : turn;
  if (configFetch.kind === 'fetching' || (configFetch.kind === 'retry' && now < configFetch.at)) return turn;
  const issued = issue(turn, { kind: 'fetch-config' });
  return change(issued.turn, { configFetch: { kind: 'fetching', effect: issued.id, target } });
}

/** What central hands out is what it wants, also when it is older than before: central may have been restored from a backup. */
function withTarget(turn: Turn, target: number): Turn {
  const { central } = turn.state;
  // Who of two owners of one identity is meant an admin has yet to say.
  if (central.kind !== 'known' || central.standing.kind === 'identity-conflict') return turn;
  return change(turn, { central: { ...central, standing: { kind: 'paired', target } } });
}

function targetOf({ state: { central } }: Turn): number | null {
  return central.kind === 'known' && central.standing.kind === 'paired' ? central.standing.target : null;
}
