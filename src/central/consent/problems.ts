/** Why there is no token, told by Entra ID's error numbers first (they survive translation), then by OAuth's words. */
import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import type { Instant } from '../../contract/values/time.ts';
import type { TokenProblem } from '../../contract/wire/console.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import { missingRights } from './connection.ts';
import type { Trouble } from './network.ts';

type Kind = TokenProblem['kind'];
export type NoToken = { problem: TokenProblem; why: Extract<TokenAnswer, { kind: 'none' }>['why'] };

/** learn.microsoft.com, Microsoft Entra authentication and authorization error codes. */
const BY_NUMBER: Record<string, Kind> = {
  '7000215': 'wrong-secret',
  '7000222': 'wrong-secret', // expired
  '7000218': 'wrong-secret', // none sent
  '700027': 'wrong-secret', // bad certificate
  '65001': 'consent-missing',
  '65004': 'consent-missing', // the person declined
  '90093': 'consent-missing', // an administrator must
  '90094': 'consent-missing',
  '700016': 'unknown-app',
  '90002': 'unknown-tenant',
  '700082': 'sign-in-expired',
  '70008': 'sign-in-expired',
  '50173': 'sign-in-expired', // password changed
  '50076': 'sign-in-expired', // second factor wanted
  '50079': 'sign-in-expired',
  '53003': 'sign-in-expired', // conditional access
  '50034': 'sign-in-expired', // account unknown, locked, disabled
  '50053': 'sign-in-expired',
  '50057': 'sign-in-expired',
};
const BY_WORD: Record<string, Kind> = {
  invalid_client: 'wrong-secret',
  consent_required: 'consent-missing',
  access_denied: 'consent-missing',
  unauthorized_client: 'unknown-app',
  invalid_grant: 'sign-in-expired',
  interaction_required: 'sign-in-expired',
  login_required: 'sign-in-expired',
};
const LONGEST_DETAIL = 1000;

/** What msal threw, with what the network client saw meanwhile. */
export function classifyError(error: unknown, trouble: Trouble | null, at: Instant): NoToken {
  if (trouble !== null) return classifyTrouble(trouble, at);
  if (!(error instanceof AuthError)) throw error;
  // A 429 is remembered by msal itself: the next call fails at once, with no code at all.
  if (error.errorCode === '') return classifyTrouble({ kind: 'throttled', detail: 'asked too often' }, at);
  // Declared a string, but it is the number that stood in `error_codes`.
  const number = error instanceof ServerError || error instanceof InteractionRequiredAuthError ? error.errorNo : '';
  const fallback = error instanceof InteractionRequiredAuthError ? 'sign-in-expired' : 'refused';
  return classifyWords(error.errorCode, error.subError, String(number ?? ''), error.errorMessage, fallback, at);
}

/** The error parameters a browser brought back from the sign-in page. */
export function classifyCallback(error: string, description: string, at: Instant): TokenProblem {
  return classifyWords(error, '', '', description, 'refused', at).problem;
}

function classifyWords(word: string, sub: string, errorNo: string, text: string, fallback: Kind, at: Instant): NoToken {
  const number = errorNo !== '' ? errorNo : (/AADSTS(\d+)/.exec(text)?.[1] ?? '');
  const kind = BY_NUMBER[number] ?? BY_WORD[sub] ?? BY_WORD[word] ?? fallback;
  const code = number !== '' ? `AADSTS${number}` : word;
  const detail = (text === '' ? word : text).slice(0, LONGEST_DETAIL);
  return { problem: { kind, code, detail, at }, why: 'sign-in-needed' };
}

function classifyTrouble(trouble: Trouble, at: Instant): NoToken {
  const detail = trouble.detail.slice(0, LONGEST_DETAIL);
  if (trouble.kind === 'throttled') {
    return { problem: { kind: 'unreachable', code: '429', detail, at }, why: 'throttled' };
  }
  const why = trouble.kind === 'unknown-tenant' ? 'sign-in-needed' : 'provider-unreachable';
  return { problem: { kind: trouble.kind, code: null, detail, at }, why };
}

/** A token was issued, but not for what was asked. */
export function consentProblem(scopes: readonly string[], at: Instant): TokenProblem | null {
  const missing = missingRights(scopes);
  if (missing.length === 0) return null;
  return { kind: 'consent-missing', code: null, detail: `The token was issued without ${missing.join(' and ')}.`, at };
}
