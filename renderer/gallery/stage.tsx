/** Shows one state with the production components, a frozen clock, and an agent that says its line and then nothing. */
import type { Bridge } from '../../src/contract/bridge/bridge.ts';
import type { Clock, Stop } from '../../src/contract/values/clock.ts';
import { type Duration, type Instant, plus, seconds } from '../../src/contract/values/time.ts';
import { App } from '../panel/app.tsx';
import { createPanel } from '../panel/model/panel-model.ts';
import { makePanelContext, type PanelContext } from '../panel/panel-context.ts';
import { type GalleryState, NOW } from './fixtures/build.ts';

export type Stage = { panel: PanelContext; passTime: (by: Duration) => void; stop: Stop };

export function makeStage(state: GalleryState): Stage {
  const clock = frozenClock(state.isSilent ? plus(NOW, seconds(-5)) : NOW);
  const model = createPanel({
    bridge: scriptedBridge(state, clock),
    clock,
    newId: () => 'gallery-tap',
    report: () => {},
  });
  return { panel: makePanelContext(model, clock), passTime: clock.pass, stop: model.stop };
}

export const StageApp = ({ stage }: { stage: Stage }) => <App panel={stage.panel} />;

type FrozenClock = Clock & { pass(by: Duration): void };

/** Moves only when told to; then every timer runs once, whatever it was set to. */
function frozenClock(start: Instant): FrozenClock {
  let now = start;
  const tasks = new Set<() => void>();
  return {
    now: () => now,
    after(_delay, task) {
      const entry = () => task();
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    pass(by) {
      now = plus(now, by);
      for (const task of [...tasks]) {
        tasks.delete(task);
        task();
      }
    },
  };
}

function scriptedBridge(state: GalleryState, clock: FrozenClock): Bridge {
  return {
    onView(listener) {
      // The silence began five seconds before the picture.
      if (state.isSilent) clock.pass(seconds(5));
      if (state.view !== null) listener(typeof state.view === 'string' ? state.view : JSON.stringify(state.view));
      return () => {};
    },
    onSilence(listener) {
      if (state.isSilent) listener(true);
      return () => {};
    },
    send() {},
  };
}
