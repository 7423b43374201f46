/** Entra ID v2 for one tenant: sign-in pages, authorize, token, keys, discovery, admin consent. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'oidc-provider';
import type { RefreshTokens } from './adapter.ts';
import { answerHtml, answerJson } from './answers.ts';
import {
  chosenRefusal,
  consentMissing,
  type Refused,
  refusalBody,
  refusalOf,
  unknownScope,
  unknownTenant,
} from './errors.ts';
import { problemPage } from './pages.ts';
import { clientAuthMethod, type EntraOptions, makeProvider } from './provider.ts';
import { parseScopes, type ScopeRequest, spelled, unconsented } from './scopes.ts';
import { makeSignIn, type SignInOptions } from './sign-in.ts';
import { authorizeQuery, readForm, scopesOf, tokenForm, withForm } from './token-request.ts';

export interface Entra {
  /** Whether a path is one of Entra's (of this tenant or of one that does not exist). */
  handles(path: string): boolean;
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

const ENTRA_PATH = /^\/([^/]+)\/(?:v2\.0\/|oauth2\/|discovery\/|login\/)/;

export function makeEntra(
  options: EntraOptions & Pick<SignInOptions, 'username' | 'password'>,
  refreshTokens: RefreshTokens,
): Entra {
  const { origin, registration, clock, faults } = options;
  const { tenantId } = registration;
  const provider = makeProvider(options);
  const signIn = makeSignIn(provider, options);
  const requests = new WeakMap<IncomingMessage, ScopeRequest>();
  const details = new WeakMap<Context, string>();
  const forms = new WeakMap<IncomingMessage, URLSearchParams>();

  provider.on('grant.error', (ctx, error) => {
    details.set(
      ctx,
      `${'error_detail' in error ? error.error_detail : ''} ${'error_description' in error ? error.error_description : ''}`,
    );
  });

  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'token') return;
    const asked = requests.get(ctx.req) ?? parseScopes('', origin);
    if (ctx.status === 200) {
      ctx.body = tokenAnswer(ctx, asked);
      return;
    }
    const form = forms.get(ctx.req) ?? new URLSearchParams();
    const error =
      typeof ctx.body === 'object' && ctx.body !== null && 'error' in ctx.body
        ? String(ctx.body.error)
        : 'invalid_request';
    const refusal = refusalOf(error, details.get(ctx) ?? '', {
      clientId: ctx.oidc.params?.client_id ?? form.get('client_id') ?? '',
      tenantName: options.tenantName,
      tenantId,
      scope: form.get('scope') ?? '',
      wasRevoked: refreshTokens.wasRevoked(form.get('refresh_token') ?? ''),
      at: clock.now(),
    });
    ctx.status = refusal.status;
    ctx.type = 'json';
    ctx.body = refusalBody(refusal, clock.now(), ctx.get('client-request-id'));
  });

  // Koa fixes its middleware at this call, so it stands below `use`.
  const callback = provider.callback();

  function tokenAnswer(ctx: Context, asked: ScopeRequest): Record<string, unknown> {
    const answer: Record<string, unknown> = typeof ctx.body === 'object' && ctx.body !== null ? { ...ctx.body } : {};
    const granted = [...new Set([...String(answer.scope ?? '').split(' '), ...asked.signIn])].filter(
      name => name !== '',
    );
    const uid = ctx.oidc?.entities.Account?.accountId;
    const info =
      uid === undefined
        ? {}
        : { client_info: Buffer.from(JSON.stringify({ uid, utid: tenantId })).toString('base64url') };
    // An app's token answer names no scopes; what it may do stands in the token's roles.
    const { scope: _, ...rest } = answer;
    const scope = ctx.oidc?.params?.grant_type === 'client_credentials' ? {} : { scope: spelled(asked, granted) };
    return { ...rest, token_type: 'Bearer', ...scope, ext_expires_in: answer.expires_in, ...info };
  }

  const refuse = (req: IncomingMessage, res: ServerResponse, refusal: Refused) =>
    answerJson(res, refusal.status, refusalBody(refusal, clock.now(), String(req.headers['client-request-id'] ?? '')));

  async function token(req: IncomingMessage, res: ServerResponse, url: URL) {
    const form = await readForm(req);
    const target = { method: 'POST', mailboxes: [] };
    if (faults.strike(['empty-token'], target))
      return answerJson(res, 200, { token_type: 'Bearer', scope: '', expires_in: 0, access_token: '' });
    if (faults.strike(['consent-missing'], target))
      return refuse(req, res, consentMissing(form.get('client_id') ?? ''));
    const chosen = faults.strike(['entra-refuses'], target);
    if (chosen !== null) return refuse(req, res, chosenRefusal(chosen.code));
    const asked = scopesOf(form, origin);
    const unknown = asked.unknown[0];
    if (unknown !== undefined) return refuse(req, res, unknownScope(unknown));
    // Nobody is there to be asked; at a sign-in the person is.
    const isSilent = form.get('grant_type') === 'refresh_token';
    if (isSilent && unconsented(asked, options.consented().delegated) !== undefined)
      return refuse(req, res, consentMissing(form.get('client_id') ?? ''));
    if (form.get('grant_type') === 'client_credentials' && !asked.isDefault)
      return refuse(req, res, unknownScope(form.get('scope') ?? ''));
    const rewritten = withForm(req, url.pathname, tokenForm(form, options.consented().application));
    requests.set(rewritten, asked);
    forms.set(rewritten, form);
    const method = form.has('client_assertion') ? 'private_key_jwt' : 'client_secret_post';
    return clientAuthMethod.run(method, () => callback(rewritten, res));
  }

  function authorize(req: IncomingMessage, res: ServerResponse, url: URL) {
    const asked = scopesOf(url.searchParams, origin);
    const unknown = asked.unknown[0];
    if (unknown !== undefined)
      return answerHtml(res, 400, problemPage(`AADSTS70011: ${unknownScope(unknown).message}`));
    const query = authorizeQuery(url.searchParams, asked, faults.isActive('consent-missing'));
    return callback(withForm(req, `${url.pathname}?${query}`, null), res);
  }

  return {
    handles: path => ENTRA_PATH.test(path),
    async handle(req, res) {
      const url = new URL(req.url ?? '/', origin);
      const tenant = ENTRA_PATH.exec(url.pathname)?.[1] ?? '';
      if (tenant.toLowerCase() !== tenantId) {
        if (url.pathname.endsWith('/authorize'))
          return answerHtml(res, 400, problemPage(`AADSTS90002: ${unknownTenant(tenant).message}`));
        return refuse(req, res, unknownTenant(tenant));
      }
      const path = url.pathname.slice(tenant.length + 1);
      if (path === '/v2.0/.well-known/openid-configuration')
        return callback(withForm(req, '/.well-known/openid-configuration', null), res);
      if (path === '/oauth2/v2.0/token' && req.method === 'POST') return token(req, res, url);
      if (path === '/oauth2/v2.0/authorize') return authorize(req, res, url);
      if (path.startsWith('/login/') || path === '/v2.0/adminconsent') return signIn(req, res, url, path);
      return callback(req, res);
    },
  };
}
