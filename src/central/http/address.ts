import type { HttpBindings } from '@hono/node-server';
import type { Services } from './env.ts';

/** Where the connection came from. Forwarding headers are not believed: anybody can send them. */
export function remoteAddress(bindings: HttpBindings): string {
  return (bindings.incoming.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
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
