/** The control API has no sign-in; it answers only this machine's own pages and programs. */
import type { MiddlewareHandler } from 'hono';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses a Host that is not this machine (DNS rebinding gives a foreign name a loopback address) and a foreign Origin
 * (a page somewhere that posts here).
 */
export const loopbackOnly: MiddlewareHandler = async (c, next) => {
  const host = URL.parse(`https://${c.req.header('host') ?? ''}`);
  if (host === null || !LOOPBACK.has(host.hostname)) return c.json({ error: 'wrong-host' }, 421);
  const origin = c.req.header('origin');
  if (origin !== undefined && URL.parse(origin)?.host !== host.host) return c.json({ error: 'foreign-origin' }, 403);
  const site = c.req.header('sec-fetch-site');
  if (c.req.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return c.json({ error: 'foreign-origin' }, 403);
  }
  return next();
};
