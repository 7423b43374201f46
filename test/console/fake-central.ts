/**
 * A stand-in for central behind the console's wire contract, for tests and screenshots of the pages only. It answers from
 * memory, and everything it says and hears goes through the wire's schemas.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import * as v from 'valibot';
import type { Clock, Stop } from '../../src/contract/values/clock.ts';
import { Login, type Overview, PasswordChange, SetUpInput, type Topic } from '../../src/contract/wire/console.ts';
import { mountDemo } from './fake/demo.ts';
import { mountKeys } from './fake/keys.ts';
import { mountMacs } from './fake/macs.ts';
import { mountPolicies } from './fake/policies.ts';
import { mountRooms } from './fake/rooms.ts';
import { mountSettings } from './fake/settings.ts';
import type { Office } from './fixtures.ts';

/** What central sends with its pages (src/central/http/app.ts). */
export const CSP = [
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
  "frame-ancestors 'none'",
].join('; ');
export const USERNAME = 'admin';
export const PASSWORD = 'correct horse battery';
const COOKIE = 'fake-session';

export type FakeCentral = {
  /** `http://127.0.0.1:port`; the console is at `/console/` below. */
  origin: string;
  office: Office;
  /** Every body that was put or posted, by path. */
  heard: { path: string; body: unknown }[];
  /** Tells every open page that something changed. */
  tell(...topics: Topic[]): void;
  /** The next requests are answered as after a session ran out, until somebody logs in. */
  expireSessions(): void;
  stop(): Promise<void>;
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** `pages`: the folder of the built console. `port` 0 picks a free one. */
export async function startFakeCentral(office: Office, pages: string, clock: Clock, port = 0): Promise<FakeCentral> {
  const listeners = new Set<(topic: Topic) => void>();
  const heard: FakeCentral['heard'] = [];
  let sessions = 0;
  let tries = 0;
  const validFrom = { session: 1 };
  const api = new Hono();
  const tell = (...topics: Topic[]) => {
    for (const listener of [...listeners]) for (const topic of topics) listener(topic);
  };
  const no = (code: string, message: string) => ({ error: { code, message } });

  api.use(async (c, next) => {
    if (c.req.method !== 'GET') {
      if (c.req.header('lintel-console') !== '1') return c.json(no('forged', 'header missing'), 403);
      heard.push({ path: c.req.path.replace('/console/api/v1', ''), body: await c.req.json() });
    }
    const isIn = Number(getCookie(c, COOKIE) ?? 0) >= validFrom.session;
    if (!isIn && !c.req.path.endsWith('/login')) return c.json(no('signed-out', 'Log in.'), 401);
    return next();
  });
  api.post('/login', async c => {
    const { username, password } = v.parse(Login, await c.req.json());
    if (tries >= 3) {
      tries = 0;
      return c.json(no('too-many-tries', 'Wait.'), 429, { 'retry-after': '90' });
    }
    if (username !== USERNAME || password !== PASSWORD) {
      tries++;
      return c.json(no('wrong-password', 'Wrong.'), 401);
    }
    tries = 0;
    sessions = Math.max(sessions + 1, validFrom.session);
    setCookie(c, COOKIE, String(sessions), { httpOnly: true, sameSite: 'Strict', path: '/' });
    return c.body(null, 204);
  });
  api.post('/logout', c => c.body(null, 204));
  api.get('/session', c => c.json({ username: USERNAME }));
  api.get('/overview', c => c.json(overviewOf(office)));
  api.get('/set-up', c => c.json(office.setUp));
  api.put('/set-up', async c => {
    office.setUp = { ...office.setUp, ...v.parse(SetUpInput, await c.req.json()) };
    tell('set-up');
    return c.body(null, 204);
  });
  api.post('/password', async c => {
    const { current } = v.parse(PasswordChange, await c.req.json());
    if (current !== PASSWORD) return c.json(no('wrong-password', 'The present password is another one.'), 403);
    office.setUp = { ...office.setUp, hasOwnPassword: true };
    tell('set-up');
    return c.body(null, 204);
  });
  for (const mount of [mountSettings, mountRooms, mountKeys, mountMacs, mountPolicies, mountDemo]) {
    mount({ api, office: () => office, tell, clock, no });
  }
  api.get('/stream', c =>
    streamSSE(c, async stream => {
      await new Promise<void>(resolve => {
        const listener = (topic: Topic) => void stream.writeSSE({ event: 'changed', data: topic });
        listeners.add(listener);
        stream.onAbort(() => {
          listeners.delete(listener);
          resolve();
        });
        void stream.write(': hello\n\n');
      });
    }),
  );

  const app = new Hono();
  app.route('/console/api/v1', api);
  app.get('/console/*', async c => {
    const path = normalize(c.req.path.replace(/^\/console\//, '') || 'index.html');
    const bytes = path.startsWith('..') ? null : await readFile(join(pages, path)).catch(() => null);
    if (!bytes) return c.text('not found', 404);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    return c.body(new Uint8Array(bytes), 200, { 'content-type': type, 'content-security-policy': CSP });
  });

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake central has no port');
  const stopStreams: Stop = () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    get office() {
      return office;
    },
    set office(next) {
      office = next;
      tell('server-settings', 'rooms', 'licence-keys', 'free-macs', 'general-settings', 'demo', 'set-up');
    },
    heard,
    tell,
    expireSessions() {
      validFrom.session = sessions + 1;
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        stopStreams();
      }),
  };
}

function overviewOf(office: Office): Overview {
  const { settings, token } = office.settings;
  return {
    serverSettings: settings === null ? 'not-set' : token.kind === 'issued' ? 'ok' : 'sign-in-needed',
    rooms: office.rooms.length,
    licenceKeysFree: office.licenceKeys.filter(key => key.state === 'free').length,
    waitingPanels: office.waiting.filter(panel => !panel.isRejected).length,
    conflicts: office.rooms.filter(({ panel }) => panel?.isConflict).length,
    alerts: office.alerts,
  };
}
