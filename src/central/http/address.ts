import { isIPv6 } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Services } from './env.ts';

/** Where the connection came from. Forwarding headers are not believed: anybody can send them. */
export function remoteAddress(bindings: HttpBindings): string {
  return (bindings.incoming.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
}

/**
 * Whom limits are kept for: an IPv4 address, or the /64 of an IPv6 one, which is what one household or one attacker gets at
 * least (RFC 6177): counting single addresses in it would count nothing.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return address;
  // The URL parser writes it the canonical way (RFC 5952): hexadecimal, lower case, zeros left out once.
  const [head = '', tail = ''] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0');
  return `${[...groups(head), ...zeros, ...groups(tail)].slice(0, 4).join(':')}::/64`;
}

/**
 * The origin the browser or panel used, if it is one of ours: the configured one, or any name our certificate has.
 * Otherwise the one we know best. So a Host header made up by somebody never ends up in a redirect.
 */
export function ownOrigin(bindings: HttpBindings, services: Services): string {
  if (services.publicUrl !== null) return services.publicUrl;
  const host = bindings.incoming.headers.host ?? '';
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : null;
  if (url === null || url.pathname !== '/') return services.ownUrl();
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return services.ownNames.includes(name) ? url.origin : services.ownUrl();
}
