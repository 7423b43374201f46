import type { ComponentChildren } from 'preact';
import type { Failure } from '../state/http.ts';
import { failureWords } from '../words.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'info' | 'warn' | 'bad';
const ICONS: Record<Tone, IconName> = { good: 'check', info: 'info', warn: 'warning', bad: 'warning' };

type NoticeProps = {
  tone: Tone;
  title?: ComponentChildren;
  children?: ComponentChildren;
  action?: ComponentChildren;
  /** Read out as soon as it appears: the answer to something the person just did. */
  isAnswer?: boolean;
};

export function Notice({ tone, title, children, action, isAnswer = false }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={isAnswer ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon name={ICONS[tone]} />
      <div class="notice-text">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
      {action && <div class="notice-action">{action}</div>}
    </div>
  );
}

/** Why what the person asked for did not happen. */
export const FailureNotice = ({ failure }: { failure: Failure }) => (
  <Notice tone="bad" isAnswer>
    {failureWords(failure)}
  </Notice>
);
