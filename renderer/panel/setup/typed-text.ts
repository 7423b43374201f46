import { useLayoutEffect } from 'preact/hooks';

/** What a key, on glass or on a real keyboard plugged in for set-up, does to a field. */
export type Typing = {
  onType: (text: string) => void;
  onDelete: () => void;
  onEnter: () => void;
  onEscape?: () => void;
};

/** Hears a real keyboard while the field is shown. Keys meant for a focused button stay with it. */
export function useRealKeyboard({ onType, onDelete, onEnter, onEscape }: Typing) {
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === 'Backspace') onDelete();
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) onEnter();
      else if (event.key === 'Escape') onEscape?.();
      else if ([...event.key].length === 1 && event.key !== ' ') onType(event.key);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}
