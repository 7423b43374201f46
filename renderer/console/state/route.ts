/** Which page, read from the part of the address behind the `#`. */
export type Page = 'server-settings' | 'rooms' | 'licence-keys' | 'free-macs';
export type Route =
  | { page: 'server-settings' }
  | { page: 'rooms'; find: string }
  | { page: 'licence-keys' }
  /** `code`: the pairing code of the panel somebody stands in front of (its QR code leads here). */
  | { page: 'free-macs'; code: string | null };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const search = new URLSearchParams(query);
  switch (path.replace(/\/+$/, '')) {
    case 'rooms':
      return { page: 'rooms', find: search.get('find') ?? '' };
    case 'licence-keys':
      return { page: 'licence-keys' };
    case 'free-macs':
      return { page: 'free-macs', code: search.get('code') };
    default:
      return { page: 'server-settings' };
  }
}

export const hrefOf = (page: Page) => `#/${page}`;

/** Codes are shown in groups and typed in any case: compare only what carries meaning. */
export const plainCode = (code: string) => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
