import { Hono, type Context as HonoContext } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { seconds } from '../../contract/values/time.ts';
import { Login } from '../../contract/wire/console.ts';
import { countTry, type Failures, isForgotten, waitBeforeTry } from '../domain/login-throttle.ts';
import { findAdmin } from '../fleet/admins.ts';
import { hashOf } from '../random.ts';
import { audit } from '../store/audit.ts';
import { remoteAddress } from './address.ts';
import { parseBody, tooMany, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { makePasswords } from './password.ts';
import { RateLimit } from './rate-limit.ts';
import { SESSION_COOKIE } from './sessions.ts';

const TRIES_PER_ADDRESS = { burst: 20, refill: seconds(6) };
const MOST_ACCOUNTS = 10_000;
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;

export function loginApi(services: Services): Hono<ConsoleEnv> {
  const { context, sessions } = services;
  const { clock, log, store } = context;
  const passwords = makePasswords();
  const byAddress = new RateLimit(clock, TRIES_PER_ADDRESS);
  /** By the name that was typed, whether there is such an account or not: both answer alike. */
  const failures = new Map<string, Failures>();
  const api = new Hono<ConsoleEnv>();

  api.post('/login', async c => {
    const address = remoteAddress(c.env);
    const wait = byAddress.take(address);
    if (wait !== null) return tooMany(c, wait, 'Too many tries; wait a little.');
    const body = await parseBody(c, Login);
    if (body.kind === 'invalid') return body.answer;
    const username = body.value.username.toLowerCase();
    const accountWait = waitBeforeTry(failures.get(username), clock.now());
    if (accountWait > 0) return tooMany(c, accountWait, 'Too many tries; wait a little.');
    noteTry(username);

    const admin = await findAdmin(store.db, username);
    const checked = await passwords.check(body.value.password, admin?.password_hash ?? null);
    if (checked === 'busy') return wireError(c, 503, 'busy', 'Too many people log in right now; try again.');
    const actor = admin?.username ?? 'unknown';
    if (checked === 'wrong' || admin === undefined) {
      await audit(store.db, clock, { actor, action: 'login-failed', subject: actor, detail: { address } });
      log.warn('login-failed', { account: actor, address });
      return wireError(c, 401, 'wrong-login', 'User name or password is wrong.');
    }
    failures.delete(username);
    byAddress.refund(address);
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

  function noteTry(username: string) {
    if (failures.size >= MOST_ACCOUNTS) {
      for (const [name, known] of failures) if (isForgotten(known, clock.now())) failures.delete(name);
      const oldest = failures.keys().next();
      if (failures.size >= MOST_ACCOUNTS && !oldest.done) failures.delete(oldest.value);
    }
    failures.set(username, countTry(failures.get(username), clock.now()));
  }

  async function endSession(c: HonoContext) {
    const secret = getCookie(c, SESSION_COOKIE);
    if (secret !== undefined) await sessions.end(hashOf(secret));
  }

  return api;
}
