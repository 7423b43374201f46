/** The main menu; its names and their order are the customer's. */
import type { Overview } from '../../src/contract/wire/console.ts';
import { Icon, type IconName } from './parts/icon.tsx';
import { hrefOf, type Page } from './state/route.ts';
import { keys, panels, rooms } from './words.ts';

export const PAGE_NAMES: Record<Page, string> = {
  'server-settings': 'Server Settings',
  rooms: 'Rooms',
  'licence-keys': 'Licence Keys',
  'free-macs': 'Free MACs',
  'general-settings': 'General Settings',
  demo: 'Demo',
  'set-up': 'Set-up',
};

const ICONS: Record<Page, IconName> = {
  'server-settings': 'server',
  rooms: 'rooms',
  'licence-keys': 'key',
  'free-macs': 'panel',
  'general-settings': 'sliders',
  demo: 'play',
  'set-up': 'check',
};
const PAGES: readonly Page[] = ['server-settings', 'rooms', 'licence-keys', 'free-macs', 'general-settings', 'demo'];

/** What the menu says beside a name: a count, or that something there wants a person. */
type Badge = { tone: 'count' | 'call' | 'bad'; text: string; spoken: string };

export function badgesOf(page: Page, overview: Overview): Badge[] {
  switch (page) {
    case 'server-settings':
      if (overview.serverSettings === 'ok') return [];
      if (overview.serverSettings === 'not-set') return [{ tone: 'call', text: '!', spoken: 'not set up yet' }];
      return [{ tone: 'bad', text: '!', spoken: 'sign-in needed' }];
    case 'rooms': {
      const total: Badge = { tone: 'count', text: String(overview.rooms), spoken: rooms(overview.rooms) };
      if (overview.conflicts === 0) return [total];
      const spoken = `${panels(overview.conflicts)} in identity conflict`;
      return [{ tone: 'bad', text: String(overview.conflicts), spoken }, total];
    }
    case 'licence-keys':
      return [
        { tone: 'count', text: `${overview.licenceKeysFree} free`, spoken: `${keys(overview.licenceKeysFree)} free` },
      ];
    case 'free-macs':
      if (overview.waitingPanels === 0) return [];
      return [
        { tone: 'call', text: String(overview.waitingPanels), spoken: `${panels(overview.waitingPanels)} waiting` },
      ];
    case 'general-settings':
    case 'demo':
    case 'set-up':
      return [];
  }
}

export function Menu({ current, overview }: { current: Page; overview: Overview | null }) {
  return (
    <nav class="menu" aria-label="Main menu">
      <ul>
        {PAGES.map(page => (
          <li key={page}>
            <a href={hrefOf(page)} aria-current={page === current ? 'page' : undefined}>
              <Icon name={ICONS[page]} />
              <span class="menu-name">{PAGE_NAMES[page]}</span>
              {overview && (
                <span class="badges">
                  {badgesOf(page, overview).map(badge => (
                    <span key={badge.tone} class={`badge badge-${badge.tone}`}>
                      <span aria-hidden="true">{badge.text}</span>
                      <span class="sr-only">, {badge.spoken}</span>
                    </span>
                  ))}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
