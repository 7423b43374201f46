import type { ComponentChildren } from 'preact';

/** One line of a `<dl class="facts facts-two">`. */
export const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** Nothing is known; the column's heading says of what. */
export const None = () => (
  <span class="soft" aria-hidden="true">
    –
  </span>
);
