import type { ComponentChildren, TargetedPointerEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Stop } from '../../../src/contract/values/clock.ts';
import { seconds } from '../../../src/contract/values/time.ts';
import { usePanel } from '../panel-context.ts';

/** Longer than anybody leans on the glass by chance. */
export const HOLD = seconds(3);

/**
 * The way to the service page: the clock, or the mark where there is none, held for three seconds. A bar shows how long
 * still. A keyboard reaches it like any button, and need not hold.
 */
export function ServiceSpot({ children, class: more }: { children: ComponentChildren; class?: string }) {
  const { model, clock, text } = usePanel();
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<Stop | null>(null);
  const wasPointer = useRef(false);
  const release = () => {
    timer.current?.();
    timer.current = null;
    setHeld(false);
  };
  useLayoutEffect(() => () => timer.current?.(), []);
  const onPointerDown = (event: TargetedPointerEvent<HTMLButtonElement>) => {
    wasPointer.current = true;
    if (!event.isPrimary || event.button !== 0) return;
    release();
    setHeld(true);
    timer.current = clock.after(HOLD, () => {
      release();
      model.openService(null);
    });
  };
  return (
    <button
      type="button"
      class={`spot${more ? ` ${more}` : ''}`}
      data-held={isHeld}
      data-testid="service-spot"
      onPointerDown={onPointerDown}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerMove={event => timer.current && !isInside(event) && release()}
      onClick={() => {
        if (!wasPointer.current) model.openService(null);
        wasPointer.current = false;
      }}
    >
      {children}
      <span class="for-readers">{text.service.spot}</span>
    </button>
  );
}

/** Fingers roll a little while they are held still. */
const SLACK = 24;

function isInside({ currentTarget, clientX: x, clientY: y }: TargetedPointerEvent<HTMLButtonElement>): boolean {
  const box = currentTarget.getBoundingClientRect();
  return x >= box.left - SLACK && x <= box.right + SLACK && y >= box.top - SLACK && y <= box.bottom + SLACK;
}
