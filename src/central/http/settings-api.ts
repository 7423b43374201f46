import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { type SaveAnswer, ServerSettingsInput } from '../../contract/wire/console.ts';
import { SIGN_IN_LIFE } from '../consent/sign-in.ts';
import { importRooms } from '../fleet/import-rooms.ts';
import { readServerSettings, saveServerSettings } from '../fleet/settings.ts';
import { ownOrigin } from './address.ts';
import { parseBody, refusal } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { CALLBACK_PATH, SIGN_IN_COOKIE } from './oauth-callback.ts';

export function settingsApi(services: Services): Hono<ConsoleEnv> {
  const { context, tokens, connections, signIn } = services;
  const api = new Hono<ConsoleEnv>();
  const redirectUri = (bindings: ConsoleEnv['Bindings']) => ownOrigin(bindings, services) + CALLBACK_PATH;

  api.get('/', async c => c.json(await readServerSettings(context, tokens, redirectUri(c.env))));

  api.put('/', async c => {
    const input = await parseBody(c, ServerSettingsInput);
    if (input.kind === 'invalid') return input.answer;
    const { admin } = c.var.session;
    const saved = await saveServerSettings(context, tokens, input.value, admin);
    if (saved.kind === 'refused') return refusal(c, saved);
    // A new secret is tried now, not when the token at hand has run out.
    const isIssued = (await tokens.status()).kind === 'issued';
    if (input.value.clientSecret !== null && isIssued) await tokens.refresh(admin);
    const imported = await importRooms(context, connections, tokens, input.value.defaultZone, admin);
    const settings = await readServerSettings(context, tokens, redirectUri(c.env));
    return c.json({ settings, imported } satisfies SaveAnswer);
  });

  api.post('/token', async c => {
    const begun = await signIn.begin(c.var.session.admin, redirectUri(c.env));
    if (begun.kind === 'refused') return refusal(c, begun);
    // Lax, unlike the session's: the browser comes back from another site, and this one must come along.
    setCookie(c, SIGN_IN_COOKIE, begun.browserSecret, {
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: Math.floor(SIGN_IN_LIFE / 1000),
    });
    return c.json({ url: begun.url });
  });

  api.post('/token/refresh', async c => c.json(await tokens.refresh(c.var.session.admin)));
  api.delete('/token', async c => c.json(await tokens.forget(c.var.session.admin)));

  return api;
}
