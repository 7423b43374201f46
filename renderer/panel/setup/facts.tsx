import type { ComponentChildren } from 'preact';

export const Facts = ({ children }: { children: ComponentChildren }) => <dl class="facts-list">{children}</dl>;

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="outside">{value}</dd>
    </div>
  );
}
