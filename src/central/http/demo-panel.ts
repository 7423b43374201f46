/**
 * The demo panel's page, passed on to the console's DEMO page: the panel serves it on loopback only, and the admin's
 * browser may be elsewhere. Behind the admin's session, and to be framed by the console alone.
 */
import { Hono, type Context as HonoContext } from 'hono';
import { repeat } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { wireError } from './answers.ts';
import { limitBody } from './body-limit.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { requireSession } from './guard.ts';

export const DEMO_PANEL_PATH = '/console/demo/panel';
const PASSED_ON = ['content-type', 'cache-control', 'etag'];
const LARGEST_INTENT = 16 * 1024;
const STREAM = '/bridge/stream';
const LOOK_EVERY = seconds(15);

export function demoPanel(services: Services): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  const { context } = services;
  app.use(requireSession(services));
  app.use(limitBody(LARGEST_INTENT));

  app.get('/*', async c => {
    const page = services.demo?.panelPage() ?? null;
    if (page === null) return c.notFound();
    const path = pathBelow(c.req.path);
    const answer = await ask(page, path, {});
    if (answer === null) return wireError(c, 502, 'panel-away', 'The demo panel does not answer.');
    const headers: Record<string, string> = {};
    for (const name of PASSED_ON) {
      const value = answer.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    if (path === STREAM) endWithSession(c);
    return new Response(answer.body, { status: answer.status, headers });
  });

  /** The stream of views must not outlive the session; other answers are over long before. */
  function endWithSession(c: HonoContext<ConsoleEnv>) {
    const { outgoing } = c.env;
    const { hash } = c.var.session;
    const look = async () => {
      if (!(await services.sessions.lasts(hash))) outgoing.destroy();
    };
    // When the reader leaves, the server lets go of the answer's body, and with it of the panel's.
    outgoing.once(
      'close',
      repeat(context.clock, LOOK_EVERY, look, () => outgoing.destroy()),
    );
  }

  app.post('/bridge/intent', async c => {
    const page = services.demo?.panelPage() ?? null;
    if (page === null) return c.notFound();
    // The page's own header cannot be sent by another site's form, and nobody answers a preflight here.
    const site = c.req.header('sec-fetch-site');
    if (c.req.header('lintel-panel') !== '1' || (site !== undefined && site !== 'same-origin')) {
      return wireError(c, 403, 'cross-site', 'Refused: cross-site request.');
    }
    const body = await c.req.text();
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
