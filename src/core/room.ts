/** Which room this panel shows: fetching and adopting its config, and letting go of it. */
import type { PanelConfig } from '../contract/values/config.ts';
import { type Instant, plus, seconds } from '../contract/values/time.ts';
import { unreadCalendar } from './calendar.ts';
import { windowAround } from './day.ts';
import type { Event } from './events.ts';
import { change, issue, type RoomState, type Turn } from './state.ts';

const RETRY = seconds(5);

/** The room's day must not stay on a panel that no longer belongs to it, nor on its disk. */
export function forgetRoom(turn: Turn): Turn {
  // Also without a room: a config under way was asked for under a pairing that is over.
  const forgotten = change(turn, { room: null, configFetch: { kind: 'idle' }, configRefused: null });
  return turn.state.room ? issue(forgotten, { kind: 'remove-snapshot' }).turn : forgotten;
}

export const newRoom = (config: PanelConfig, now: Instant): RoomState => ({
  config,
  calendar: unreadCalendar(now, windowAround(now, config.room.zone)),
  booking: null,
  checkIns: [],
  checkInIntent: null,
});

export function stepRoom(turn: Turn, event: Event): Turn {
  return fetchWhenBehind(event.kind === 'config-fetched' ? onFetched(turn, event) : turn, event.at);
}

function onFetched(turn: Turn, { result, at }: Event & { kind: 'config-fetched' }): Turn {
  const { configFetch } = turn.state;
  if (configFetch.kind !== 'fetching') return turn;
  switch (result.kind) {
    case 'config':
      return adopt(
        withTarget(change(turn, { configFetch: { kind: 'idle' }, configRefused: null }), result.config.version),
        result.config,
        at,
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

function adopt(turn: Turn, config: PanelConfig, now: Instant): Turn {
  const { room } = turn.state;
  const isSameRoom =
    room !== null && room.config.room.address === config.room.address && room.config.room.id === config.room.id;
  if (!isSameRoom) return change(forgetRoom(turn), { room: newRoom(config, now) });
  // A new zone, policy or access shows at once, and the calendar is read again under it.
  return change(turn, { room: { ...room, config, calendar: { ...room.calendar, poll: { kind: 'due', at: now } } } });
}

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
  if (central.kind !== 'known' || central.standing.kind !== 'paired') return turn;
  return change(turn, { central: { ...central, standing: { kind: 'paired', target } } });
}

function targetOf({ state: { central } }: Turn): number | null {
  return central.kind === 'known' && central.standing.kind === 'paired' ? central.standing.target : null;
}
