/**
 * The tenants' tokens, in central's custody. Panels get short-lived access tokens from here; refresh tokens, secrets and
 * certificates never leave.
 */
import type { Clock } from '../../contract/values/clock.ts';
import { between, type Instant, plus, seconds } from '../../contract/values/time.ts';
import type { TokenProblem, TokenStatus } from '../../contract/wire/console.ts';
import type { TokenAnswer } from '../../contract/wire/panel.ts';
import { followAccount } from '../fleet/config.ts';
import type { Refusal } from '../fleet/refusal.ts';
import type { Hub } from '../hub.ts';
import type { Log } from '../ports.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import {
  findGrant,
  findSettings,
  noteConsent,
  storeGrant,
  storeTokenProblem,
  tokenStatusOf,
} from '../store/settings.ts';
import type { Db, Store } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { type Asked, askForApplication, askSilently } from './asking.ts';
import { type Connections, type Current, isSameApp } from './connections.ts';
import { classifyError, consentProblem, sealedProblem } from './problems.ts';
import { settingsIncomplete } from './refusals.ts';
import { isApplication } from './rights.ts';
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
const inShort = ({ kind, code }: TokenProblem) => `${kind}${code === null ? '' : ` (${code})`}`;

export type TokensOptions = {
  store: Store;
  connections: Connections;
  /** Shared with the sign-in: everything that touches a connection's grant takes its turn. */
  turns: Turns;
  hub: Hub;
  clock: Clock;
  log: Log;
};

/** What is remembered of one connection, so that the provider is not asked over and over. */
type Memory = {
  underWay: Promise<TokenAnswer> | null;
  failed: { answer: TokenAnswer; until: Instant } | null;
  mayRenewAt: Instant | null;
};

/** The settings that the provider was asked with. */
type Asker = Pick<Current, 'settings'>;
/** `who`: the person who signed in; null for an application. */
type Given = {
  expires: Instant;
  scopes: readonly string[];
  sealedCache: string;
  who: { account: string; homeAccountId: string } | null;
};

export class Tokens {
  readonly #options: TokensOptions;
  readonly #memories = new Map<string, Memory>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /**
   * A token that lasts for some minutes yet. However many ask at once, the provider is asked once. `isRefused`: the one
   * at hand was turned down, so another is fetched although it should still hold.
   */
  accessToken(connection: string, { isRefused }: { isRefused: boolean }): Promise<TokenAnswer> {
    const { clock, turns } = this.#options;
    const memory = this.#memory(connection);
    if (memory.failed !== null && clock.now() < memory.failed.until) return Promise.resolve(memory.failed.answer);
    memory.underWay ??= turns
      .of(connection)
      .take(() => this.#acquire(connection, this.#isRenewalDue(memory, isRefused)))
      .finally(() => {
        memory.underWay = null;
      });
    return memory.underWay;
  }

  /** Runs `task` when nothing else touches the connection's grant. Not for what takes a turn itself: it would wait for ever. */
  inTurn<T>(connection: string, task: () => Promise<T>): Promise<T> {
    return this.#options.turns.of(connection).take(task);
  }

  /** Refresh Access Token: asks the provider even if the token at hand is still good. */
  async refresh(connection: string, actor: string): Promise<TokenStatus> {
    const { turns, store, clock } = this.#options;
    const before = await this.status(connection);
    const answer = await turns.of(connection).take(() => this.#acquire(connection, true));
    // Deleted meanwhile: there is nothing to tell of.
    if ((await findSettings(store.db, connection)) === undefined) return { kind: 'none', problem: null };
    // What central does by itself is history only when it comes out otherwise than the last time.
    const wasFailing = before.problem !== null;
    if (actor !== 'central' || wasFailing !== (answer.kind === 'none')) {
      const detail = { result: answer.kind === 'token' ? 'ok' : answer.why };
      await audit(store.db, clock, { actor, action: 'token-refreshed', subject: connection, detail });
    }
    return this.status(connection);
  }

  /** Delete Access Token: the grant is gone from disk and memory. The tenant's own consent stays. */
  async forget(connection: string, actor: string): Promise<TokenStatus> {
    const { turns, store, connections, clock, hub } = this.#options;
    await turns.of(connection).take(async () => {
      await connections.drop(connection);
      await store.transact(async tx => {
        const before = await findGrant(tx, connection);
        await tx.deleteFrom('grants').where('id', '=', connection).execute();
        const settings = await findSettings(tx, connection);
        if (settings === undefined) return;
        await followAccount(this.#options, tx, settings, [before?.account ?? null, null], actor);
        await audit(tx, clock, { actor, action: 'token-deleted', subject: connection });
      });
      this.clearFailure(connection);
    });
    hub.topicsChanged('server-settings', 'set-up');
    return this.status(connection);
  }

  /** Get Access Token for a connection that acts as the application itself: there is nobody to ask, so it is fetched at once. */
  async fetchForApplication(connection: string, actor: string): Promise<{ kind: 'asked' } | Refusal> {
    const { turns, connections, clock, hub } = this.#options;
    const asked = await turns.of(connection).take(async () => {
      const found = await connections.find(connection);
      if (found.kind === 'sealed') {
        await this.noteProblem(connection, sealedProblem('wrong-secret', clock.now()));
        return { kind: 'asked' as const };
      }
      if (found.kind !== 'open' || !isApplication(found.settings.sign_in)) return settingsIncomplete();
      const fresh = connections.fresh(found);
      try {
        const result = await askForApplication(fresh.connection, found.settings, true);
        if (result === 'empty') await this.noteProblem(connection, emptyToken(clock.now()));
        else await this.storeNew(connection, actor, found, { ...result, who: null, sealedCache: fresh.sealedCache() });
      } catch (error) {
        await this.noteProblem(connection, classifyError(error, fresh.connection.trouble.last, clock.now()).problem);
      } finally {
        await fresh.connection.close();
      }
      return { kind: 'asked' as const };
    });
    this.clearFailure(connection);
    hub.topicsChanged('server-settings', 'set-up');
    return asked;
  }

  /**
   * A grant that was just given, in place of any there was. Inside the connection's turn. False: it was dropped, because
   * the connection was deleted or leads elsewhere than when the provider was asked.
   */
  async storeNew(connection: string, actor: string, { settings }: Asker, given: Given): Promise<boolean> {
    const { store, clock, connections, log } = this.#options;
    const lack = consentProblem(settings.sign_in, given.scopes, clock.now());
    const account = given.who?.account ?? settings.client_id;
    const isStored = await store.transact(async tx => {
      const now = await findSettings(tx, connection);
      if (now === undefined || !isSameApp(now, settings)) return false;
      const before = await findGrant(tx, connection);
      await followAccount(this.#options, tx, now, [before?.account ?? null, account], actor);
      await storeGrant(tx, connection, {
        grant_id: newId(),
        sealed_cache: given.sealedCache,
        home_account_id: given.who?.homeAccountId ?? null,
        account,
        scopes: given.scopes.join(' '),
        issued: clock.now(),
        expires: given.expires,
        problem: lack && JSON.stringify(lack),
      });
      await noteConsent(tx, connection, lack === null ? granted(clock) : { kind: 'missing', problem: lack });
      await audit(tx, clock, { actor, action: 'token-issued', subject: connection, detail: { account } });
      return true;
    });
    if (isStored) await connections.drop(connection);
    log.info(isStored ? 'access-issued' : 'access-dropped', { connection });
    return isStored;
  }

  async status(connection: string): Promise<TokenStatus> {
    return tokenStatusOf(await findGrant(this.#options.store.db, connection));
  }

  /** Every connection there is that ever had a token or failed to get one. */
  async connected(): Promise<{ connection: string; status: TokenStatus }[]> {
    const rows = await this.#options.store.db
      .selectFrom('grants')
      .innerJoin('settings', 'settings.id', 'grants.id')
      .selectAll('grants')
      .execute();
    return rows.map(row => ({ connection: row.id, status: tokenStatusOf(row) }));
  }

  /** What msal holds of a grant that is gone. Inside the connection's turn. */
  async forgetInMemory(connection: string): Promise<void> {
    await this.#options.connections.drop(connection);
  }

  /** The connection was deleted: nothing is remembered of it. */
  drop(connection: string): void {
    this.#memories.delete(connection);
  }

  /** A new sign-in or new settings: what failed before may work now. */
  clearFailure(connection: string): void {
    const memory = this.#memories.get(connection);
    if (memory !== undefined) memory.failed = null;
  }

  /** Why there is no token, or none will follow: kept beside the grant there is. */
  async noteProblem(connection: string, problem: TokenProblem): Promise<void> {
    const { store, hub, log } = this.#options;
    const noted = await store.transact(async tx => {
      // Deleted meanwhile: there is nobody to tell.
      if ((await findSettings(tx, connection)) === undefined) return null;
      const { problem: before } = tokenStatusOf(await findGrant(tx, connection));
      await storeTokenProblem(tx, connection, problem);
      if (problem.kind === 'consent-missing') await noteConsent(tx, connection, { kind: 'missing', problem });
      return { before };
    });
    if (noted === null) return;
    const { before } = noted;
    // Panels ask again and again; pages are told once.
    if (before?.kind !== problem.kind || before.code !== problem.code) hub.topicsChanged('server-settings');
    log.warn('access-failed', { connection, problem: problem.kind, code: problem.code, detail: problem.detail });
  }

  #memory(connection: string): Memory {
    const memory = this.#memories.get(connection) ?? { underWay: null, failed: null, mayRenewAt: null };
    this.#memories.set(connection, memory);
    return memory;
  }

  #isRenewalDue(memory: Memory, isRefused: boolean): boolean {
    const now = this.#options.clock.now();
    if (!isRefused || (memory.mayRenewAt !== null && now < memory.mayRenewAt)) return false;
    memory.mayRenewAt = plus(now, RENEWED_HOLDS);
    return true;
  }

  async #acquire(connection: string, force: boolean): Promise<TokenAnswer> {
    const { connections, clock, store } = this.#options;
    const found = await connections.find(connection);
    const grant = await findGrant(store.db, connection);
    if (grant === undefined || grant.sealed_cache === null) return none('not-connected', 'central has no access token');
    if (found.kind === 'sealed') {
      const problem = sealedProblem('wrong-secret', clock.now());
      await this.noteProblem(connection, problem);
      return none('sign-in-needed', inShort(problem));
    }
    if (found.kind !== 'open') return none('not-connected', 'the settings are incomplete');
    const { trouble } = found.connection;
    trouble.last = null;
    try {
      const result = isApplication(found.settings.sign_in)
        ? await askForApplication(found.connection, found.settings, force)
        : await askSilently(found.connection, found.settings, grant, force);
      if (result === 'no-account') return none('sign-in-needed', 'the stored sign-in has no account');
      return await this.#succeeded(connection, found, result);
    } catch (error) {
      const { problem, why } = classifyError(error, trouble.last, clock.now());
      await this.noteProblem(connection, problem);
      const answer = none(why, inShort(problem));
      // A refresh ahead of time that failed says nothing about the token at hand.
      if (!force) this.#memory(connection).failed = { answer, until: plus(clock.now(), FAILURE_HOLDS) };
      return answer;
    }
  }

  async #succeeded(connection: string, { settings }: Current, result: Asked): Promise<TokenAnswer> {
    const { store, clock, hub, log } = this.#options;
    // Never hand on an empty one, whatever the library makes of an answer.
    if (result === 'empty') {
      await this.noteProblem(connection, emptyToken(clock.now()));
      return none('provider-unreachable', 'empty-token');
    }
    const { accessToken, expires, scopes } = result;
    this.clearFailure(connection);
    // From the cache it says nothing new: a problem with refreshing stays until a refresh succeeds.
    if (!result.fromCache) {
      const lack = consentProblem(settings.sign_in, scopes, clock.now());
      const problem = lack && JSON.stringify(lack);
      const columns = { issued: clock.now(), expires, scopes: scopes.join(' '), problem };
      const isStored = await store.transact(async tx => {
        if (!(await isStill(tx, settings))) return false;
        await tx.updateTable('grants').set(columns).where('id', '=', connection).execute();
        await noteConsent(tx, connection, lack === null ? granted(clock) : { kind: 'missing', problem: lack });
        return true;
      });
      if (!isStored) return none('not-connected', 'the settings changed meanwhile');
      hub.topicsChanged('server-settings');
      log.info('access-refreshed', { connection, lastsSeconds: Math.round(between(clock.now(), expires) / 1000) });
    }
    return { kind: 'token', accessToken, expires };
  }
}

/** Whether the connection is there, and leads where it led. */
async function isStill(tx: Db, settings: SettingsRow): Promise<boolean> {
  const now = await findSettings(tx, settings.id);
  return now !== undefined && isSameApp(now, settings);
}

const granted = (clock: Clock) => ({ kind: 'granted' as const, at: clock.now() });
export const emptyToken = (at: Instant): TokenProblem => ({
  kind: 'empty-token',
  code: null,
  detail: 'an answer without a token',
  at,
});
