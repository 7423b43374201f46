/**
 * The demo panel's page, passed on to the console's DEMO page: the panel serves it on loopback only, and the admin's
 * browser may be elsewhere. Behind the admin's session, and to be framed by the console alone.
 */
import { Hono } from 'hono';
import { wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { requireSession } from './guard.ts';

export const DEMO_PANEL_PATH = '/console/demo/panel';
const PASSED_ON = ['content-type', 'cache-control', 'etag'];
const LARGEST_INTENT = 16 * 1024;

export function demoPanel(services: Services): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.use(requireSession(services));

  app.get('/*', async c => {
    const page = services.demo?.panelPage() ?? null;
    if (page === null) return c.notFound();
    const answer = await ask(page, pathBelow(c.req.path), { signal: c.req.raw.signal });
    if (answer === null) return wireError(c, 502, 'panel-away', 'The demo panel does not answer.');
    const headers: Record<string, string> = {};
    for (const name of PASSED_ON) {
      const value = answer.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    return new Response(answer.body, { status: answer.status, headers });
  });

  app.post('/bridge/intent', async c => {
    const page = services.demo?.panelPage() ?? null;
    if (page === null) return c.notFound();
    // The page's own header cannot be sent by another site's form, and nobody answers a preflight here.
    const site = c.req.header('sec-fetch-site');
    if (c.req.header('lintel-panel') !== '1' || (site !== undefined && site !== 'same-origin')) {
      return wireError(c, 403, 'cross-site', 'Refused: cross-site request.');
    }
    const body = await c.req.text();
    if (body.length > LARGEST_INTENT) return wireError(c, 413, 'invalid', 'The body is too large.');
    const headers = { 'content-type': 'application/json', 'lintel-panel': '1', origin: page.origin };
    const answer = await ask(page, '/bridge/intent', { method: 'POST', headers, body });
    if (answer === null) return wireError(c, 502, 'panel-away', 'The demo panel does not answer.');
    return c.body(null, answer.ok ? 204 : 400);
  });

  return app;
}

const pathBelow = (path: string) => path.slice(DEMO_PANEL_PATH.length) || '/';

/** Loopback needs neither proxy nor CA. Null: nobody answers. */
async function ask(page: URL, path: string, init: RequestInit): Promise<Response | null> {
  const url = new URL(`.${path}`, page);
  // What a page asks for stays below the panel's secret.
  if (!url.href.startsWith(page.href)) return null;
  return fetch(url, { ...init, redirect: 'error' }).catch(() => null);
}
