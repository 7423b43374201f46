/** Asking the provider for an access token through msal, and reading what it made of the answer. */
import type { AuthenticationResult } from '@azure/msal-node';
import { type Instant, instant } from '../../contract/values/time.ts';
import type { GrantRow, SettingsRow } from '../store/tables.ts';
import type { Connection } from './connection.ts';
import { neededRights, rolesOf, scopesFor } from './rights.ts';

/** `empty`: msal takes an answer without a token, or a 5xx, for one with a token in it. */
export type Asked = { accessToken: string; expires: Instant; scopes: string[]; fromCache: boolean } | 'empty';

/** By the refresh token of the account that signed in; `force`: even if the token at hand is still good. */
export async function askSilently(
  { app }: Connection,
  settings: SettingsRow,
  grant: GrantRow,
  force: boolean,
): Promise<Asked | 'no-account'> {
  const account = await app.getTokenCache().getAccountByHomeId(grant.home_account_id ?? '');
  if (account === null) return 'no-account';
  const scopes = scopesFor(settings.sign_in, settings.graph_base);
  return readAnswer(await app.acquireTokenSilent({ account, scopes, forceRefresh: force }));
}

/** As the application itself (RFC 6749 section 4.4). */
export async function askForApplication({ app }: Connection, settings: SettingsRow, force: boolean): Promise<Asked> {
  const scopes = scopesFor(settings.sign_in, settings.graph_base);
  const asked = readAnswer(await app.acquireTokenByClientCredential({ scopes, skipCache: force }));
  if (asked === 'empty') return asked;
  // A token that nobody but Graph can look into is taken to hold what is needed.
  return { ...asked, scopes: rolesOf(asked.accessToken) ?? neededRights(settings.sign_in) };
}

export function readAnswer(result: AuthenticationResult | null): Asked {
  if (result === null || result.accessToken === '' || result.expiresOn === null) return 'empty';
  const { accessToken, expiresOn, scopes, fromCache } = result;
  return { accessToken, expires: instant(expiresOn.getTime()), scopes, fromCache };
}
