/** The console pages' side of central: src/contract/wire/console.ts is its specification. One file a group of routes. */
import { Hono } from 'hono';
import { wireError } from './answers.ts';
import { limitBody } from './body-limit.ts';
import { demoApi } from './demo-api.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { refuseCrossSite, requireSession } from './guard.ts';
import { licencesApi } from './licences-api.ts';
import { loginApi } from './login.ts';
import { overviewApi } from './overview-api.ts';
import { panelsApi } from './panels-api.ts';
import { policiesApi } from './policies-api.ts';
import { roomChecksApi } from './room-checks-api.ts';
import { roomsApi } from './rooms-api.ts';
import { settingsApi } from './settings-api.ts';
import { ALREADY_SENT, openEventStream } from './sse.ts';

/** A roll-out of some thousand panels is the longest thing anybody sends. */
const LARGEST_BODY = 3 * 1024 * 1024;

/** As it is written in an address: no id has one, and PostgreSQL would not even look for it. */
const CONTROL_CHARACTER = /%([01][0-9a-f]|7f)/i;

export function consoleApi(services: Services): Hono<ConsoleEnv> {
  const { context } = services;
  const api = new Hono<ConsoleEnv>();

  api.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  api.use(refuseCrossSite);
  api.use(limitBody(LARGEST_BODY));
  api.use(async (c, next) => {
    if (CONTROL_CHARACTER.test(c.req.url))
      return wireError(c, 400, 'invalid', 'The address holds a control character.');
    return next();
  });
  api.route('/', loginApi(services));
  api.use(requireSession(services));

  api.route('/', overviewApi(services));
  api.route('/server-settings', settingsApi(services));
  api.route('/server-settings', roomChecksApi(services));
  api.route('/rooms', roomsApi(services));
  api.route('/', licencesApi(services));
  api.route('/', panelsApi(services));
  api.route('/policies', policiesApi(services));
  api.route('/demo', demoApi(services));

  api.get('/stream', c => {
    const { hash } = c.var.session;
    const headers = { 'x-content-type-options': 'nosniff' };
    const stream = openEventStream(c.env.outgoing, context.clock, headers, {
      onEnd: () => stopListening(),
      onBeat: () => services.sessions.lasts(hash),
    });
    const stopListening = context.hub.listenTopics(
      topic => stream.send('changed', topic),
      () => stream.close(),
    );
    return ALREADY_SENT;
  });

  return api;
}
