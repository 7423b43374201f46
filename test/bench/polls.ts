/** One quiet hour of the real agent under a virtual clock: how often would it have asked Graph? */
import { Agent } from '../../src/agent/agent.ts';
import { hours, instant, milliseconds } from '../../src/contract/values/time.ts';
import { CENTRAL } from '../core/harness.ts';
import { hexFrom, makeDice } from '../support/dice.ts';
import { config, MACHINE } from '../support/samples.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import type { Figures } from './main.ts';

export async function pollsAnHour(): Promise<Figures> {
  const clock = new VirtualClock(instant(1_795_000_000_000));
  const dice = makeDice(1);
  let reads = 0;
  const agent = new Agent({
    clock,
    dice,
    randomHex: () => hexFrom(dice),
    run: (effect, dispatch) => {
      if (effect.kind !== 'fetch-calendar') return;
      reads++;
      const { id, window } = effect;
      void Promise.resolve().then(() =>
        dispatch({
          kind: 'calendar-read',
          effect: id,
          outcome: { kind: 'listed', window, meetings: [], serverTime: null, age: milliseconds(0) },
        }),
      );
    },
  });
  agent.dispatch({
    kind: 'started',
    machine: MACHINE,
    memory: { central: CENTRAL, config: config(), pinTries: 0 },
    snapshot: null,
    isSnapshotSetAside: false,
    found: null,
  });
  await clock.advance(hours(10));
  agent.stop();
  return { graphRequestsAnHour: { value: reads / 10, limit: 130, unit: 'requests' } };
}
