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
import { hours, plus } from '../../src/contract/values/time.ts';
import {
  Approval,
  LicenceKeyRow,
  Login,
  NewLicenceKeysInput,
  type Overview,
  RoomRow,
  ServerSettings,
  ServerSettingsInput,
  type Topic,
} from '../../src/contract/wire/console.ts';
import type { Office } from './fixtures.ts';

/** What central sends with its pages. */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";
export const USERNAME = 'admin';
export const PASSWORD = 'correct horse battery';
export const SIGN_IN_URL = 'https://login.example.com/contoso/oauth2/v2.0/authorize?client_id=x';
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
  api.get('/server-settings', c => c.json(office.settings));
  api.put('/server-settings', async c => {
    const parsed = v.safeParse(ServerSettingsInput, await c.req.json());
    if (!parsed.success) return c.json(no('invalid', 'Invalid settings.'), 400);
    const { clientSecret, ...rest } = parsed.output;
    const hasClientSecret = clientSecret !== null || (office.settings.settings?.hasClientSecret ?? false);
    office.settings = v.parse(ServerSettings, { ...office.settings, settings: { ...rest, hasClientSecret } });
    const isImported = office.settings.token.kind === 'issued';
    tell('server-settings', 'rooms');
    return c.json({
      settings: office.settings,
      imported: isImported ? { added: office.rooms.length, updated: 0, missing: 1 } : null,
    });
  });
  api.post('/server-settings/token', c => c.json({ url: SIGN_IN_URL }));
  api.post('/server-settings/token/refresh', c => {
    const issued = clock.now();
    const token = { ...office.settings.token, problem: null, issued, expires: plus(issued, hours(1)) };
    office.settings = v.parse(ServerSettings, { ...office.settings, token });
    return c.json(office.settings.token);
  });
  api.delete('/server-settings/token', c => {
    office.settings = { ...office.settings, token: { kind: 'none', problem: null } };
    tell('server-settings');
    return c.json(office.settings.token);
  });

  api.get('/rooms', c => c.json(office.rooms));
  api.get('/licence-keys', c => c.json(office.licenceKeys));
  api.post('/licence-keys', async c => {
    const { count, note } = v.parse(NewLicenceKeysInput, await c.req.json());
    const keys = Array.from({ length: count }, (_, n) => ({
      id: `new-${n}`,
      key: `ABCDE-FGHJK-MNPQR-STVWX-${String(10000 + n)}`,
    }));
    const rows = keys.map(({ id, key }) => ({
      id,
      hint: `${key.slice(0, 5)}…${key.slice(-5)}`,
      note,
      created: clock.now(),
      state: 'free',
      room: null,
    }));
    office.licenceKeys.push(...v.parse(v.array(LicenceKeyRow), rows));
    tell('licence-keys');
    return c.json({ keys });
  });
  api.post('/licence-keys/:id/revoke', c => {
    const row = office.licenceKeys.find(key => key.id === c.req.param('id'));
    if (!row) return c.json(no('key-unknown', 'There is no such licence key.'), 404);
    Object.assign(row, { state: 'revoked', room: null });
    return c.json(row);
  });

  api.get('/free-macs', c => c.json(office.waiting));
  api.post('/free-macs/:panel/approve', async c => {
    const approval = v.parse(Approval, await c.req.json());
    const panel = office.waiting.find(waiting => waiting.panel === c.req.param('panel'));
    const room = office.rooms.find(({ id }) => id === approval.room);
    if (!panel || !room || room.panel) return c.json(no('room-taken', `${room?.name} has a panel already.`), 409);
    const key = office.licenceKeys.find(({ id, state }) => state === 'free' && id === (approval.licenceKeyId ?? id));
    if (!key) return c.json(no('no-free-licence-key', 'There is no free licence key.'), 409);
    Object.assign(key, { state: 'used', room: room.name });
    const { panel: id, mac, hostname, isOnline, lastSeen, keyStore } = panel;
    const blank = { lastRead: null, readProblem: null, problems: [], configVersion: null, targetVersion: 1 };
    const paired = {
      id,
      mac,
      hostname,
      isOnline,
      lastSeen,
      keyStore,
      ...blank,
      configRefused: null,
      isConflict: false,
    };
    Object.assign(room, v.parse(RoomRow, { ...room, panel: paired }));
    office.waiting = office.waiting.filter(waiting => waiting !== panel);
    tell('free-macs', 'rooms', 'licence-keys');
    return c.body(null, 204);
  });
  api.post('/free-macs/:panel/reject', c => {
    const panel = office.waiting.find(waiting => waiting.panel === c.req.param('panel'));
    if (panel) Object.assign(panel, { isRejected: true, code: null, expires: null });
    tell('free-macs');
    return c.body(null, 204);
  });
  api.post('/panels/:panel/unpair', c => {
    const room = office.rooms.find(({ panel }) => panel?.id === c.req.param('panel'));
    if (room) room.panel = null;
    tell('rooms', 'free-macs');
    return c.body(null, 204);
  });
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
      tell('server-settings', 'rooms', 'licence-keys', 'free-macs');
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
  };
}
