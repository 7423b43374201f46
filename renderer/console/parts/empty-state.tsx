import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type EmptyStateProps = { icon: IconName; title: string; children: ComponentChildren; action?: ComponentChildren };

/** Nothing here yet, and what to do about it. */
export const EmptyState = ({ icon, title, children, action }: EmptyStateProps) => (
  <section class="empty">
    <Icon name={icon} />
    <h2>{title}</h2>
    <div class="prose">{children}</div>
    {action && <div class="empty-action">{action}</div>}
  </section>
);
