import type { Tone } from './headline.ts';

/**
 * The state as a shape, for those who do not see its colour: an open ring, a closed disc with a bar, half a disc, a ring with
 * a tick, a broken ring.
 */
export function Mark({ tone }: { tone: Tone }) {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {SHAPES[tone]}
    </svg>
  );
}

const ring = <circle cx="24" cy="24" r="20" class="mark-line" />;

const SHAPES = {
  free: ring,
  taken: (
    <>
      <circle cx="24" cy="24" r="22.5" class="mark-fill" />
      <path d="M13 24h22" class="mark-cut" />
    </>
  ),
  soon: (
    <>
      {ring}
      <path d="M24 4a20 20 0 0 1 0 40z" class="mark-fill" />
    </>
  ),
  'check-in': (
    <>
      {ring}
      <path d="M14.500 24.500l7 7 12.500-14" class="mark-line" />
    </>
  ),
  unknown: <circle cx="24" cy="24" r="20" class="mark-line mark-broken" />,
};
