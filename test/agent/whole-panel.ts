/** A whole panel before a room in memory: the agent's loop, its core, and what changes the calendar. */
import { Agent } from '../../src/agent/agent.ts';
import { changeCalendar } from '../../src/agent/change-calendar.ts';
import { takeBack } from '../../src/agent/take-back.ts';
import type { RoomCalendar } from '../../src/calendar/room-calendar.ts';
import type { PanelConfig } from '../../src/contract/values/config.ts';
import type { Effect } from '../../src/core/effects.ts';
import type { Snapshot } from '../../src/core/remembered.ts';
import { CENTRAL } from '../core/harness.ts';
import { hexFrom } from '../support/dice.ts';
import { MACHINE } from '../support/samples.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

type Parts = { clock: VirtualClock; dice: () => number; calendar: RoomCalendar; config: PanelConfig };
/** What outlives a crash. */
export type Disk = { snapshot: Snapshot | null };

export function bootPanel({ clock, dice, calendar, config }: Parts, disk: Disk) {
  const dead = new AbortController();
  const run = async (effect: Effect): Promise<void> => {
    if (effect.kind === 'write-snapshot') disk.snapshot = effect.snapshot;
    if (effect.kind === 'fetch-calendar') {
      const { id, window } = effect;
      const listed = await calendar.list(window);
      const outcome = listed.kind === 'listed' ? { ...listed, window } : listed;
      agent.dispatch({ kind: 'calendar-read', effect: id, outcome });
    }
    if (effect.kind === 'submit-booking') {
      const outcome = await changeCalendar({ clock, calendar, signal: dead.signal }, effect, 'Walk-up');
      agent.dispatch({ kind: 'booking-answered', effect: effect.id, outcome });
    }
    if (effect.kind === 'take-back-booking') {
      await takeBack({ clock, calendar, signal: dead.signal }, effect, effect.within);
    }
  };
  const agent = new Agent({
    clock,
    randomHex: () => hexFrom(dice),
    dice,
    run: effect => void run(effect).catch(() => {}),
  });
  agent.dispatch({
    kind: 'started',
    machine: MACHINE,
    memory: { central: CENTRAL, config, pinTries: 0 },
    snapshot: disk.snapshot,
    isSnapshotSetAside: false,
    found: null,
  });
  const crash = () => {
    dead.abort(new Error('crash'));
    agent.stop();
  };
  return { agent, crash };
}
