import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { wireError } from './answers.ts';
import { consoleApi } from './console-api.ts';
import type { Services } from './env.ts';
import { CALLBACK_PATH, oauthCallback } from './oauth-callback.ts';
import { consolePages } from './pages.ts';
import { panelApi } from './panel-api.ts';
import { ALREADY_SENT } from './sse.ts';

export function makeApp(services: Services, version: string): Hono {
  const { log } = services.context;
  const app = new Hono();
  app.use(securityHeaders(services.publicUrl !== null));
  app.get('/health', c => {
    c.header('Cache-Control', 'no-store');
    return c.json({ ok: true, version });
  });
  app.get('/', c => c.redirect('/console/', 302));
  app.route('/panel/v1', panelApi(services));
  app.route('/console/api/v1', consoleApi(services));
  app.route(CALLBACK_PATH, oauthCallback(services));
  app.route('/console', consolePages(services.pages));
  app.notFound(c => wireError(c, 404, 'not-found', 'There is nothing here.'));
  app.onError((error, c) => {
    log.error('request-broke', { path: c.req.path, method: c.req.method, detail: error.stack ?? error.message });
    return wireError(c, 500, 'broken', 'Central could not do this; its log says why.');
  });
  return app;
}

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS: Record<string, string> = {
  'Content-Security-Policy': CSP,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** `isPublic`: only a name chosen for central is pinned to https; `localhost` belongs to other programs, too. */
function securityHeaders(isPublic: boolean) {
  return createMiddleware(async (c, next) => {
    await next();
    if (c.res === ALREADY_SENT) return;
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    if (isPublic) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000');
  });
}
