/** `/server-settings`: the connections, their tokens and consent. */
import { Hono, type Context as HonoContext } from 'hono';
import { setCookie } from 'hono/cookie';
import * as v from 'valibot';
import { sleep } from '../../contract/values/clock.ts';
import { seconds } from '../../contract/values/time.ts';
import type { ReadProblem } from '../../contract/values/trust.ts';
import {
  type CalendarList,
  type ConnectionTest,
  DEFAULT_CONNECTION,
  HolidayCalendar,
  type ImportOutcome,
  type SaveAnswer,
  type ServerSettings,
  ServerSettingsInput,
  ServerType,
} from '../../contract/wire/console.ts';
import { CONSENT_LINK_LIFE, makeConsentLink } from '../consent/admin-consent.ts';
import { testConnection } from '../consent/connection-test.ts';
import { connectionUnknown, settingsIncomplete } from '../consent/refusals.ts';
import { isApplication } from '../consent/rights.ts';
import { SIGN_IN_LIFE } from '../consent/sign-in.ts';
import { tellConnection } from '../fleet/config.ts';
import { importRooms } from '../fleet/import-rooms.ts';
import { type Refusal, refused } from '../fleet/refusal.ts';
import { addConnection, deleteConnection, saveServerSettings } from '../fleet/settings.ts';
import { providerMissing } from '../fleet/settings-input.ts';
import { listConnections, readServerSettings } from '../fleet/settings-view.ts';
import { listCalendars } from '../holidays/read.ts';
import { openTenantGraph } from '../rooms/tenant-graph.ts';
import { findSettings } from '../store/settings.ts';
import { ownOrigin } from './address.ts';
import { type Parsed, parseValue, refusal, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';
import { CALLBACK_PATH, CONSENT_COOKIE, SIGN_IN_COOKIE } from './oauth-callback.ts';

/** For a tenant that does not answer; what is left there runs out by itself. */
const PATIENCE = seconds(8);

type Handled = HonoContext<ConsoleEnv>;

export function settingsApi(services: Services): Hono<ConsoleEnv> {
  const { context, tokens, connections, signIn } = services;
  const { db } = context.store;
  const api = new Hono<ConsoleEnv>();
  const redirectUri = (c: Handled) => ownOrigin(c.env, services) + CALLBACK_PATH;
  const read = (c: Handled, id: string) => readServerSettings(services, id, redirectUri(c));
  const isThere = async (id: string) => (await findSettings(db, id)) !== undefined;

  // Also for what other files hang below: of an unknown connection nothing is written, remembered or asked.
  api.use('/:id/*', async (c, next) => {
    const id = c.req.param('id');
    if (id !== DEFAULT_CONNECTION && !(await isThere(id))) return notFound(c);
    return next();
  });

  api.get('/', async c => c.json(await listConnections(services)));

  api.post('/', async c => {
    const input = await parseSettings(c);
    if (input.kind === 'invalid') return input.answer;
    const added = await addConnection(context, tokens, input.value, c.var.session.admin);
    return added.kind === 'refused' ? refusal(c, added) : c.json({ id: added.id });
  });

  api.get('/:id', async c => {
    const found = await read(c, c.req.param('id'));
    return found.kind === 'refused' ? notFound(c) : c.json(found.value);
  });

  api.put('/:id', async c => {
    const id = c.req.param('id');
    const input = await parseSettings(c);
    if (input.kind === 'invalid') return input.answer;
    const { admin } = c.var.session;
    const saved = await saveServerSettings(context, tokens, id, input.value, admin);
    if (saved.kind === 'refused') return refusedOrGone(c, saved);
    // A new secret is tried now, not when the token at hand has run out.
    const isNew = input.value.clientSecret !== null || input.value.certificate !== null;
    if (isNew && (await tokens.status(id)).kind === 'issued') await tokens.refresh(id, admin);
    return answerSaved(c, id, await importRooms(context, connections, tokens, id, admin));
  });

  api.delete('/:id', async c => {
    // While there is a token to do it with. Those of rooms with panels stay, and nothing is deleted then.
    const end = new AbortController();
    const timeUp = sleep(context.clock, PATIENCE, end.signal).catch(() => {});
    await Promise.race([services.notifications.tend(), timeUp]);
    end.abort();
    const deleted = await deleteConnection(context, connections, tokens, c.req.param('id'), c.var.session.admin);
    return deleted.kind === 'deleted' ? c.body(null, 204) : refusedOrGone(c, deleted);
  });

  api.get('/:id/calendars', async c => {
    const mailbox = parseValue(c, Mailbox, c.req.query('mailbox') || null);
    if (mailbox.kind === 'invalid') return mailbox.answer;
    const tenant = await openTenantGraph(context, connections, tokens, c.req.param('id'));
    if (tenant.kind === 'no-token') {
      return wireError(c, 409, 'no-token', 'Central has no access token for these server settings. Get one first.');
    }
    const listed = tenant.kind === 'open' ? await listCalendars(tenant, mailbox.value) : tenant;
    if (listed.kind === 'failed') {
      return wireError(
        c,
        502,
        listed.problem,
        `${WHY_NO_CALENDARS[listed.problem] ?? 'The calendars could not be read.'} (${listed.detail})`,
      );
    }
    return c.json({ calendars: listed.calendars } satisfies CalendarList);
  });

  api.post('/:id/test', async c => {
    const tested = await testConnection(context, connections, tokens, c.req.param('id'));
    return 'kind' in tested ? refusal(c, tested) : c.json(tested satisfies ConnectionTest);
  });

  api.post('/:id/token', async c => {
    const id = c.req.param('id');
    const { admin } = c.var.session;
    const settings = await findSettings(db, id);
    if (settings === undefined) return refusal(c, settingsIncomplete());
    if (isApplication(settings.sign_in)) {
      const asked = await tokens.fetchForApplication(id, admin);
      if (asked.kind === 'refused') return refusal(c, asked);
      await tellConnection(context, id);
      return answerSaved(c, id, await importRooms(context, connections, tokens, id, admin));
    }
    const begun = await signIn.begin(id, admin, redirectUri(c));
    if (begun.kind === 'refused') return refusal(c, begun);
    keepForReturn(c, SIGN_IN_COOKIE, begun.browserSecret, SIGN_IN_LIFE);
    return c.json({ url: begun.url });
  });

  api.post('/:id/token/refresh', async c => {
    const id = c.req.param('id');
    if (!(await isThere(id))) return refusal(c, settingsIncomplete());
    return c.json(await tokens.refresh(id, c.var.session.admin));
  });

  api.delete('/:id/token', async c => {
    const id = c.req.param('id');
    const status = await tokens.forget(id, c.var.session.admin);
    // At once: panels hold tokens that Graph would take for an hour yet.
    await tellConnection(context, id);
    return c.json(status);
  });

  api.post('/:id/consent', async c => {
    const settings = await findSettings(db, c.req.param('id'));
    if (settings === undefined) {
      return refusal(c, refused('settings-incomplete', 'Save the server settings first.'));
    }
    const { url, expires, nonce } = await makeConsentLink(context, settings, redirectUri(c), c.var.session.admin);
    keepForReturn(c, CONSENT_COOKIE, nonce, CONSENT_LINK_LIFE);
    return c.json({ url, expires });
  });

  async function answerSaved(c: Handled, id: string, imported: ImportOutcome) {
    const found = await read(c, id);
    if (found.kind === 'refused') return notFound(c);
    const settings: ServerSettings = found.value;
    return c.json({ settings, imported } satisfies SaveAnswer);
  }

  return api;
}

/** Lax, unlike the session's: the browser comes back from another site, and this one must come along. */
function keepForReturn(c: Handled, name: string, value: string, life: number) {
  setCookie(c, name, value, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: Math.floor(life / 1000),
  });
}

const WHY_NO_CALENDARS: Partial<Record<ReadProblem, string>> = {
  'room-not-found': 'The provider does not know this mailbox.',
  'no-access': 'The account may not read the calendars of this mailbox.',
};

/** Whose calendars are listed. */
const Mailbox = HolidayCalendar.entries.mailbox;

const WithType = v.object({ serverType: ServerType });

/** A type whose provider is not there is refused before anything else in the form is looked at. */
async function parseSettings(c: Handled): Promise<Parsed<ServerSettingsInput>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (body === undefined) return { kind: 'invalid', answer: wireError(c, 400, 'invalid', 'The body is not JSON.') };
  const typed = v.safeParse(WithType, body);
  const missing = typed.success ? providerMissing(typed.output.serverType) : null;
  if (missing !== null) return { kind: 'invalid', answer: refusal(c, missing) };
  return parseValue(c, ServerSettingsInput, body);
}

const refusedOrGone = (c: Handled, no: Refusal) =>
  no.code === connectionUnknown().code ? notFound(c) : refusal(c, no);

const notFound = (c: Handled) => {
  const { code, message } = connectionUnknown();
  return wireError(c, 404, code, message);
};
