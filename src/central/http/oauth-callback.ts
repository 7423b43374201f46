import { Hono, type Context as HonoContext } from 'hono';
import { deleteCookie, getCookie } from 'hono/cookie';
import type { ConsoleEnv, Services } from './env.ts';

export const CALLBACK_PATH = '/console/oauth/callback';
export const SIGN_IN_COOKIE = '__Host-lintel-oauth';
const LONGEST = 8192;

/** Where the browser comes back from the sign-in. Whatever happened, the settings page shows it. */
export function oauthCallback({ signIn, context }: Services): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();
  app.get('/', async c => {
    const state = param(c, 'state');
    const secret = getCookie(c, SIGN_IN_COOKIE) ?? null;
    if (state !== null) {
      const callback = {
        state,
        code: param(c, 'code'),
        error: param(c, 'error'),
        errorDescription: param(c, 'error_description') ?? '',
      };
      const outcome = await signIn.finish(callback, secret);
      if (outcome.kind === 'not-ours') context.log.warn('sign-in-callback-ignored', { hadCookie: secret !== null });
      else deleteCookie(c, SIGN_IN_COOKIE, { path: '/', secure: true });
    }
    c.header('Cache-Control', 'no-store');
    return c.redirect('/console/#/server-settings', 302);
  });
  return app;
}

function param(c: HonoContext, name: string): string | null {
  const value = c.req.query(name);
  return value === undefined || value === '' || value.length > LONGEST ? null : value;
}
