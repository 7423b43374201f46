/** An agent that answers at once and changes nothing: what is measured is the page and the shell. */
import * as v from 'valibot';
import type { AgentPort } from '../../src/contract/bridge/bridge.ts';
import type { Intent } from '../../src/contract/bridge/intent.ts';
import type { BookingView, FoundRoom, RoomView, View } from '../../src/contract/bridge/view.ts';
import { RoomId } from '../../src/contract/values/ids.ts';
import { type Instant, minutes, plus } from '../../src/contract/values/time.ts';
import { newRoom } from '../../src/core/room.ts';
import { INITIAL_STATE, type State } from '../../src/core/state.ts';
import { viewOf } from '../../src/core/view.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { config, meeting } from '../support/samples.ts';

const OTHERS: FoundRoom[] = Array.from({ length: 12 }, (_, i) => ({
  room: v.parse(RoomId, `other-${i}`),
  name: `Room ${i}`,
  building: 'Harbour',
  floor: '4',
  capacity: 8,
  equipment: ['Display'],
  freeUntil: null,
  nearness: 'floor',
}));

export function makeToyAgent(): AgentPort {
  const clock = makeSystemClock();
  const now = clock.now();
  const room = newRoom(config(), now);
  const meetings = [-300, -200, -90, 120, 200, 300].map((m, i) =>
    meeting(`m${i}`, plus(now, minutes(m)), plus(now, minutes(m + 45))),
  );
  /** The calendar was read just now, whenever that is. */
  const stateAt = (lastRead: Instant): State => ({
    ...INITIAL_STATE,
    isStarted: true,
    room: { ...room, calendar: { ...room.calendar, lastRead, meetings } },
  });
  const listeners = new Set<(view: View) => void>();
  let seq = 1;
  let view: View = { ...viewOf(stateAt(now), now), seq };
  const show = (change: Partial<RoomView>) => {
    const at = clock.now();
    const { screen, ...rest } = viewOf(stateAt(at), at);
    if (screen.kind !== 'room') throw new Error('the toy agent has a room');
    view = { ...rest, screen: { ...screen, view: { ...screen.view, ...change } }, seq: ++seq };
    for (const listener of listeners) listener(view);
  };
  const refuse = (intent: Intent & { kind: 'book' | 'book-elsewhere' }) => {
    const other = OTHERS.find(o => intent.kind === 'book-elsewhere' && o.room === intent.room);
    const booking: BookingView = {
      intent: intent.id,
      action: other ? { ...other, kind: 'book-elsewhere' } : { kind: 'book' },
      span: { start: now, end: intent.end },
      state: { kind: 'refused', why: 'slot-taken' },
    };
    show({ booking });
  };
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    glass() {},
    intend(intent: Intent) {
      if (intent.kind === 'book' || intent.kind === 'book-elsewhere') return refuse(intent);
      if (intent.kind !== 'find-rooms') return show({});
      const { length } = intent;
      const at = clock.now();
      show({ find: { kind: 'found', length, at, end: plus(at, length), rooms: OTHERS } });
    },
  };
}
