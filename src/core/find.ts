/**
 * Looking for another room that is free now.
 *   closed (null) -> searching -> found | failed -> closed ; closes by itself
 * A list is less than a minute old, and only says where to ask: a room is looked into again before it is booked.
 */
import type { FindView, FoundRoom } from '../contract/bridge/view.ts';
import type { IntentId, RoomAddress } from '../contract/values/ids.ts';
import type { OfferedRoom, Room } from '../contract/values/room.ts';
import {
  type Duration,
  earliest,
  hours,
  type Instant,
  latest,
  overlaps,
  plus,
  type Span,
  seconds,
} from '../contract/values/time.ts';
import { isBusy } from './booking.ts';
import { floorToMinute } from './day.ts';
import type { Event, FindOutcome, RoomBusy } from './events.ts';
import { canBook } from './offers.ts';
import { changeRoom, issue, type RoomState, type Turn } from './state.ts';

/** Nobody has touched it for so long: whoever looked has gone, and the glass shows its own room again. */
const OPEN_FOR = seconds(45);
/** Far enough to say until when a room stays free. */
const LOOK_AHEAD = hours(8);
const MOST_SHOWN = 12;

export function stepFind(turn: Turn, event: Event): Turn {
  const { room } = turn.state;
  if (!room) return turn;
  if (event.kind === 'intent-received') {
    const { intent } = event;
    if (intent.kind === 'find-rooms') return search(turn, room, intent.id, intent.length, event.at);
    // Booked from the list, or closed: either way it has done its duty.
    const isOver = intent.kind === 'close-find' || (intent.kind === 'book-elsewhere' && isBusy(room.booking));
    return isOver && room.find ? changeRoom(turn, { find: null }) : turn;
  }
  const { find } = room;
  if (!find) return turn;
  if (event.at >= find.closesAt || findLengths(room).length === 0) return changeRoom(turn, { find: null });
  if (event.kind !== 'rooms-found' || find.state.kind !== 'searching') return turn;
  const { outcome } = event;
  if (outcome.kind === 'failed') return changeRoom(turn, { find: { ...find, state: outcome } });
  const span = { start: floorToMinute(event.at), end: plus(floorToMinute(event.at), find.length) };
  const rooms = rank(outcome, room.config.room, span);
  const shown = new Set(rooms.map(r => r.room));
  const offered = outcome.rooms.filter(r => shown.has(r.id));
  return changeRoom(turn, { find: { ...find, state: { kind: 'found', at: event.at, end: span.end, offered, rooms } } });
}

function search(turn: Turn, room: RoomState, intent: IntentId, length: Duration, now: Instant): Turn {
  if (isBusy(room.booking) || !findLengths(room).includes(length)) return turn;
  const start = floorToMinute(now);
  const window = { start, end: latest(plus(start, LOOK_AHEAD), plus(now, length)) };
  const issued = issue(turn, { kind: 'find-rooms', config: room.config, window });
  const state = { kind: 'searching', effect: issued.id } as const;
  return changeRoom(issued.turn, { find: { intent, length, closesAt: plus(now, OPEN_FOR), state } });
}

/** Shortest first; none where another room may not be booked from here. */
export function findLengths({ config }: RoomState): Duration[] {
  const { policy } = config;
  if (!policy.canFindRoom || !canBook(config)) return [];
  return policy.walkUps.filter(length => length <= policy.longestBooking).sort((a, b) => a - b);
}

export function findView({ find }: RoomState): FindView | null {
  if (!find) return null;
  const { length, state } = find;
  switch (state.kind) {
    case 'searching':
      return { kind: 'searching', length };
    case 'found':
      return { kind: 'found', length, at: state.at, end: state.end, rooms: state.rooms };
    case 'failed':
      return { kind: 'failed', length, why: state.why };
  }
}

export const findWakeUps = ({ find }: RoomState): Instant[] => (find ? [find.closesAt] : []);

/** Rooms free for the whole of `wanted`, best first: near, with what our room has, no larger than need be. */
export function rank(found: FindOutcome & { kind: 'found' }, ours: Room, wanted: Span): FoundRoom[] {
  const busy = new Map<RoomAddress, RoomBusy['busy']>(found.busy.map(b => [b.room, b.busy]));
  return found.rooms
    .flatMap(offered => {
      const taken = busy.get(offered.address) ?? null;
      // Of a room nobody could look into nothing is known, and it is not offered.
      if (taken === null || taken.some(b => overlaps(b.span, wanted))) return [];
      const nearness = nearnessOf(offered, ours);
      return [{ offered, nearness, freeUntil: nextStart(taken, wanted), key: keyOf(offered, nearness, found, ours) }];
    })
    .sort((a, b) => compare(a.key, b.key) || (a.offered.name < b.offered.name ? -1 : 1))
    .slice(0, MOST_SHOWN)
    .map(({ offered, nearness, freeUntil }) => {
      const { id, name, building, floor, capacity, equipment } = offered;
      return { room: id, name, building, floor, capacity, equipment, freeUntil, nearness };
    });
}

/** Where no building has a name there is one; that two rooms are on one floor takes a name for it. */
function nearnessOf(offered: OfferedRoom, ours: Room): FoundRoom['nearness'] {
  if (offered.building !== ours.building) return 'elsewhere';
  if (offered.floor !== null && offered.floor === ours.floor) return 'floor';
  return ours.building === null ? 'elsewhere' : 'building';
}

const NEARNESS = { floor: 0, building: 1, elsewhere: 2 } as const;

function keyOf(
  { equipment, capacity }: OfferedRoom,
  nearness: FoundRoom['nearness'],
  { equipment: wanted }: FindOutcome & { kind: 'found' },
  ours: Room,
): number[] {
  const has = new Set(equipment.map(e => e.toLowerCase()));
  const missing = wanted.filter(e => !has.has(e.toLowerCase())).length;
  // Large enough, the smallest first; then those too small, the largest first; then those nobody knows of.
  const size = capacity ?? 0;
  const isLargeEnough = capacity !== null && size >= (ours.capacity ?? 0);
  return [NEARNESS[nearness], missing, isLargeEnough ? 0 : 1, isLargeEnough ? size : -size];
}

const compare = (a: number[], b: number[]) => a.reduce((order, n, i) => order || n - (b[i] ?? 0), 0);

function nextStart(taken: NonNullable<RoomBusy['busy']>, wanted: Span): Instant | null {
  const [first, ...rest] = taken.map(b => b.span.start).filter(start => start >= wanted.end);
  return first === undefined ? null : earliest(first, ...rest);
}
