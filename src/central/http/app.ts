import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import * as v from 'valibot';
import { NOTIFICATIONS_PATH } from '../notifications/calls.ts';
import { wireError } from './answers.ts';
import { consoleApi } from './console-api.ts';
import { DEMO_PANEL_PATH, demoPanel } from './demo-panel.ts';
import type { Services } from './env.ts';
import { notificationsApi } from './notifications-api.ts';
import { CALLBACK_PATH, oauthCallback } from './oauth-callback.ts';
import { staticPages } from './pages.ts';
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
  // Without a public address Graph was given none.
  if (services.publicUrl !== null) app.route(NOTIFICATIONS_PATH, notificationsApi(services.notifications));
  app.route(DEMO_PANEL_PATH, demoPanel(services));
  if (services.preview !== null) app.route(PREVIEW_PATH, staticPages(PREVIEW_PATH, services.preview));
  app.route('/console', staticPages('/console', services.pages));
  app.notFound(c => wireError(c, 404, 'not-found', 'There is nothing here.'));
  app.onError((error, c) => {
    log.error('request-broke', { path: c.req.path, method: c.req.method, detail: detailOf(error) });
    return wireError(c, 500, 'broken', 'Central could not do this; its log says why.');
  });
  return app;
}

const PREVIEW_PATH = '/console/preview';
/** Pages of the panel that the console shows in a frame. */
const FRAMED = [`${PREVIEW_PATH}/`, `${DEMO_PANEL_PATH}/`];

const CSP = [
  "default-src 'none'",
  "frame-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
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
    const isFramed = FRAMED.some(path => c.req.path.startsWith(path));
    // A picture brings a stricter one of its own.
    if (!c.res.headers.has('Content-Security-Policy')) {
      c.res.headers.set('Content-Security-Policy', `${CSP}; frame-ancestors ${isFramed ? "'self'" : "'none'"}`);
    }
    c.res.headers.set('X-Frame-Options', isFramed ? 'SAMEORIGIN' : 'DENY');
    if (isPublic) c.res.headers.set('Strict-Transport-Security', 'max-age=31536000');
  });
}

/** What parsers complain of quotes what they read, which may be a calendar. */
const detailOf = (error: Error): string =>
  error instanceof SyntaxError || error instanceof v.ValiError ? error.name : (error.stack ?? error.message);
