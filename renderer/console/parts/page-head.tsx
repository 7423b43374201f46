import type { ComponentChildren } from 'preact';
import type { Failure } from '../state/http.ts';
import { failureWords } from '../words.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

type PageHeadProps = { title: string; children?: ComponentChildren; action?: ComponentChildren };

/** The heading takes the focus when the page opens; it is no tab stop. */
export const PageHead = ({ title, children, action }: PageHeadProps) => (
  <header class="page-head">
    <div>
      <h1 tabIndex={-1}>{title}</h1>
      {children && <p class="soft">{children}</p>}
    </div>
    {action && <div class="buttons">{action}</div>}
  </header>
);

/** For when the element that had the focus is gone. */
export const focusHeading = () => document.querySelector<HTMLElement>('main h1')?.focus();

/** Before anything was read: the wait, or why there is nothing to see. */
export function Loading({ failure, onRetry }: { failure: Failure | null; onRetry: () => void }) {
  if (!failure) {
    return (
      <p class="soft loading" role="status">
        Reading from central…
      </p>
    );
  }
  return (
    <Notice tone="bad" action={<Button onPress={onRetry}>Try again</Button>} isAnswer>
      {failureWords(failure)}
    </Notice>
  );
}
