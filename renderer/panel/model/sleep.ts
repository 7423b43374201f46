/**
 * The dimmed glass. It is the agent that says how bright the glass should be; that a touch wakes it is decided here, at
 * once, whether the agent hears of it or not.
 *
 *   bright -> dimmed -> (touch) awake for a minute after the last touch -> dimmed
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { type Instant, minutes, plus } from '../../../src/contract/values/time.ts';

/** Nobody's glass goes dark under their fingers: the minute counts from the last touch, the waking one included. */
export const AWAKE_FOR = minutes(1);

export type Sleep = {
  /** Per cent of full brightness; null when bright or awake. */
  readonly dimmedTo: ReadonlySignal<number | null>;
  /** When it dims again by itself, on the machine's clock; null while there is nothing to wait for. */
  readonly asleepAt: ReadonlySignal<Instant | null>;
  /** True when the touch found the glass dimmed. */
  touch(): boolean;
};

/** `now` is the machine's clock as the page last read it; `tick` reads it anew. */
export function createSleep(deps: {
  brightness: ReadonlySignal<number | null>;
  now: ReadonlySignal<Instant>;
  clock: Clock;
  tick: () => void;
}): Sleep {
  const { brightness, now, clock, tick } = deps;
  const lastTouch = signal<Instant | null>(null);
  const asleepAt = computed(() => {
    // In this order: a touch by day, when nothing is to be dimmed, wakes nobody who waits for this.
    if (brightness.value === null || lastTouch.value === null) return null;
    return plus(lastTouch.value, AWAKE_FOR);
  });
  const dimmedTo = computed(() => {
    const isAwake = asleepAt.value !== null && now.value < asleepAt.value;
    return isAwake ? null : brightness.value;
  });
  return {
    dimmedTo,
    asleepAt,
    touch() {
      if (brightness.peek() === null) {
        lastTouch.value = clock.now();
        return false;
      }
      tick();
      const wasDimmed = dimmedTo.peek() !== null;
      lastTouch.value = now.peek();
      return wasDimmed;
    },
  };
}
