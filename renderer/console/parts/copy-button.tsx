import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { seconds } from '../../../src/contract/values/time.ts';
import { useConsole } from '../state/console.ts';
import { Button } from './button.tsx';

type CopyButtonProps = {
  text: string;
  children: ComponentChildren;
  label?: string;
  look?: 'plain' | 'primary' | 'quiet';
  onCopied?: () => void;
};

/** Copies and says so. Where the browser does not allow it, says that too: the text itself can always be selected. */
export function CopyButton({ text, children, label, look = 'plain', onCopied }: CopyButtonProps) {
  const { copy, clock } = useConsole();
  const [outcome, setOutcome] = useState<'copied' | 'not-allowed' | null>(null);
  useEffect(() => (outcome === null ? undefined : clock.after(seconds(3), () => setOutcome(null))), [outcome]);
  const onPress = async () => {
    const isCopied = await copy(text);
    setOutcome(isCopied ? 'copied' : 'not-allowed');
    if (isCopied) onCopied?.();
  };
  return (
    <>
      <Button icon={outcome === 'copied' ? 'check' : 'copy'} look={look} onPress={() => void onPress()} label={label}>
        {outcome === 'copied' ? 'Copied' : children}
      </Button>
      <span class={outcome === 'not-allowed' ? 'soft' : 'sr-only'} role="status">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'not-allowed' && 'The browser does not allow copying here. Select the text and press Ctrl+C.'}
      </span>
    </>
  );
}
