/** An agent that answers at once and changes nothing: what is measured is the page and the shell. */
import type { AgentPort } from '../../src/contract/bridge/bridge.ts';
import type { Intent } from '../../src/contract/bridge/intent.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import { minutes, plus } from '../../src/contract/values/time.ts';
import { newRoom } from '../../src/core/room.ts';
import { INITIAL_STATE, type State } from '../../src/core/state.ts';
import { viewOf } from '../../src/core/view.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { bookingKey, config, meeting } from '../support/samples.ts';

const clock = makeSystemClock();

export function makeToyAgent(): AgentPort {
  const now = clock.now();
  const room = newRoom(config(), now);
  const meetings = [-300, -200, -90, 120, 200, 300].map((m, i) =>
    meeting(`m${i}`, plus(now, minutes(m)), plus(now, minutes(m + 45))),
  );
  const base: State = {
    ...INITIAL_STATE,
    isStarted: true,
    room: { ...room, calendar: { ...room.calendar, lastRead: now, meetings } },
  };
  const listeners = new Set<(view: View) => void>();
  let seq = 1;
  let view: View = { ...viewOf(base, now), seq };
  const show = (state: State) => {
    view = { ...viewOf(state, clock.now()), seq: ++seq };
    for (const listener of listeners) listener(view);
  };
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    intend(intent: Intent) {
      if (intent.kind === 'dismiss-booking') return show(base);
      if (intent.kind !== 'book' || !base.room) return;
      const span = { start: now, end: intent.end };
      const state = { kind: 'refused', why: 'slot-taken', until: plus(now, minutes(60)) } as const;
      show({
        ...base,
        room: {
          ...base.room,
          booking: { intent: intent.id, key: bookingKey(1), action: { kind: 'book' }, span, state },
        },
      });
    },
  };
}
