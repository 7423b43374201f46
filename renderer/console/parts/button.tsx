import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type ButtonProps = {
  children: ComponentChildren;
  onPress?: () => void;
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  icon?: IconName;
  type?: 'button' | 'submit';
  /** Something is under way: it keeps its place and its focus, and does nothing more. */
  isBusy?: boolean;
  isDisabled?: boolean;
  /** Read out instead of the text, where the text alone does not say which one. */
  label?: string | undefined;
  elementRef?: Ref<HTMLButtonElement>;
};

/** Dense buttons for mouse and keyboard; the panel's (renderer/ui/button.tsx) are made for fingers. */
export function Button(props: ButtonProps) {
  const { children, onPress, look = 'plain', icon, type = 'button', isBusy = false, isDisabled = false, label } = props;
  return (
    <button
      ref={props.elementRef ?? null}
      type={type}
      class={`button button-${look}`}
      disabled={isDisabled}
      // Not `disabled`: that would throw the keyboard's focus away in the middle of the work.
      aria-disabled={isBusy}
      aria-busy={isBusy}
      aria-label={label}
      onClick={event => {
        if (isBusy) event.preventDefault();
        else onPress?.();
      }}
    >
      {isBusy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
