/** Why there is no token, told by Entra ID's error numbers first (they survive translation), then by OAuth's words. */
import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import type { Instant } from '../../contract/values/time.ts';
import type { SignInKind, TokenProblem } from '../../contract/wire/console.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import { SealError } from '../store/seal.ts';
import type { Trouble } from './network.ts';
import { missingRights } from './rights.ts';

type Kind = TokenProblem['kind'];
export type NoToken = { problem: TokenProblem; why: Extract<TokenAnswer, { kind: 'none' }>['why'] };

/**
 * learn.microsoft.com, Microsoft Entra authentication and authorization error codes. What each means and who mends it is
 * told in the console, by number; here only what central does about it.
 */
const NUMBERS: Record<Exclude<Kind, 'unreachable' | 'empty-token'>, string> = {
  // Wrong or none, expired; a certificate that does not fit.
  'wrong-secret': '7000215 7000218 7000222 700027',
  // Nobody consented; an administrator must; the person declined.
  'consent-missing': '65001 65004 90093 90094',
  'unknown-app': '700016',
  'unknown-tenant': '90002',
  // Lapsed (700082, 70008), revoked by a new password (50173), a second factor or another rule wants the person
  // (50076, 50079, 53003), or the account itself: foreign, unknown, locked, disabled, wrong password.
  'sign-in-expired': '700082 70008 50173 50076 50079 53003 50020 50034 50053 50057 50126',
  // What an administrator has to set right in Entra ID: redirect URI, assignment to the app, scopes.
  refused: '50011 50105 70011',
};
const BY_NUMBER = new Map(
  Object.entries(NUMBERS).flatMap(([kind, numbers]) =>
    numbers.split(' ').map(number => [number, kind as Kind] as const),
  ),
);
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
/** What a browser brings may have been typed by anybody who holds a link. */
const LONGEST_FOREIGN = 300;
const LONGEST_WORD = 100;

/** What msal threw, with what the network client saw meanwhile. */
export function classifyError(error: unknown, trouble: Trouble | null, at: Instant): NoToken {
  if (trouble !== null) return classifyTrouble(trouble, at);
  if (error instanceof SealError) return { problem: sealedProblem('sign-in-expired', at), why: 'sign-in-needed' };
  if (!(error instanceof AuthError)) throw error;
  // A 429 is remembered by msal itself: the next call fails at once, with no code at all.
  if (error.errorCode === '') return classifyTrouble({ kind: 'throttled', detail: 'asked too often' }, at);
  // Declared a string, but it is the number that stood in `error_codes`.
  const number = error instanceof ServerError || error instanceof InteractionRequiredAuthError ? error.errorNo : '';
  const fallback = error instanceof InteractionRequiredAuthError ? 'sign-in-expired' : 'refused';
  return classifyWords(error.errorCode, error.subError, String(number ?? ''), error.errorMessage, fallback, at);
}

/** The error parameters a browser brought back from the sign-in page: the beginning of them, for storing. */
export function classifyCallback(error: string, description: string, at: Instant): TokenProblem {
  const [word, text] = [error.slice(0, LONGEST_WORD), description.slice(0, LONGEST_FOREIGN)];
  return classifyWords(word, '', '', text, 'refused', at).problem;
}

function classifyWords(word: string, sub: string, errorNo: string, text: string, fallback: Kind, at: Instant): NoToken {
  const number = errorNo !== '' ? errorNo : (/AADSTS(\d{1,9})/.exec(text)?.[1] ?? '');
  const kind = BY_NUMBER.get(number) ?? BY_WORD[sub] ?? BY_WORD[word] ?? fallback;
  const code = number !== '' ? `AADSTS${number}` : word;
  // msal wraps Entra's own sentence, which ends with the same numbers once more.
  const words = /Description: ([\s\S]+?) - Correlation ID: /.exec(text)?.[1] ?? text;
  const detail = (words === '' ? word : words).slice(0, LONGEST_DETAIL);
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
export function consentProblem(kind: SignInKind, scopes: readonly string[], at: Instant): TokenProblem | null {
  const missing = missingRights(kind, scopes);
  if (missing.length === 0) return null;
  return { kind: 'consent-missing', code: null, detail: `The token was issued without ${missing.join(' and ')}.`, at };
}

/** What was stored does not open: the database was changed by other hands, or a row was copied over another. */
export function sealedProblem(kind: 'wrong-secret' | 'sign-in-expired', at: Instant): TokenProblem {
  const [what, mend] =
    kind === 'wrong-secret'
      ? ['secret or certificate', 'Enter it again.']
      : ['sign-in', 'Delete the access token and get a new one.'];
  const detail = `The stored ${what} was changed or belongs to another connection, so it was not used. ${mend}`;
  return { kind, code: 'sealed', detail, at };
}
