import { Hono, type Context as HonoContext } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Login, PasswordChange } from '../../contract/wire/console.ts';
import { findAdmin } from '../fleet/admins.ts';
import { changeOwnPassword } from '../fleet/own-password.ts';
import { hashOf } from '../random.ts';
import { audit } from '../store/audit.ts';
import { remoteAddress } from './address.ts';
import { parseBody, tooMany, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { requireSession } from './guard.ts';
import { LoginTries } from './login-tries.ts';
import { makePasswords } from './password.ts';
import { SESSION_COOKIE } from './sessions.ts';

const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;
const WAIT = 'Too many tries; wait a little.';
const BUSY = 'Too many people log in right now; try again.';

/** Wherever a password is tried: logging in and out, and changing it. Tries count together, wherever they are made. */
export function loginApi(services: Services): Hono<ConsoleEnv> {
  const { context, sessions } = services;
  const { clock, log, store } = context;
  const passwords = makePasswords();
  const tries = new LoginTries(clock);
  const api = new Hono<ConsoleEnv>();

  api.post('/login', async c => {
    const address = remoteAddress(c.env);
    const wait = tries.takeFrom(address);
    if (wait !== null) return tooMany(c, wait, WAIT);
    const body = await parseBody(c, Login);
    if (body.kind === 'invalid') return body.answer;
    const username = body.value.username.toLowerCase();
    const accountWait = tries.takeFor(username, address);
    if (accountWait !== null) return tooMany(c, accountWait, WAIT);

    const admin = await findAdmin(store.db, username);
    const checked = await passwords.check(body.value.password, admin?.password_hash ?? null);
    if (checked === 'busy') return wireError(c, 503, 'busy', BUSY);
    const actor = admin?.username ?? 'unknown';
    if (checked === 'wrong' || admin === undefined) {
      await audit(store.db, clock, { actor, action: 'login-failed', subject: actor, detail: { address } });
      log.warn('login-failed', { account: actor, address });
      return wireError(c, 401, 'wrong-login', 'User name or password is wrong.');
    }
    tries.succeeded(address, username);
    await endSession(c);
    setCookie(c, SESSION_COOKIE, await sessions.begin(admin.id), COOKIE);
    await audit(store.db, clock, { actor, action: 'logged-in', subject: actor, detail: { address } });
    return c.body(null, 204);
  });

  api.post('/logout', async c => {
    await endSession(c);
    deleteCookie(c, SESSION_COOKIE, COOKIE);
    return c.body(null, 204);
  });

  api.post('/password', requireSession(services), async c => {
    const { admin: username, hash } = c.var.session;
    const address = remoteAddress(c.env);
    const wait = tries.takeFrom(address);
    if (wait !== null) return tooMany(c, wait, WAIT);
    const body = await parseBody(c, PasswordChange);
    if (body.kind === 'invalid') return body.answer;
    const accountWait = tries.takeFor(username, address);
    if (accountWait !== null) return tooMany(c, accountWait, WAIT);

    const admin = await findAdmin(store.db, username);
    const checked = await passwords.check(body.value.current, admin?.password_hash ?? null);
    if (checked === 'busy') return wireError(c, 503, 'busy', BUSY);
    const isChanged =
      checked === 'right' &&
      admin !== undefined &&
      (await changeOwnPassword(context, admin, await passwords.hash(body.value.next), hash));
    if (!isChanged) {
      const detail = { address };
      await audit(store.db, clock, { actor: username, action: 'password-change-failed', subject: username, detail });
      log.warn('password-change-failed', { account: username, address });
      return wireError(c, 403, 'wrong-password', 'The current password is not the one you typed.');
    }
    tries.succeeded(address, username);
    return c.body(null, 204);
  });

  async function endSession(c: HonoContext) {
    const secret = getCookie(c, SESSION_COOKIE);
    if (secret !== undefined) await sessions.end(hashOf(secret));
  }

  return api;
}
