/** Get Access Token: authorization code with PKCE, state and nonce (RFC 6749, RFC 7636, OpenID Connect Core). */
import { type AuthenticationResult, CryptoProvider, type ICachePlugin, PromptValue } from '@azure/msal-node';
import { minutes, plus } from '../../contract/values/time.ts';
import type { TokenProblem } from '../../contract/wire/console.ts';
import { type Refusal, refused } from '../fleet/refusal.ts';
import type { HttpClientFactory } from '../ports.ts';
import { hashOf, newSecret } from '../random.ts';
import { audit } from '../store/audit.ts';
import type { Sealer } from '../store/seal.ts';
import { sealTokenCache } from '../store/settings.ts';
import { DEFAULT_ID, type SignInRow } from '../store/tables.ts';
import { openConnection, scopesFor } from './connection.ts';
import { classifyCallback, classifyError, consentProblem } from './problems.ts';
import type { Tokens, TokensOptions } from './tokens.ts';

/** How long the person may take on the provider's pages. */
export const SIGN_IN_LIFE = minutes(15);

/** What came back with the browser. */
export type Callback = { state: string; code: string | null; error: string | null; errorDescription: string };
export type SignedIn = { kind: 'done' } | { kind: 'failed' } | { kind: 'not-ours' };

type Options = TokensOptions & { sealer: Sealer; makeHttpClient: HttpClientFactory; tokens: Tokens };

export class SignIn {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Where to send the browser, and the secret for its cookie that ties the way back to this browser. */
  async begin(
    admin: string,
    redirectUri: string,
  ): Promise<{ kind: 'go'; url: string; browserSecret: string } | Refusal> {
    const { connections, store, sealer, clock, turns } = this.#options;
    const state = newSecret();
    const nonce = newSecret();
    const browserSecret = newSecret();
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const asked = await turns.take(async () => {
      const current = await connections.current();
      if (current === null) {
        return refused('settings-incomplete', 'Save the server settings with a client secret first.');
      }
      const { app, trouble } = current.connection;
      trouble.last = null;
      try {
        const url = await app.getAuthCodeUrl({
          scopes: scopesFor(current.settings.graph_base),
          redirectUri,
          state,
          nonce,
          codeChallenge: challenge,
          codeChallengeMethod: 'S256',
          prompt: PromptValue.SELECT_ACCOUNT,
          ...(current.settings.service_account ? { loginHint: current.settings.service_account } : {}),
        });
        return { kind: 'go' as const, url };
      } catch (error) {
        const { problem } = classifyError(error, trouble.last, clock.now());
        await this.#noteProblem(problem);
        return refused(problem.kind, `${WHAT_TO_SAY[problem.kind]} ${problem.detail}`.trim());
      }
    });
    if (asked.kind === 'refused') return asked;
    const row: SignInRow = {
      state_hash: hashOf(state),
      browser_hash: hashOf(browserSecret),
      sealed_verifier: sealer.seal(verifier, verifierPlace(state)),
      nonce,
      redirect_uri: redirectUri,
      admin,
      expires: plus(clock.now(), SIGN_IN_LIFE),
    };
    await store.db.insertInto('sign_ins').values(row).execute();
    return { ...asked, browserSecret };
  }

  /**
   * The way back. Works once: the row is taken out before the code is redeemed, because a code redeemed twice makes a
   * correct provider revoke the whole grant.
   */
  async finish(callback: Callback, browserSecret: string | null): Promise<SignedIn> {
    const { store, clock, turns, tokens, hub } = this.#options;
    if (browserSecret === null) return { kind: 'not-ours' };
    const signIn = await store.db
      .deleteFrom('sign_ins')
      .where('state_hash', '=', hashOf(callback.state))
      .where('browser_hash', '=', hashOf(browserSecret))
      .where('expires', '>', clock.now())
      .returningAll()
      .executeTakeFirst();
    if (signIn === undefined) return { kind: 'not-ours' };
    const { code } = callback;
    if (code === null) {
      await this.#noteProblem(classifyCallback(callback.error ?? '', callback.errorDescription, clock.now()));
      return { kind: 'failed' };
    }
    const outcome = await turns.take(() => this.#redeem(signIn, callback.state, code));
    tokens.clearFailure();
    hub.topicsChanged('server-settings');
    return outcome;
  }

  async #redeem(signIn: SignInRow, state: string, code: string): Promise<SignedIn> {
    const { connections, sealer, clock, makeHttpClient } = this.#options;
    const current = await connections.current();
    if (current === null) return { kind: 'failed' };
    // An application of its own, with an empty cache: the account before must not live on beside the new one.
    const cache = { text: '' };
    const { settings, clientSecret } = current;
    const connection = openConnection(settings, clientSecret, capture(cache), makeHttpClient);
    try {
      const result = await connection.app.acquireTokenByCode({
        code,
        scopes: scopesFor(settings.graph_base),
        redirectUri: signIn.redirect_uri,
        codeVerifier: sealer.open(signIn.sealed_verifier, verifierPlace(state)),
        nonce: signIn.nonce,
      });
      return await this.#store(signIn, result, cache.text);
    } catch (error) {
      await this.#noteProblem(classifyError(error, connection.trouble.last, clock.now()).problem);
      return { kind: 'failed' };
    } finally {
      await connection.close();
    }
  }

  async #store(signIn: SignInRow, result: AuthenticationResult, cache: string): Promise<SignedIn> {
    const { store, sealer, clock, connections, log } = this.#options;
    if (result.accessToken === '' || result.account === null || result.expiresOn === null) {
      await this.#noteProblem({ kind: 'empty-token', code: null, detail: 'no token in the answer', at: clock.now() });
      return { kind: 'failed' };
    }
    const { account, expiresOn, scopes } = result;
    const lack = consentProblem(scopes, clock.now());
    const columns = {
      sealed_cache: sealTokenCache(sealer, cache),
      home_account_id: account.homeAccountId,
      account: account.username === '' ? (account.name ?? account.localAccountId) : account.username,
      scopes: scopes.join(' '),
      issued: clock.now(),
      expires: expiresOn.getTime(),
      problem: lack && JSON.stringify(lack),
    };
    await store.transact(async tx => {
      await tx
        .insertInto('grants')
        .values({ id: DEFAULT_ID, ...columns })
        .onConflict(c => c.column('id').doUpdateSet(columns))
        .execute();
      const detail = { account: columns.account };
      await audit(tx, clock, { actor: signIn.admin, action: 'token-issued', subject: DEFAULT_ID, detail });
    });
    await connections.drop();
    log.info('access-issued', {});
    return { kind: 'done' };
  }

  /** Beside the grant there is, or in its place. */
  async #noteProblem(problem: TokenProblem): Promise<void> {
    const { store, hub, log } = this.#options;
    const body = JSON.stringify(problem);
    const empty = {
      sealed_cache: null,
      home_account_id: null,
      account: null,
      scopes: null,
      issued: null,
      expires: null,
    };
    await store.db
      .insertInto('grants')
      .values({ id: DEFAULT_ID, ...empty, problem: body })
      .onConflict(c => c.column('id').doUpdateSet({ problem: body }))
      .execute();
    hub.topicsChanged('server-settings');
    log.warn('sign-in-failed', { problem: problem.kind, code: problem.code, detail: problem.detail });
  }
}

const verifierPlace = (state: string) => ({ table: 'sign_ins', column: 'sealed_verifier', row: hashOf(state) });

function capture(cache: { text: string }): ICachePlugin {
  return {
    beforeCacheAccess: async () => {},
    afterCacheAccess: async ({ tokenCache, cacheHasChanged }) => {
      if (cacheHasChanged) cache.text = tokenCache.serialize();
    },
  };
}

const WHAT_TO_SAY: Record<TokenProblem['kind'], string> = {
  'wrong-secret': 'The client secret is wrong or has expired.',
  'consent-missing': 'The application lacks the consent it needs.',
  'unknown-app': 'The tenant does not know this client ID.',
  'unknown-tenant': 'The authority does not know this tenant ID.',
  'sign-in-expired': 'The sign-in has expired.',
  unreachable: 'The authority cannot be reached.',
  'empty-token': 'The authority answered without a token.',
  refused: 'The authority refused.',
};
