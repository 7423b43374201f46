/**
 * The tenant's tokens, in central's custody. Panels get short-lived access tokens from here; the refresh token and the
 * client secret never leave.
 */
import type { AuthenticationResult } from '@azure/msal-node';
import type { Clock } from '../../contract/values/clock.ts';
import { between, type Instant, instant, plus, seconds } from '../../contract/values/time.ts';
import type { TokenProblem, TokenStatus } from '../../contract/wire/console.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import type { Hub } from '../hub.ts';
import type { Log } from '../ports.ts';
import { audit } from '../store/audit.ts';
import { findGrant, tokenStatusOf } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_ID, type GrantRow } from '../store/tables.ts';
import { scopesFor } from './connection.ts';
import type { Connections } from './connections.ts';
import { classifyError, consentProblem } from './problems.ts';
import type { Turns } from './turns.ts';

/** After a failure every panel asks again; the provider is asked once in this time. */
const FAILURE_HOLDS = seconds(5);
/** A refused token makes every panel ask for another at once; the provider makes one in this time. */
const RENEWED_HOLDS = seconds(60);

const none = (why: Extract<TokenAnswer, { kind: 'none' }>['why'], detail: string): TokenAnswer => ({
  kind: 'none',
  why,
  detail: detail.slice(0, 200),
});

export type TokensOptions = {
  store: Store;
  connections: Connections;
  /** Shared with the sign-in: everything that touches the grant takes its turn. */
  turns: Turns;
  hub: Hub;
  clock: Clock;
  log: Log;
};

export class Tokens {
  readonly #options: TokensOptions;
  #underWay: Promise<TokenAnswer> | null = null;
  #failed: { answer: TokenAnswer; until: Instant } | null = null;
  #mayRenewAt: Instant | null = null;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /**
   * A token that lasts for some minutes yet. However many ask at once, the provider is asked once. `isRefused`: the one
   * at hand was turned down, so another is fetched although it should still hold.
   */
  accessToken({ isRefused }: { isRefused: boolean }): Promise<TokenAnswer> {
    const { clock, turns } = this.#options;
    if (this.#failed !== null && clock.now() < this.#failed.until) return Promise.resolve(this.#failed.answer);
    this.#underWay ??= turns
      .take(() => this.#acquire(this.#isRenewalDue(isRefused)))
      .finally(() => {
        this.#underWay = null;
      });
    return this.#underWay;
  }

  /** Refresh Access Token: asks the provider even if the token at hand is still good. */
  async refresh(actor: string): Promise<TokenStatus> {
    const { turns, store, clock } = this.#options;
    const answer = await turns.take(() => this.#acquire(true));
    const detail = { result: answer.kind === 'token' ? 'ok' : answer.why };
    await audit(store.db, clock, { actor, action: 'token-refreshed', subject: DEFAULT_ID, detail });
    return this.status();
  }

  /** Delete Access Token: the grant is gone from disk and memory. The tenant's own consent stays. */
  async forget(actor: string): Promise<TokenStatus> {
    const { turns, store, connections, clock, hub } = this.#options;
    await turns.take(async () => {
      await connections.drop();
      await store.transact(async tx => {
        await tx.deleteFrom('grants').where('id', '=', DEFAULT_ID).execute();
        await audit(tx, clock, { actor, action: 'token-deleted', subject: DEFAULT_ID });
      });
      this.#failed = null;
    });
    hub.topicsChanged('server-settings');
    return this.status();
  }

  #isRenewalDue(isRefused: boolean): boolean {
    const now = this.#options.clock.now();
    if (!isRefused || (this.#mayRenewAt !== null && now < this.#mayRenewAt)) return false;
    this.#mayRenewAt = plus(now, RENEWED_HOLDS);
    return true;
  }

  async status(): Promise<TokenStatus> {
    return tokenStatusOf(await findGrant(this.#options.store.db));
  }

  /** A new sign-in or new settings: what failed before may work now. */
  clearFailure(): void {
    this.#failed = null;
  }

  async #acquire(force: boolean): Promise<TokenAnswer> {
    const { connections, clock, store } = this.#options;
    const current = await connections.current();
    const grant = await findGrant(store.db);
    if (current === null || grant === undefined || grant.sealed_cache === null || grant.home_account_id === null) {
      return none('not-connected', 'central has no access token');
    }
    const { app, trouble } = current.connection;
    trouble.last = null;
    try {
      const account = await app.getTokenCache().getAccountByHomeId(grant.home_account_id);
      if (account === null) return none('sign-in-needed', 'the stored sign-in has no account');
      const scopes = scopesFor(current.settings.graph_base);
      const result = await app.acquireTokenSilent({ account, scopes, forceRefresh: force });
      return await this.#succeeded(grant, result);
    } catch (error) {
      const { problem, why } = classifyError(error, trouble.last, clock.now());
      await this.#noteProblem(grant, problem);
      const answer = none(why, `${problem.kind}${problem.code === null ? '' : ` (${problem.code})`}`);
      // A refresh ahead of time that failed says nothing about the token at hand.
      if (!force) this.#failed = { answer, until: plus(clock.now(), FAILURE_HOLDS) };
      return answer;
    }
  }

  async #succeeded(grant: GrantRow, result: AuthenticationResult): Promise<TokenAnswer> {
    const { store, clock, hub, log } = this.#options;
    // Never hand on an empty one, whatever the library makes of an answer.
    if (result.accessToken === '' || result.expiresOn === null) {
      const problem = {
        kind: 'empty-token',
        code: null,
        detail: 'an answer without a token',
        at: clock.now(),
      } as const;
      await this.#noteProblem(grant, problem);
      return none('provider-unreachable', 'empty-token');
    }
    const expires = instant(result.expiresOn.getTime());
    this.#failed = null;
    // From the cache it says nothing new: a problem with refreshing stays until a refresh succeeds.
    if (!result.fromCache) {
      const lack = consentProblem(result.scopes, clock.now());
      const problem = lack && JSON.stringify(lack);
      const columns = { issued: clock.now(), expires, scopes: result.scopes.join(' '), problem };
      await store.db.updateTable('grants').set(columns).where('id', '=', DEFAULT_ID).execute();
      hub.topicsChanged('server-settings');
      log.info('access-refreshed', { lastsSeconds: Math.round(between(clock.now(), expires) / 1000) });
    }
    return { kind: 'token', accessToken: result.accessToken, expires };
  }

  async #noteProblem(grant: GrantRow, problem: TokenProblem): Promise<void> {
    const { store, hub, log } = this.#options;
    const body = JSON.stringify(problem);
    await store.db.updateTable('grants').set({ problem: body }).where('id', '=', DEFAULT_ID).execute();
    if (grant.problem === null) hub.topicsChanged('server-settings');
    log.warn('access-refresh-failed', { problem: problem.kind, code: problem.code, detail: problem.detail });
  }
}
