/** The token endpoint's refusals in Entra ID's words and shape. */
import { type Instant, toIso } from '../../contract/values/time.ts';
import { makeGuid } from '../store/secrets.ts';

export type Refused = { status: number; code: number; error: string; message: string; suberror?: string };

export type RefusalContext = {
  clientId: string;
  tenantName: string;
  tenantId: string;
  scope: string;
  wasRevoked: boolean;
  at: Instant;
};

/** oidc-provider's reason (its error and the detail it keeps from clients) as one of Entra's. */
export function refusalOf(error: string, detail: string, context: RefusalContext): Refused {
  const rule = RULES.find(candidate => candidate.when.test(`${error}: ${detail}`));
  if (context.wasRevoked && error === 'invalid_grant') return revoked(context);
  return (
    rule?.make(context) ?? {
      status: 400,
      code: 900144,
      error,
      message: `The request is not valid: ${detail || error}.`,
    }
  );
}

const refused = (status: number, code: number, error: string, message: (context: RefusalContext) => string) => ({
  make: (context: RefusalContext): Refused => ({ status, code, error, message: message(context) }),
});

const revoked = (context: RefusalContext): Refused => ({
  status: 400,
  code: 50173,
  error: 'invalid_grant',
  message: `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on an earlier date and the TokensValidFrom date (before which tokens are not valid) for this user is '${toIso(context.at)}'.`,
});

const RULES: { when: RegExp; make: (context: RefusalContext) => Refused }[] = [
  {
    when: /client not found/,
    ...refused(
      400,
      700016,
      'unauthorized_client',
      c =>
        `Application with identifier '${c.clientId}' was not found in the directory '${c.tenantName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ),
  },
  {
    when: /invalid secret provided/,
    ...refused(
      401,
      7000215,
      'invalid_client',
      c =>
        `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${c.clientId}'.`,
    ),
  },
  {
    when: /no client authentication mechanism|does not match the registered client authentication method/,
    ...refused(
      401,
      7000218,
      'invalid_client',
      () => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  },
  {
    when: /^invalid_client/,
    ...refused(
      401,
      700027,
      'invalid_client',
      c =>
        `The certificate with identifier used to sign the client assertion is not registered on application '${c.clientId}', or the assertion failed signature validation.`,
    ),
  },
  {
    when: /refresh token is expired/,
    ...refused(
      400,
      700082,
      'invalid_grant',
      () =>
        'The refresh token has expired due to inactivity. The token was issued on an earlier date and was inactive for 90.00:00:00.',
    ),
  },
  {
    when: /refresh token|grant not found/,
    ...refused(400, 9002313, 'invalid_grant', () => 'Invalid request. Request is malformed or invalid.'),
  },
  {
    when: /authorization code already/,
    ...refused(
      400,
      54005,
      'invalid_grant',
      () =>
        'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    ),
  },
  {
    when: /redirect_uri mismatch/,
    ...refused(
      400,
      500112,
      'invalid_client',
      () => 'The reply address does not match the reply address provided when requesting Authorization code.',
    ),
  },
  {
    when: /PKCE|code_verifier/i,
    ...refused(
      400,
      501481,
      'invalid_grant',
      () => 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    ),
  },
  {
    when: /authorization code/,
    ...refused(
      400,
      70008,
      'invalid_grant',
      () =>
        'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    ),
  },
  {
    when: /^invalid_scope/,
    ...refused(
      400,
      70011,
      'invalid_scope',
      c =>
        `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${c.scope} is not valid.`,
    ),
  },
  {
    when: /^unsupported_grant_type/,
    ...refused(400, 70003, 'unsupported_grant_type', () => 'The app requested an unsupported grant type.'),
  },
];

export const consentMissing = (clientId: string): Refused => ({
  status: 400,
  code: 65001,
  error: 'invalid_grant',
  suberror: 'consent_required',
  message: `The user or administrator has not consented to use the application with ID '${clientId}' named 'Lintel'. Send an interactive authorization request for this user and resource.`,
});

/** Any number a test or a visitor chooses, as the token endpoint would send it. */
export const chosenRefusal = (code: number): Refused => {
  const isClients = /^(7000\d{3}|700027)$/.test(String(code));
  return {
    status: isClients ? 401 : 400,
    code,
    error: isClients ? 'invalid_client' : 'invalid_grant',
    message: 'The demo tenant was told to answer this.',
  };
};

export const unknownTenant = (tenant: string): Refused => ({
  status: 400,
  code: 90002,
  error: 'invalid_tenant',
  message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
});

export const unknownScope = (scope: string): Refused => ({
  status: 400,
  code: 70011,
  error: 'invalid_scope',
  message: `The provided value for the input parameter 'scope' is not valid. The scope ${scope} does not exist.`,
});

/** The JSON body of a refusal. `correlationId` is the client's own request id, if it sent one. */
export function refusalBody(refusal: Refused, at: Instant, correlationId: string | undefined) {
  const timestamp = toIso(at)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const traceId = makeGuid();
  const correlation = correlationId || makeGuid();
  return {
    error: refusal.error,
    error_description: `AADSTS${refusal.code}: ${refusal.message} Trace ID: ${traceId} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [refusal.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${refusal.code}`,
    ...(refusal.suberror === undefined ? {} : { suberror: refusal.suberror }),
  };
}
