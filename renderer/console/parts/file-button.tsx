import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Button, type ButtonProps } from './button.tsx';

type FileButtonProps = Pick<ButtonProps, 'icon' | 'isBusy' | 'isDisabled' | 'look'> & {
  /** Ends of names or media types, as the input's `accept`. */
  accept: string;
  children: ComponentChildren;
} & (
    | { onFile: (file: File) => void }
    /** Several may be chosen at once. */
    | { onFiles: (files: File[]) => void }
  );

/** Opens the system's file dialog. */
export function FileButton({ accept, children, ...props }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  function take(files: File[]) {
    const [first] = files;
    if (first === undefined) return;
    if ('onFiles' in props) props.onFiles(files);
    else props.onFile(first);
  }
  const { icon, isBusy = false, isDisabled = false, look = 'plain' } = props;
  return (
    <>
      <Button
        {...(icon ? { icon } : {})}
        isBusy={isBusy}
        isDisabled={isDisabled}
        look={look}
        onPress={() => input.current?.click()}
      >
        {children}
      </Button>
      {/* Reached through the button; the browser's own is a second tab stop that says "No file chosen". */}
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={'onFiles' in props}
        hidden
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
          take(files);
        }}
      />
    </>
  );
}
