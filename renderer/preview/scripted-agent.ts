import type { Bridge } from '../../src/contract/bridge/bridge.ts';
import type { View } from '../../src/contract/bridge/view.ts';
import type { Clock } from '../../src/contract/values/clock.ts';
import { type Instant, instant } from '../../src/contract/values/time.ts';

export type Scene = { now: Instant; view: View };

/** An agent that says what it is told to and hears nothing, in a world where no time passes between two scenes. */
export function scriptedAgent(): { bridge: Bridge; clock: Clock; say: (scene: Scene) => void } {
  const listeners = new Set<(json: string) => void>();
  let now = instant(0);
  return {
    bridge: {
      onView(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onSilence: () => () => {},
      send() {},
    },
    clock: { now: () => now, after: () => () => {} },
    say(scene) {
      now = scene.now;
      for (const listener of listeners) listener(JSON.stringify(scene.view));
    },
  };
}
