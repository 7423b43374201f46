/** The console pages' side of central: src/contract/wire/console.ts is its specification. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { Policy } from '../../contract/values/config.ts';
import { PanelId } from '../../contract/values/ids.ts';
import { Approval, NewLicenceKeysInput, type Overview, type TokenStatus } from '../../contract/wire/console.ts';
import { readPolicy, setPolicy } from '../fleet/config.ts';
import { listLicenceKeys, makeLicenceKeys, revokeLicenceKey } from '../fleet/licences.ts';
import { approve, reject, unpair } from '../fleet/pairing.ts';
import { listRooms } from '../fleet/rooms.ts';
import { listWaiting, overview } from '../fleet/waiting.ts';
import { findSettings } from '../store/settings.ts';
import { parseBody, refusal, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { refuseCrossSite, requireSession } from './guard.ts';
import { loginApi } from './login.ts';
import { settingsApi } from './settings-api.ts';
import { ALREADY_SENT, openEventStream } from './sse.ts';

const LARGEST_BODY = 256 * 1024;

export function consoleApi(services: Services): Hono<ConsoleEnv> {
  const { context } = services;
  const { db } = context.store;
  const api = new Hono<ConsoleEnv>();

  api.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  api.use(refuseCrossSite);
  api.use(bodyLimit({ maxSize: LARGEST_BODY, onError: c => wireError(c, 413, 'invalid', 'The body is too large.') }));
  api.route('/', loginApi(services));
  api.use(requireSession(services));

  api.get('/session', c => c.json({ username: c.var.session.admin }));

  api.get('/overview', async c => {
    const hasSettings = (await findSettings(db)) !== undefined;
    const serverSettings = hasSettings ? healthOf(await services.tokens.status()) : 'not-set';
    return c.json({ serverSettings, ...(await overview(context)) } satisfies Overview);
  });

  api.route('/server-settings', settingsApi(services));

  api.get('/policy', async c => c.json(await readPolicy(db)));
  api.put('/policy', async c => {
    const policy = await parseBody(c, Policy);
    if (policy.kind === 'invalid') return policy.answer;
    await setPolicy(context, policy.value, c.var.session.admin);
    return c.body(null, 204);
  });

  api.get('/rooms', async c => c.json(await listRooms(context)));

  api.get('/licence-keys', async c => c.json(await listLicenceKeys(db)));
  api.post('/licence-keys', async c => {
    const input = await parseBody(c, NewLicenceKeysInput);
    if (input.kind === 'invalid') return input.answer;
    return c.json(await makeLicenceKeys(context, input.value.count, input.value.note, c.var.session.admin));
  });
  api.post('/licence-keys/:id/revoke', async c => {
    const outcome = await revokeLicenceKey(context, c.req.param('id'), c.var.session.admin);
    return outcome.kind === 'refused' ? refusal(c, outcome) : c.json(outcome.row);
  });

  api.get('/free-macs', async c => c.json(await listWaiting(context)));
  api.post('/free-macs/:panel/approve', async c => {
    const panel = v.safeParse(PanelId, c.req.param('panel'));
    if (!panel.success) return wireError(c, 404, 'panel-unknown', 'There is no such panel.');
    const approval = await parseBody(c, Approval);
    if (approval.kind === 'invalid') return approval.answer;
    const outcome = await approve(context, panel.output, approval.value, c.var.session.admin);
    // Of what an approval names, nothing may be missing: that is a conflict, not a wrong address.
    if (outcome.kind === 'refused') return wireError(c, 409, outcome.code, outcome.message);
    return c.body(null, 204);
  });
  for (const [path, act] of [
    ['/free-macs/:panel/reject', reject],
    ['/panels/:panel/unpair', unpair],
  ] as const) {
    api.post(path, async c => {
      const panel = v.safeParse(PanelId, c.req.param('panel'));
      if (!panel.success) return wireError(c, 404, 'panel-unknown', 'There is no such panel.');
      const outcome = await act(context, panel.output, c.var.session.admin);
      return outcome.kind === 'refused' ? refusal(c, outcome) : c.body(null, 204);
    });
  }

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

/** A grant that cannot be refreshed needs the admin; a provider that is away for a while does not. */
function healthOf(token: TokenStatus): Overview['serverSettings'] {
  if (token.kind === 'none') return 'sign-in-needed';
  const passing = ['unreachable', 'empty-token'];
  return token.problem === null || passing.includes(token.problem.kind) ? 'ok' : 'sign-in-needed';
}
