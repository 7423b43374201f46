import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { SESSION_COOKIE } from './sessions.ts';

/**
 * No other site's page can change anything: a cross-site form cannot send JSON with a header of its own, and a
 * cross-site script that could is stopped by the browser's preflight, which nobody here answers.
 */
export const refuseCrossSite = createMiddleware(async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refuse('cross-site request');
  const origin = c.req.header('origin');
  if (origin !== undefined && !isOwnOrigin(origin, c.req.header('host'))) return refuse('another origin');
  if (c.req.header('lintel-console') !== '1') return refuse('the header Lintel-Console is missing');
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  const hasBody = (c.req.header('content-length') ?? '0') !== '0' || c.req.header('transfer-encoding') !== undefined;
  if (type === undefined ? hasBody : type !== 'application/json') return refuse('the body is not JSON');
  return next();

  function refuse(why: string) {
    return wireError(c, 403, 'cross-site', `Refused: ${why}.`);
  }
});

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Lets only logged-in admins through. */
export function requireSession({ sessions }: Services) {
  return createMiddleware<ConsoleEnv>(async (c, next) => {
    const secret = getCookie(c, SESSION_COOKIE);
    const session = secret === undefined ? null : await sessions.use(secret);
    if (session === null) return wireError(c, 401, 'logged-out', 'Log in first.');
    c.set('session', { hash: session.hash, admin: session.admin });
    return next();
  });
}
