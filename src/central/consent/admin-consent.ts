/**
 * Admin consent (learn.microsoft.com/entra/identity-platform/v2-admin-consent): a link that an administrator of the tenant
 * opens in any browser. What comes back carries our own state, sealed: it says which connection, until when, and cannot
 * be made by anybody else, and each link's answer counts once. It opens nothing, so that whoever holds the link can at
 * worst tell the page a wrong status, which the next token puts right.
 */
import * as v from 'valibot';
import { hours, Instant, plus } from '../../contract/values/time.ts';
import type { ConsentStatus, TokenProblem } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { newSecret } from '../random.ts';
import { audit } from '../store/audit.ts';
import { SealError } from '../store/seal.ts';
import { consentOf, findSettings, noteConsent } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import { classifyCallback } from './problems.ts';
import { scopesFor } from './rights.ts';
import type { Tokens } from './tokens.ts';
import { useLink } from './used-links.ts';

/** How long a link that was sent by mail may lie about. */
export const CONSENT_LINK_LIFE = hours(24 * 7);

/** Tells the state of a consent link from that of a sign-in, which is plain random. */
const MARK = 'consent.';
const PLACE = { table: 'consent-links', column: 'state', row: 'callback' };
const State = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ connection: v.string(), expires: Instant, nonce: v.string() }),
);

export type MadeLink = { url: string; expires: Instant; nonce: string };

/** `nonce` is for a cookie: the browser that asked for the link is led back into the console. */
export async function makeConsentLink(
  context: Context,
  settings: SettingsRow,
  redirectUri: string,
  admin: string,
): Promise<MadeLink> {
  const expires = plus(context.clock.now(), CONSENT_LINK_LIFE);
  const nonce = newSecret();
  const state = MARK + context.sealer.seal(JSON.stringify({ connection: settings.id, expires, nonce }), PLACE);
  const url = new URL(`${settings.authority}/${settings.tenant_id}/v2.0/adminconsent`);
  url.search = new URLSearchParams({
    client_id: settings.client_id,
    // Those of the sign-in too, or people would be asked for them one by one.
    scope: scopesFor(settings.sign_in, settings.graph_base).join(' '),
    redirect_uri: redirectUri,
    state,
  }).toString();
  const { store, clock } = context;
  await audit(store.db, clock, { actor: admin, action: 'consent-link-made', subject: settings.id });
  return { url: url.href, expires, nonce };
}

export const isConsentState = (state: string) => state.startsWith(MARK);

export type ConsentCallback = {
  state: string;
  adminConsent: string | null;
  tenant: string | null;
  error: string | null;
  errorDescription: string;
};
export type ConsentHeard =
  | { kind: 'granted'; connection: string; nonce: string }
  | { kind: 'declined'; connection: string; nonce: string; problem: TokenProblem }
  | { kind: 'not-ours'; why: 'forged' | 'expired' | 'gone' | 'used' };

/** Takes the administrator's answer to heart. A token that waited for it is asked for at once. */
export async function hearConsent(context: Context, tokens: Tokens, callback: ConsentCallback): Promise<ConsentHeard> {
  const { store, clock, hub, sealer } = context;
  const state = openState(text => sealer.open(text, PLACE), callback.state);
  if (state === null) return { kind: 'not-ours', why: 'forged' };
  if (state.expires <= clock.now()) return { kind: 'not-ours', why: 'expired' };
  const { connection, nonce } = state;
  const taken = await store.transact(async tx => {
    const settings = await findSettings(tx, connection);
    if (settings === undefined) return null;
    const problem = whatIsWrong(callback, settings, clock.now());
    const used = await useLink(tx, state, problem === null ? 'granted' : 'declined', clock.now());
    const heard: ConsentStatus = problem === null ? { kind: 'granted', at: clock.now() } : { kind: 'missing', problem };
    const isChange = used.counts && !isSame(consentOf(settings), heard);
    if (isChange) {
      await noteConsent(tx, connection, heard);
      const action = problem === null ? 'consent-granted' : 'consent-declined';
      const detail = { code: problem?.code ?? null };
      await audit(tx, clock, { actor: 'administrator of the tenant', action, subject: connection, detail });
    }
    return { problem, isChange, ...used };
  });
  if (taken === null) return { kind: 'not-ours', why: 'gone' };
  const { problem } = taken;
  if (taken.isChange) hub.topicsChanged('server-settings');
  if (problem !== null) {
    return taken.before === 'granted'
      ? { kind: 'not-ours', why: 'used' }
      : { kind: 'declined', connection, nonce, problem };
  }
  if (taken.counts && (await tokens.status(connection)).problem?.kind === 'consent-missing') {
    tokens.clearFailure(connection);
    await tokens.refresh(connection, 'central');
  }
  return { kind: 'granted', connection, nonce };
}

/** But for the instant. */
function isSame(before: ConsentStatus, heard: ConsentStatus): boolean {
  if (before.kind !== 'missing' || heard.kind !== 'missing') return before.kind === heard.kind;
  const [a, b] = [before.problem, heard.problem];
  return a.kind === b.kind && a.code === b.code && a.detail === b.detail;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function whatIsWrong(callback: ConsentCallback, settings: SettingsRow, at: Instant): TokenProblem | null {
  // Entra sends admin_consent=True with some errors too.
  if (callback.error !== null || callback.adminConsent?.toLowerCase() !== 'true') {
    const problem = classifyCallback(callback.error ?? 'access_denied', callback.errorDescription, at);
    return problem.kind === 'refused' ? { ...problem, kind: 'consent-missing' } : problem;
  }
  const given = callback.tenant ?? '';
  const isElsewhere = [given, settings.tenant_id].every(id => GUID.test(id));
  if (!isElsewhere || given.toLowerCase() === settings.tenant_id.toLowerCase()) return null;
  const detail = `Consent was given in the tenant ${given}, but this connection is to ${settings.tenant_id}.`;
  return { kind: 'unknown-tenant', code: null, detail, at };
}

/** Null: not made here, or changed since. */
function openState(open: (text: string) => string, state: string): v.InferOutput<typeof State> | null {
  try {
    const parsed = v.safeParse(State, open(state.slice(MARK.length)));
    return parsed.success ? parsed.output : null;
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
