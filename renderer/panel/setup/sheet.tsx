import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon.tsx';
import { Help } from '../look/foot.tsx';
import { usePanel } from '../panel-context.ts';
import { ServiceSpot } from '../service/service-spot.tsx';

type SheetProps = {
  title: string;
  lead?: string;
  children?: ComponentChildren;
  class?: string;
  name: string;
  /** Whether its mark leads to the service page; not where one is there already. */
  hasSpot?: boolean;
};

/** The paper on which everything before and beside a room's day is written. */
export function Sheet({ title, lead, children, class: more, name, hasSpot = true }: SheetProps) {
  const { model, text } = usePanel();
  return (
    <main class={`sheet${more ? ` ${more}` : ''}`} data-screen={name}>
      <header class="sheet-head">
        {hasSpot ? (
          <ServiceSpot>
            <Wordmark />
          </ServiceSpot>
        ) : (
          <Wordmark />
        )}
        <Help />
        {model.isSilent.value && model.view.value && (
          <p class="sheet-silent" role="status">
            <Icon name="link-off" />
            {text.stale['agent-silent']}
          </p>
        )}
      </header>
      <div class="sheet-words">
        <h1>{title}</h1>
        {lead && <p class="sheet-lead">{lead}</p>}
      </div>
      {children}
    </main>
  );
}

/** A lintel: the beam over a door. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M1 4h22v5H1z" />
        <path d="M4 11h4v11H4zM16 11h4v11h-4z" />
      </svg>
      Lintel
    </span>
  );
}

/** A message that needs reading before going on. */
export function Trouble({ children }: { children: ComponentChildren }) {
  return (
    <p class="trouble" role="alert">
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  );
}
