/** Behind one's name: the password, and the set-up. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { PasswordForm } from './pages/set-up/password-form.tsx';
import { Button } from './parts/button.tsx';
import { Dialog } from './parts/dialog.tsx';
import { Icon } from './parts/icon.tsx';
import { Notice } from './parts/notice.tsx';
import { Foreign } from './parts/text.tsx';
import { hrefOf } from './state/route.ts';

export function Account({ username }: { username: string }) {
  const [isOpen, setOpen] = useState(false);
  const [dialog, setDialog] = useState<'change' | 'changed' | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  // Before the next key can be pressed.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [isOpen]);
  const hadDialog = useRef(false);
  useEffect(() => {
    // What opened the dialog stood in the menu, which is gone.
    if (hadDialog.current && dialog === null) opener.current?.focus();
    hadDialog.current = dialog !== null;
  }, [dialog]);
  const close = () => setDialog(null);
  return (
    <div ref={place} class="account">
      <button
        ref={opener}
        type="button"
        class="button button-quiet account-name"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="who">
          <Foreign text={username} />
        </span>
        <Icon name="down" />
        <span class="sr-only">, your account</span>
      </button>
      {isOpen && (
        <ul class="account-menu">
          <li>
            <button
              type="button"
              class="account-item"
              onClick={() => {
                setOpen(false);
                setDialog('change');
              }}
            >
              Change password
            </button>
          </li>
          <li>
            <a class="account-item" href={hrefOf('set-up')} onClick={() => setOpen(false)}>
              Set-up
            </a>
          </li>
        </ul>
      )}
      {dialog === 'change' && (
        <Dialog title="Change password" onClose={close}>
          <div class="dialog-body dialog-last">
            <PasswordForm onDone={() => setDialog('changed')} onCancel={close} />
          </div>
        </Dialog>
      )}
      {dialog === 'changed' && (
        <Dialog title="Change password" onClose={close}>
          <div class="dialog-body">
            <Notice tone="good" isAnswer>
              Your password was changed.
            </Notice>
          </div>
          <div class="dialog-foot">
            <Button look="primary" onPress={close}>
              Close
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
