import { Hono, type Context as HonoContext } from 'hono';
import { deleteCookie, getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { sleep } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import { type ConsentHeard, hearConsent, isConsentState } from '../consent/admin-consent.ts';
import { tellConnection } from '../fleet/config.ts';
import { importRooms } from '../fleet/import-rooms.ts';
import { remoteAddress } from './address.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { RateLimit } from './rate-limit.ts';

export const CALLBACK_PATH = '/console/oauth/callback';
export const SIGN_IN_COOKIE = '__Host-lintel-oauth';
/** Of the browser that asked for a consent link: it is led back into the console, others see a page of thanks. */
export const CONSENT_COOKIE = '__Host-lintel-consent';
const LONGEST = 8192;
const PATIENCE = seconds(8);
/** Answers to consent links, an address: nobody has to log in to send them. */
const ANSWERS = { burst: 20, refill: seconds(10) };

/** Where browsers come back from the sign-in and from giving consent. Whatever happened, the settings page shows it. */
export function oauthCallback(services: Services): Hono<ConsoleEnv> {
  const { signIn, tokens, context } = services;
  const answers = new RateLimit(context.clock, ANSWERS);
  const app = new Hono<ConsoleEnv>();

  app.get('/', async c => {
    c.header('Cache-Control', 'no-store');
    const state = param(c, 'state');
    if (state === null) return toSettings(c, null);
    return isConsentState(state) ? consentCameBack(c, state) : signInCameBack(c, state);
  });

  async function signInCameBack(c: HonoContext<ConsoleEnv>, state: string) {
    const secret = getCookie(c, SIGN_IN_COOKIE) ?? null;
    const callback = {
      state,
      code: param(c, 'code'),
      error: param(c, 'error'),
      errorDescription: param(c, 'error_description') ?? '',
    };
    const outcome = await signIn.finish(callback, secret);
    if (outcome.kind === 'not-ours') {
      context.log.warn('sign-in-callback-ignored', { hadCookie: secret !== null });
      return toSettings(c, null);
    }
    deleteCookie(c, SIGN_IN_COOKIE, { path: '/', secure: true });
    if (outcome.kind === 'done') {
      await tellConnection(context, outcome.connection);
      await importSoon(outcome.connection);
    }
    return toSettings(c, outcome.connection);
  }

  /** The rooms are there when the page is; with thousands of them they follow. Whatever goes wrong stands in the settings. */
  async function importSoon(connection: string): Promise<void> {
    // What the sign-in itself lacks says more than what an import would meet.
    const token = await tokens.status(connection);
    if (token.kind !== 'issued' || token.problem !== null) return;
    const imported = importRooms(context, services.connections, tokens, connection, 'central').catch((error: unknown) =>
      context.log.error('import-broke', { connection, detail: String(error) }),
    );
    await Promise.race([imported, sleep(context.clock, PATIENCE)]);
  }

  async function consentCameBack(c: HonoContext<ConsoleEnv>, state: string) {
    const wait = answers.take(remoteAddress(c.env));
    if (wait !== null) {
      c.header('Retry-After', String(Math.max(1, Math.ceil(wait / 1000))));
      return page(c, { kind: 'too-many' });
    }
    const heard = await hearConsent(context, tokens, {
      state,
      adminConsent: param(c, 'admin_consent'),
      tenant: param(c, 'tenant'),
      error: param(c, 'error'),
      errorDescription: param(c, 'error_description') ?? '',
    });
    if (heard.kind === 'not-ours') {
      context.log.warn('consent-callback-ignored', { why: heard.why });
      return page(c, heard);
    }
    const isOwnBrowser = getCookie(c, CONSENT_COOKIE) === heard.nonce;
    if (!isOwnBrowser) return page(c, heard);
    deleteCookie(c, CONSENT_COOKIE, { path: '/', secure: true });
    return toSettings(c, heard.connection);
  }

  return app;
}

function toSettings(c: HonoContext, connection: string | null) {
  const query = connection === null ? '' : `?${new URLSearchParams({ connection })}`;
  return c.redirect(`/console/#/server-settings${query}`, 302);
}

type Told = ConsentHeard | { kind: 'too-many' };

/** For the administrator who opened the link, in a browser that knows nothing of the console. */
function page(c: HonoContext, heard: Told) {
  const [title, text, status] = words(heard);
  return c.html(
    html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lintel: ${title}</title></head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>`,
    status,
  );
}

function words(heard: Told): [title: string, text: string, status: 200 | 400 | 429] {
  switch (heard.kind) {
    case 'granted':
      return [
        'Thank you',
        'The calendar integration is allowed for the whole organisation. Nobody will be asked again, and you can close this page.',
        200,
      ];
    case 'declined':
      return [
        'The calendar integration is not allowed yet',
        `Microsoft Entra ID answered: ${heard.problem.detail} To allow it after all, open the link once more.`,
        200,
      ];
    case 'not-ours':
      return [
        'This link does not work any more',
        'It was altered or used before, it is older than a week, or its connection was deleted. Ask whoever sent it to you for a new one.',
        400,
      ];
    case 'too-many':
      return ['Too many answers', 'Wait a minute, then load this page again.', 429];
  }
}

function param(c: HonoContext, name: string): string | null {
  const value = c.req.query(name);
  return value === undefined || value === '' || value.length > LONGEST ? null : value;
}
