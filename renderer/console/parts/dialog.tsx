import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

type DialogProps = {
  title: string;
  children: ComponentChildren;
  /** Escape or the cross. Not called while `isBusy`. */
  onClose: () => void;
  isBusy?: boolean;
  isWide?: boolean;
};

/** A modal dialog while it is mounted. The browser keeps the focus inside and gives it back to the opener. */
export function Dialog({ title, children, onClose, isBusy = false, isWide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Closed before it is taken from the page, or the focus would be lost instead of returned.
    return () => dialog?.close();
  }, []);
  const close = () => {
    if (!isBusy) onClose();
  };
  return (
    <dialog
      ref={element}
      class={isWide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault();
        close();
      }}
    >
      {/* No <header>: where the opener stands in the page's head, that would be a landmark within a landmark. */}
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
      </div>
      {children}
      {/* Last, though it stands at the top: the first control of the content gets the focus. */}
      <button type="button" class="icon-button dialog-close" aria-label="Close" onClick={close}>
        <Icon name="cross" />
      </button>
    </dialog>
  );
}

type ConfirmProps = {
  title: string;
  children: ComponentChildren;
  /** The verb on the button, such as `Revoke`. */
  verb: string;
  onConfirm: () => void;
  onClose: () => void;
  isBusy?: boolean;
  /** Why the last try came to nothing. */
  failure?: ComponentChildren;
  stay?: string;
};

/** Asks before something that cannot be taken back. The harmless answer has the focus. */
export function Confirm({ title, children, verb, onConfirm, onClose, isBusy = false, failure, stay }: ConfirmProps) {
  const harmless = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => harmless.current?.focus(), []);
  return (
    <Dialog title={title} onClose={onClose} isBusy={isBusy}>
      <div class="dialog-body prose">{children}</div>
      {failure && <div class="dialog-body">{failure}</div>}
      <footer class="dialog-foot">
        <Button onPress={onClose} elementRef={harmless}>
          {stay ?? 'Cancel'}
        </Button>
        <Button look="danger" onPress={onConfirm} isBusy={isBusy}>
          {verb}
        </Button>
      </footer>
    </Dialog>
  );
}
