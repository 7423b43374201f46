/** Get Access Token: authorization code with PKCE, state and nonce (RFC 6749, RFC 7636, OpenID Connect Core). */
import { CryptoProvider, PromptValue } from '@azure/msal-node';
import { minutes, plus } from '../../contract/values/time.ts';
import type { TokenProblem } from '../../contract/wire/console.ts';
import { type Refusal, refused } from '../fleet/refusal.ts';
import { hashOf, newSecret } from '../random.ts';
import type { Sealer } from '../store/seal.ts';
import type { SignInRow } from '../store/tables.ts';
import { readAnswer } from './asking.ts';
import { classifyCallback, classifyError, sealedProblem } from './problems.ts';
import { settingsIncomplete } from './refusals.ts';
import { scopesFor } from './rights.ts';
import { emptyToken, type Tokens, type TokensOptions } from './tokens.ts';

/** How long the person may take on the provider's pages. */
export const SIGN_IN_LIFE = minutes(15);

/** What came back with the browser. */
export type Callback = { state: string; code: string | null; error: string | null; errorDescription: string };
export type SignedIn = { kind: 'done' | 'failed'; connection: string } | { kind: 'not-ours' };

type Options = TokensOptions & { sealer: Sealer; tokens: Tokens };

export class SignIn {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Where to send the browser, and the secret for its cookie that ties the way back to this browser. */
  async begin(
    connection: string,
    admin: string,
    redirectUri: string,
  ): Promise<{ kind: 'go'; url: string; browserSecret: string } | Refusal> {
    const { connections, store, sealer, clock, turns } = this.#options;
    const state = newSecret();
    const nonce = newSecret();
    const browserSecret = newSecret();
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const asked = await turns.of(connection).take(async () => {
      const found = await connections.find(connection);
      if (found.kind === 'sealed') return this.#refuse(connection, sealedProblem('wrong-secret', clock.now()));
      if (found.kind !== 'open') return settingsIncomplete();
      const { app, trouble } = found.connection;
      trouble.last = null;
      try {
        const url = await app.getAuthCodeUrl({
          scopes: scopesFor(found.settings.sign_in, found.settings.graph_base),
          redirectUri,
          state,
          nonce,
          codeChallenge: challenge,
          codeChallengeMethod: 'S256',
          prompt: PromptValue.SELECT_ACCOUNT,
          // msal for JavaScript leaves `loginHint` out beside this prompt; msal for .NET sends both, and the account is at hand.
          ...(found.settings.service_account
            ? { extraQueryParameters: { login_hint: found.settings.service_account } }
            : {}),
        });
        const row: SignInRow = {
          connection_id: connection,
          state_hash: hashOf(state),
          browser_hash: hashOf(browserSecret),
          sealed_verifier: sealer.seal(verifier, verifierPlace(state)),
          nonce,
          redirect_uri: redirectUri,
          admin,
          expires: plus(clock.now(), SIGN_IN_LIFE),
        };
        // Within the turn: settings that are saved later take it away with them.
        await store.db.insertInto('sign_ins').values(row).execute();
        return { kind: 'go' as const, url };
      } catch (error) {
        return this.#refuse(connection, classifyError(error, trouble.last, clock.now()).problem);
      }
    });
    return asked.kind === 'refused' ? asked : { ...asked, browserSecret };
  }

  /**
   * The way back. Works once: the row is taken out before the code is redeemed, because a code redeemed twice makes a
   * correct provider revoke the whole grant.
   */
  async finish(callback: Callback, browserSecret: string | null): Promise<SignedIn> {
    const { store, clock, turns, tokens, hub } = this.#options;
    if (browserSecret === null) return { kind: 'not-ours' };
    const [stateHash, browserHash, arrived] = [hashOf(callback.state), hashOf(browserSecret), clock.now()];
    const known = await store.db
      .selectFrom('sign_ins')
      .select('connection_id')
      .where('state_hash', '=', stateHash)
      .where('browser_hash', '=', browserHash)
      .where('expires', '>', arrived)
      .executeTakeFirst();
    if (known === undefined) return { kind: 'not-ours' };
    const connection = known.connection_id;
    const kind = await turns.of(connection).take(async () => {
      // Not before: while this waited, the connection may have been deleted, or led to another tenant.
      const signIn = await store.db
        .deleteFrom('sign_ins')
        .where('state_hash', '=', stateHash)
        .where('browser_hash', '=', browserHash)
        .returningAll()
        .executeTakeFirst();
      if (signIn === undefined) return 'not-ours';
      if (callback.code !== null) return this.#redeem(signIn, callback.state, callback.code);
      const problem = classifyCallback(callback.error ?? '', callback.errorDescription, clock.now());
      await tokens.noteProblem(connection, problem);
      return 'failed';
    });
    if (kind === 'not-ours') return { kind };
    tokens.clearFailure(connection);
    hub.topicsChanged('server-settings', 'set-up');
    return { kind, connection };
  }

  async #redeem(signIn: SignInRow, state: string, code: string): Promise<'done' | 'failed'> {
    const { connections, sealer, clock, tokens } = this.#options;
    const connection = signIn.connection_id;
    const current = await connections.current(connection);
    if (current === null) return 'failed';
    const { settings } = current;
    const fresh = connections.fresh(current);
    try {
      const result = await fresh.connection.app.acquireTokenByCode({
        code,
        scopes: scopesFor(settings.sign_in, settings.graph_base),
        redirectUri: signIn.redirect_uri,
        codeVerifier: sealer.open(signIn.sealed_verifier, verifierPlace(state)),
        nonce: signIn.nonce,
      });
      const answer = readAnswer(result);
      const { account } = result;
      if (answer === 'empty' || account === null) {
        await tokens.noteProblem(connection, emptyToken(clock.now()));
        return 'failed';
      }
      const name = account.username === '' ? (account.name ?? account.localAccountId) : account.username;
      const who = { account: name, homeAccountId: account.homeAccountId };
      const given = { ...answer, who, sealedCache: fresh.sealedCache() };
      return (await tokens.storeNew(connection, signIn.admin, current, given)) ? 'done' : 'failed';
    } catch (error) {
      await tokens.noteProblem(connection, classifyError(error, fresh.connection.trouble.last, clock.now()).problem);
      return 'failed';
    } finally {
      await fresh.connection.close();
    }
  }

  async #refuse(connection: string, problem: TokenProblem): Promise<Refusal> {
    await this.#options.tokens.noteProblem(connection, problem);
    return refused(problem.kind, `${WHAT_TO_SAY[problem.kind]} ${problem.detail}`.trim());
  }
}

const verifierPlace = (state: string) => ({ table: 'sign_ins', column: 'sealed_verifier', row: hashOf(state) });

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
