import { useState } from 'preact/hooks';
import { Button } from './button.tsx';

type ShowMoreProps = {
  shown: number;
  total: number;
  step: number;
  /** `2,000 rooms`. */
  what: (n: number) => string;
  onMore: () => void;
};

/** Below a list of which only the beginning is on the page. The button keeps its place and so the focus. */
export function ShowMore({ shown, total, step, what, onMore }: ShowMoreProps) {
  if (shown >= total) return null;
  return (
    <div class="show-more">
      <span class="soft" role="status">
        The first {shown} of {what(total)}
      </span>
      <Button onPress={onMore}>Show {Math.min(step, total - shown)} more</Button>
    </div>
  );
}

/** The first rows of a long list, and more on demand; back to the first ones when `reset` (what was searched) changes. */
export function useFirst<Row>(rows: readonly Row[], step: number, reset = '') {
  const [state, setState] = useState({ reset, limit: step });
  const limit = state.reset === reset ? state.limit : step;
  const shown = rows.length > limit ? rows.slice(0, limit) : rows;
  return {
    shown,
    more: { shown: shown.length, total: rows.length, step, onMore: () => setState({ reset, limit: limit + step }) },
  };
}
