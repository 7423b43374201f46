/** Line icons on a 24 x 24 grid, drawn with the text's colour. */
const PATHS = {
  check: 'M4.5 12.5l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5.5l3.5 2',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  repeat: 'M20 12a8 8 0 1 1-2.6-5.9M20 3.5V8h-4.5',
  warning: 'M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.3',
  'link-off': 'M3 3l18 18M3 10a13 13 0 0 1 5-3M12 6c3.500 0 6.700 1.500 9 4M6.500 14a8 8 0 0 1 5-2.400M12 19v.3',
  backspace: 'M9 5h12v14H9l-6-7zM12.5 9.5l5 5M17.5 9.5l-5 5',
  key: 'M8 12a4 4 0 1 0 0 .1zM8 12h13M21 12v4M16.500 12v3',
  seat: 'M7 4v9h10M7 13l-1 7M17 13l1 7M10 4h5v5',
  'arrow-right': 'M4 12h15M13 6l6 6-6 6',
  plus: 'M12 5v14M5 12h14',
  stop: 'M7 7h10v10H7z',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500l5 5',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: the words beside it carry the meaning, so it is hidden from readers. */
export const Icon = ({ name }: { name: IconName }) => <LineIcon path={PATHS[name]} />;

/** Any path on the grid, for pages with icons of their own. */
export function LineIcon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
