import { LineIcon } from '../../ui/icon.tsx';

/** The console's own line icons on a 24 x 24 grid, drawn with the text's colour. Decoration: words stand beside them. */
const PATHS = {
  server: 'M4 4h16v7H4zM4 13h16v7H4zM7.500 7.500h.1M7.500 16.500h.1M11 7.500h5M11 16.500h5',
  rooms: 'M5 21V3h10v18M3 21h18M15 6h4v15M12 12v.3',
  key: 'M15 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12M10.700 13.300L3 21M6 18l3 3M16.500 7.500v.1',
  panel: 'M3 4h18v13H3zM8 21h8M12 17v4M7 8h6M7 12h3',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  check: 'M4.500 12.500l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500L21 21',
  warning: 'M12 4L2.800 20h18.400zM12 10v4.500M12 17.200v.3',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v6M12 7.500v.2',
  down: 'M6 9.500l6 6 6-6',
  leave: 'M14 4h6v16h-6M4 12h11M11 8l4 4-4 4',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5',
  twins: 'M3 5h11v9H3zM10 18h11V9',
  plus: 'M12 5v14M5 12h14',
  sliders: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  play: 'M7 4.500v15l12-7.500z',
  back: 'M15 5l-7 7 7 7',
  print: 'M7 8V3h10v5M5 8h14v8h-2M7 16H5M7 13h10v8H7z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.500 2',
  flash: 'M13 2.500L5 13.500h6l-1 8 8-11h-6z',
  download: 'M12 3v12M7 10.500l5 5 5-5M4 20h16',
  upload: 'M12 16V4M7 8.500l5-5 5 5M4 20h16',
  picture: 'M3 4h18v16H3zM3 16l5.500-5.500 5 5L16 13l5 5M16 8.500v.1',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) => <LineIcon path={PATHS[name]} />;

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect width="24" height="24" rx="4" />
      <path d="M5 7h14M7.5 7v11M16.5 7v11" />
    </svg>
  );
}
