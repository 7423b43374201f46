/**
 * The first touch of a dimmed glass wakes it and does nothing else. So everything that belongs to that touch is
 * swallowed: each event of the finger, the click the browser makes of it, further fingers beside it, or the key until it
 * is up again.
 *
 *   through -> (touch that woke) swallowing -> (the next gesture begins) through
 */
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import { type Instant, plus, seconds } from '../../../src/contract/values/time.ts';

const PARTS = [
  'pointerdown',
  'pointerup',
  'pointercancel',
  'touchstart',
  'touchmove',
  'touchend',
  'mousedown',
  'mouseup',
  'click',
  'dblclick',
  'auxclick',
  'contextmenu',
  'wheel',
  'keydown',
  'keypress',
  'keyup',
] as const;

/** Browsers make the click of a touch within this time; a click without a finger (a screen reader's) may come later. */
const CLICK_WITHIN = seconds(1);

/** `touch` says whether the glass was dimmed. */
export function guardWaking(page: EventTarget, { touch, clock }: { touch: () => boolean; clock: Clock }): Stop {
  let woke: { at: Instant; isDown: boolean } | null = null;

  const onEvent = (event: Event) => {
    if (isStart(event)) {
      const isBesides = woke !== null && !isNewGesture(event, woke, clock.now());
      if (!isBesides) woke = touch() ? { at: clock.now(), isDown: event.type.endsWith('down') } : null;
    }
    if (woke === null) return;
    if (event.type === 'pointerup' || event.type === 'pointercancel' || event.type === 'keyup')
      woke = { at: clock.now(), isDown: false };
    event.stopImmediatePropagation();
    if (event.cancelable) event.preventDefault();
  };

  // Not passive: the browser has to ask before it scrolls or clicks.
  const options = { capture: true, passive: false };
  for (const part of PARTS) page.addEventListener(part, onEvent, options);
  return () => {
    for (const part of PARTS) page.removeEventListener(part, onEvent, options);
  };
}

const isStart = (event: Event) => ['pointerdown', 'keydown', 'wheel', 'click'].includes(event.type);

/** A further finger, a key that repeats and the click at the end belong to the gesture that woke. */
function isNewGesture(event: Event, woke: { at: Instant; isDown: boolean }, now: Instant): boolean {
  if (event.type === 'pointerdown') return (event as PointerEvent).isPrimary;
  if (event.type === 'keydown') return !(event as KeyboardEvent).repeat && !woke.isDown;
  return !woke.isDown && now >= plus(woke.at, CLICK_WITHIN);
}
