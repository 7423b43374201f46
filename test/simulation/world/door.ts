/** Whoever stands at a door: taps what the glass offers, and nothing else. */
import * as v from 'valibot';
import { Intent } from '../../../src/contract/bridge/intent.ts';
import type { RoomView, View } from '../../../src/contract/bridge/view.ts';
import type { EventId } from '../../../src/contract/values/ids.ts';
import { type Instant, minutes, plus } from '../../../src/contract/values/time.ts';
import type { Draw } from './draw.ts';

type Wish = Intent extends infer I ? (I extends { id: unknown } ? Omit<I, 'id'> : never) : never;

/** Null when there is nothing to tap. `machineNow`: the time by the machine the glass hangs on. */
export function nextTap(
  view: View,
  machineNow: Instant,
  draw: Draw,
  { count, isRush }: { count: number; isRush: boolean },
): Intent | null {
  if (view.screen.kind !== 'room') return null;
  const room = view.screen.view;
  const now = plus(machineNow, view.clockOffset);
  // The glass has turned stale by itself and offers what was there to be offered; taps are held then.
  // Looking for another room is always possible, and seldom what people came for.
  const wishes = wishesFor(room, now, draw).filter(wish => wish.kind !== 'find-rooms' || draw.chance(0.3));
  const urgent = wishes.filter(
    wish => wish.kind === 'book' || wish.kind === 'extend' || wish.kind === 'book-elsewhere',
  );
  const wish = draw.some(isRush && urgent.length > 0 ? urgent : wishes);
  return wish && v.parse(Intent, { ...wish, id: `tap-${count}` });
}

/** Somebody who came for one thing; null when the glass does not offer it. */
export function tapFor(kind: Wish['kind'], view: View, machineNow: Instant, draw: Draw, count: number): Intent | null {
  if (view.screen.kind !== 'room') return null;
  const wish = wishesFor(view.screen.view, plus(machineNow, view.clockOffset), draw).find(other => other.kind === kind);
  return wish ? v.parse(Intent, { ...wish, id: `tap-${count}` }) : null;
}

function wishesFor({ actions, status, booking, find }: RoomView, now: Instant, draw: Draw): Wish[] {
  const wishes: Wish[] = [];
  for (const { end } of actions.book) if (end > now) wishes.push({ kind: 'book', end });
  const meeting = currentOf(status);
  if (meeting !== null) {
    for (const { end } of actions.extend) if (end > now) wishes.push({ kind: 'extend', meeting, end });
    if (actions.canEndEarly) wishes.push({ kind: 'end-early', meeting });
  }
  const asked = status.kind === 'starting-soon' ? status.meeting.id : meeting;
  if (actions.canCheckIn && asked !== null) wishes.push({ kind: 'check-in', meeting: asked });
  if (booking && (wishes.length === 0 || draw.chance(0.2))) {
    wishes.push({ kind: 'dismiss-booking', booking: booking.intent });
  }
  return [...wishes, ...findWishes(actions.canFindRoom, find)];
}

function findWishes(canFind: boolean, find: RoomView['find']): Wish[] {
  if (find?.kind === 'found') {
    const [first] = find.rooms;
    return first ? [{ kind: 'book-elsewhere', room: first.room, end: find.end }] : [{ kind: 'close-find' }];
  }
  return canFind && find === null ? [{ kind: 'find-rooms', length: minutes(30) }] : [];
}

function currentOf(status: RoomView['status']): EventId | null {
  return status.kind === 'in-meeting' || status.kind === 'awaiting-check-in' ? status.meeting.id : null;
}
