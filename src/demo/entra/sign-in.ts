/** Signing in with user name and password, and admin consent. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { FaultApi } from '../faults.ts';
import type { Mailboxes } from '../store/mailboxes.ts';
import { answerHtml, redirect } from './answers.ts';
import { consentPage, needApprovalPage, problemPage, signInPage } from './pages.ts';
import { isRedirectRegistered, type Registration } from './provider.ts';
import { type Consent, consentedBy } from './scopes.ts';
import { readForm, scopesOf } from './token-request.ts';

export type SignInOptions = {
  registration: Registration;
  tenantName: string;
  username: string;
  password: string;
  mailboxes: Mailboxes;
  faults: FaultApi;
  /** Scopes begin with it. */
  origin: string;
  consented(): Consent;
  giveConsent(consent: Consent): void;
};

const WRONG = 'AADSTS50126: Error validating credentials due to invalid username or password.';

export function makeSignIn(provider: Provider, options: SignInOptions) {
  const { registration, tenantName, mailboxes, faults } = options;

  async function login(req: IncomingMessage, res: ServerResponse, url: URL) {
    const interaction = await provider.interactionDetails(req, res).catch(() => null);
    if (interaction === null)
      return answerHtml(
        res,
        400,
        problemPage('AADSTS90033: This sign-in has expired. Go back to the application and start again.'),
      );
    const page = (username: string, problem: string | null) =>
      signInPage({ action: url.pathname, tenantName, username, problem });
    if (req.method !== 'POST') return answerHtml(res, 200, page(String(interaction.params.login_hint ?? ''), null));
    const form = await readForm(req);
    if (form.get('decline') === 'yes') {
      const error = {
        error: 'access_denied',
        error_description: 'AADSTS65004: User declined to consent to access the app.',
      };
      return redirect(res, await provider.interactionResult(req, res, error));
    }
    const username = (form.get('username') ?? '').trim().toLowerCase();
    const account = mailboxes.find(username);
    const isRight = username === options.username && isSame(form.get('password') ?? '', options.password);
    if (!isRight || account === null) return answerHtml(res, 200, page(username, WRONG));
    if (faults.isActive('consent-missing')) return answerHtml(res, 200, needApprovalPage(url.pathname));
    return redirect(res, await provider.interactionResult(req, res, { login: { accountId: account.id } }));
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-admin-consent: the answer comes back as a redirect. */
  async function adminConsent(req: IncomingMessage, res: ServerResponse, url: URL) {
    const params = req.method === 'POST' ? await readForm(req) : url.searchParams;
    const uri = params.get('redirect_uri') ?? '';
    if (params.get('client_id') !== registration.clientId)
      return answerHtml(res, 400, problemPage('AADSTS700016: Application was not found in the directory.'));
    if (!isRedirectRegistered(uri))
      return answerHtml(
        res,
        400,
        problemPage(
          `AADSTS50011: The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application.`,
        ),
      );
    const asked = scopesOf(params, options.origin);
    if (asked.unknown[0] !== undefined || !(asked.isDefault || asked.permissions.length > 0))
      return answerHtml(
        res,
        400,
        problemPage(
          `AADSTS70011: The provided value for the input parameter 'scope' is not valid. ${asked.unknown[0] ?? ''}`,
        ),
      );
    const consent = consentedBy(asked);
    const state = params.get('state') ?? '';
    if (req.method !== 'POST') {
      const hidden = { client_id: registration.clientId, redirect_uri: uri, state, scope: params.get('scope') ?? '' };
      const names = [...new Set([...consent.delegated, ...consent.application])];
      return answerHtml(res, 200, consentPage(url.pathname, hidden, names));
    }
    const back = new URL(uri);
    const isGiven = params.get('answer') === 'accept' && !faults.isActive('consent-missing');
    if (isGiven) {
      const before = options.consented();
      options.giveConsent({
        delegated: [...new Set([...before.delegated, ...consent.delegated])],
        application: [...new Set([...before.application, ...consent.application])],
      });
    }
    const answer = isGiven
      ? { admin_consent: 'True', tenant: registration.tenantId, state, scope: params.get('scope') ?? '' }
      : {
          error: 'access_denied',
          error_description: 'AADSTS65004: User declined to consent to access the app.',
          state,
        };
    for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
    return redirect(res, back.href);
  }

  return (req: IncomingMessage, res: ServerResponse, url: URL, path: string) =>
    path === '/v2.0/adminconsent' ? adminConsent(req, res, url) : login(req, res, url);
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
