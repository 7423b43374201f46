import type { ComponentChildren, TargetedPointerEvent } from 'preact';
import { useRef } from 'preact/hooks';

export type ButtonProps = {
  onPress: () => void;
  children: ComponentChildren;
  /** Looks: `key` is the plain one, `quiet` has no fill. */
  look?: 'key' | 'primary' | 'quiet';
  class?: string;
  isDisabled?: boolean;
  /** For one of several that exclude each other: whether it is the chosen one. */
  isPressed?: boolean;
  /** Read out instead of the text, where the text alone does not say it. */
  label?: string;
  testId?: string;
};

/**
 * A button that answers when the finger lifts, not at the click that may follow later. The click still counts when no
 * pointer made it (keyboard, screen reader). The touch's own mouse events are suppressed, so that a button which takes
 * this one's place is not pressed by the same finger.
 */
export function Button({
  onPress,
  children,
  look = 'key',
  class: more,
  isDisabled,
  isPressed,
  label,
  testId,
}: ButtonProps) {
  const wasPointer = useRef(false);
  const isDown = useRef(false);
  const onPointerUp = (event: TargetedPointerEvent<HTMLButtonElement>) => {
    if (!isDown.current) return;
    isDown.current = false;
    if (!isInside(event)) return;
    wasPointer.current = true;
    onPress();
  };
  return (
    <button
      type="button"
      class={`button button-${look}${more ? ` ${more}` : ''}`}
      disabled={isDisabled ?? false}
      aria-label={label}
      aria-pressed={isPressed}
      data-testid={testId}
      onPointerDown={event => {
        wasPointer.current = false;
        // Browsers keep clicks from a disabled button, but not pointers.
        isDown.current = event.isPrimary && event.button === 0 && !isDisabled;
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        isDown.current = false;
      }}
      onTouchEnd={event => event.preventDefault()}
      onClick={() => {
        if (!wasPointer.current && !isDisabled) onPress();
        wasPointer.current = false;
      }}
    >
      {children}
    </button>
  );
}

/** A finger that slid off before lifting has changed its mind. */
function isInside(event: TargetedPointerEvent<HTMLButtonElement>): boolean {
  const box = event.currentTarget.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
