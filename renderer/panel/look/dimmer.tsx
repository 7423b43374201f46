import { useLayoutEffect } from 'preact/hooks';
import { usePanel } from '../panel-context.ts';
import { guardWaking } from './guard-waking.ts';

/**
 * Darkens the whole glass without moving anything on it, and lets nothing through but the touch that wakes it. One
 * sheet over the glass; nothing runs while it lies there.
 */
export function Dimmer() {
  const { model, clock } = usePanel();
  useLayoutEffect(() => guardWaking(window, { touch: model.touch, clock }), [model, clock]);
  const to = model.dimmedTo.value;
  if (to === null) return null;
  return <div class="dimmer" style={{ opacity: darkness(to) }} data-testid="dimmer" />;
}

/**
 * How much black to lay over the glass, for so many per cent of its light. Pixels hold light to the power of 1/2.2: a
 * tenth of the number would be a hundredth of the light, and nobody could read it.
 */
const darkness = (percent: number) => 1 - Math.min(1, Math.max(0, percent / 100)) ** (1 / 2.2);
