/** oidc-provider dressed as Entra ID v2: its addresses, claims, lifetimes, and one app registration. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, interactionPolicy, Provider, type Token } from 'oidc-provider';
import type { Clock } from '../../contract/values/clock.ts';
import type { FaultApi } from '../faults.ts';
import type { Db } from '../store/database.ts';
import type { Mailboxes } from '../store/mailboxes.ts';
import { makeAdapters } from './adapter.ts';
import type { AppCertificates, signingKeys } from './keys.ts';
import { problemPage } from './pages.ts';
import { APPLICATION, type Consent, DELEGATED, SIGN_IN_SCOPES } from './scopes.ts';

export type Registration = { tenantId: string; clientId: string; clientSecret: string };

export type EntraOptions = {
  /** `https://localhost:4301`: authority and Graph share it. */
  origin: string;
  registration: Registration;
  tenantName: string;
  keys: ReturnType<typeof signingKeys>;
  certificates: AppCertificates;
  cookieKey: string;
  db: Db;
  clock: Clock;
  mailboxes: Mailboxes;
  faults: FaultApi;
  /** What an admin consented to, and how more is added to it. */
  consented(): Consent;
  giveConsent(consent: Consent): void;
};

const DAY = 86_400;
/** Entra gives 60 to 90 minutes; msal counts a token as expired five minutes before its end. */
const ACCESS_TOKEN_SECONDS = 3900;

/** How the request at hand proves which app it is; oidc-provider knows one method a client, Entra any. */
export const clientAuthMethod = new AsyncLocalStorage<'private_key_jwt' | 'client_secret_post'>();

export function makeProvider(options: EntraOptions): Provider {
  const { origin, registration, mailboxes, faults } = options;
  const { tenantId, clientId, clientSecret } = registration;
  const below = (path: string) => `/${tenantId}${path}`;

  const client = (id: string) => {
    if (id !== clientId) return undefined;
    const method = clientAuthMethod.getStore() ?? 'client_secret_post';
    const proof =
      method === 'private_key_jwt'
        ? { jwks: options.certificates.jwks(), token_endpoint_auth_signing_alg: 'PS256' }
        : { client_secret: clientSecret };
    return {
      client_id: clientId,
      client_name: 'Lintel',
      token_endpoint_auth_method: method,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      redirect_uris: ['https://localhost/console/oauth/callback'],
      ...proof,
    };
  };

  const policy = interactionPolicy.base();
  // Consent is the admin's, given beforehand; `prompt=consent` is only how oidc-provider is told offline_access is meant.
  policy.get('consent')?.checks.clear();

  const provider = new Provider(`${origin}/${tenantId}/v2.0`, {
    adapter: makeAdapters(options.db, options.clock, client),
    jwks: options.keys,
    scopes: SIGN_IN_SCOPES,
    claims: { openid: ['sub', 'oid', 'tid', 'ver'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    cookies: {
      // Cookies know no ports: a second tenant on this machine must not overwrite them.
      names: { session: `session-${tenantId.slice(0, 8)}`, interaction: 'interaction', resume: 'resume' },
      keys: [options.cookieKey],
    },
    routes: {
      authorization: below('/oauth2/v2.0/authorize'),
      token: below('/oauth2/v2.0/token'),
      jwks: below('/discovery/v2.0/keys'),
      end_session: below('/oauth2/v2.0/logout'),
    },
    discovery: { tenant_region_scope: 'EU', cloud_instance_name: 'localhost', msgraph_host: new URL(origin).host },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => origin,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx: Context) => ({
          scope: grantable(options, ctx).join(' '),
          audience: origin,
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt(_ctx: Context, token: Token, jwt: { payload: Record<string, unknown> }) {
          jwt.payload = entraClaims(jwt.payload, token, options);
        },
      },
    },
    interactions: { policy, url: (_ctx: Context, interaction: { uid: string }) => below(`/login/${interaction.uid}`) },
    pkce: { required: () => false },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 600,
      IdToken: 3600,
      Interaction: 3600,
      Session: DAY,
      Grant: 90 * DAY,
      RefreshToken: 90 * DAY,
    },
    async findAccount(_ctx: Context, id: string) {
      const mailbox = mailboxes.find(id);
      if (mailbox === null) return undefined;
      const { name, address } = mailbox;
      const claims = { sub: id, oid: id, tid: tenantId, ver: '2.0', name, preferred_username: address, email: address };
      return { accountId: id, claims: async () => claims };
    },
    async loadExistingGrant(ctx: Context) {
      const accountId = ctx.oidc?.session?.accountId;
      if (accountId === undefined || faults.isActive('consent-missing')) return undefined;
      const grant = new provider.Grant({ accountId, clientId });
      grant.addOIDCScope(SIGN_IN_SCOPES.join(' '));
      grant.addResourceScope(origin, DELEGATED.join(' '));
      await grant.save();
      return grant;
    },
    renderError(ctx: Context, out: { error: string; error_description?: string }) {
      ctx.type = 'html';
      ctx.body = problemPage(problemText(ctx, out, options));
    },
  });

  provider.Client.prototype.redirectUriAllowed = isRedirectRegistered;
  return provider;
}

/** The demo's registration: central's callback on this machine, on whatever port. */
export function isRedirectRegistered(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return ['localhost', '127.0.0.1'].includes(url.hostname) && url.pathname === '/console/oauth/callback';
}

function grantable(options: EntraOptions, ctx: Context): readonly string[] {
  const { delegated, application } = options.consented();
  return ctx.oidc?.params?.grant_type === 'client_credentials'
    ? application.filter(p => APPLICATION.includes(p))
    : delegated;
}

/** Names the claims as Entra's access tokens do; the claims of RFC 9068 that Entra does not have are dropped. */
function entraClaims(payload: Record<string, unknown>, token: Token, options: EntraOptions): Record<string, unknown> {
  const { iat, exp, jti, sub, iss, aud, scope } = payload;
  const { tenantId, clientId } = options.registration;
  const shift = Math.round(options.faults.skew() / 1000);
  const shared = {
    aud,
    iss,
    iat: Number(iat) + shift,
    nbf: Number(iat) + shift,
    exp: Number(exp) + shift,
    uti: jti,
    ver: '2.0',
    tid: tenantId,
    appid: clientId,
    azp: clientId,
    app_displayname: 'Lintel',
  };
  const names = String(scope ?? '')
    .split(' ')
    .filter(name => name !== '');
  // Without consent Entra issues a token all the same, and leaves the claim out.
  const roles = names.length > 0 ? { roles: names } : {};
  if (token.kind === 'ClientCredentials') return { ...shared, idtyp: 'app', oid: clientId, sub: clientId, ...roles };
  const account = options.mailboxes.find(String(sub));
  return {
    ...shared,
    idtyp: 'user',
    oid: sub,
    sub,
    upn: account?.address,
    unique_name: account?.address,
    name: account?.name,
    scp: names.filter(name => !SIGN_IN_SCOPES.includes(name)).join(' '),
  };
}

function problemText(ctx: Context, out: { error: string; error_description?: string }, options: EntraOptions): string {
  const client = ctx.oidc?.params?.client_id ?? '';
  if (out.error === 'invalid_redirect_uri') {
    return `AADSTS50011: The redirect URI '${ctx.oidc?.params?.redirect_uri ?? ''}' specified in the request does not match the redirect URIs configured for the application '${client}'.`;
  }
  if (out.error === 'invalid_client')
    return `AADSTS700016: Application with identifier '${client}' was not found in the directory '${options.tenantName}'.`;
  return `AADSTS900144: ${out.error_description ?? out.error}`;
}
