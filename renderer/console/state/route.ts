/** Which page, read from the part of the address behind the `#`. */
export type Page =
  | 'server-settings'
  | 'rooms'
  | 'licence-keys'
  | 'free-macs'
  | 'general-settings'
  | 'demo'
  /** Not in the menu: where a first visit is led through. */
  | 'set-up';
export type Route =
  /** `connection`: which one is open; null: the overview of all. `isNew`: one more is being filled in. */
  | { page: 'server-settings'; connection: string | null; isNew: boolean }
  /** `room`: whose details are open. */
  | { page: 'rooms'; find: string; room: string | null }
  | { page: 'licence-keys' }
  /** `code`: the pairing code of the panel somebody stands in front of (its QR code leads here). */
  | { page: 'free-macs'; code: string | null }
  /** `scope`: scopeKey of values/policy-cascade.ts; null: the general settings. */
  | { page: 'general-settings'; scope: string | null; view: 'settings' | 'history' }
  | { page: 'demo' }
  | { page: 'set-up' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const search = new URLSearchParams(query);
  switch (path.replace(/\/+$/, '')) {
    case 'rooms':
      return { page: 'rooms', find: search.get('find') ?? '', room: search.get('room') };
    case 'licence-keys':
      return { page: 'licence-keys' };
    case 'free-macs':
      return { page: 'free-macs', code: search.get('code') };
    case 'general-settings':
      return { page: 'general-settings', scope: search.get('scope'), view: 'settings' };
    case 'general-settings/history':
      return { page: 'general-settings', scope: null, view: 'history' };
    case 'demo':
      return { page: 'demo' };
    case 'set-up':
      return { page: 'set-up' };
    case 'server-settings/new':
      return { page: 'server-settings', connection: null, isNew: true };
    default:
      return { page: 'server-settings', connection: search.get('connection'), isNew: false };
  }
}

export const hrefOf = (page: Page) => `#/${page}`;

/** Codes are shown in groups and typed in any case: compare only what carries meaning. */
export const plainCode = (code: string) => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
