/** The connections in use, each opened for its settings as they are, and what central's calls over them came to. */
import type { Clock } from '../../contract/values/clock.ts';
import type { Fetch, HttpClientFactory } from '../ports.ts';
import { SealError, type Sealer } from '../store/seal.ts';
import { findSettings, sealTokenCache } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { makeCachePlugin, makeCapture } from './cache-plugin.ts';
import { CallBook, type CallHealth, counted } from './calls.ts';
import { type Connection, type Credential, openConnection, openCredential } from './connection.ts';

export type Current = { settings: SettingsRow; credential: Credential; connection: Connection };
/** `incomplete`: no secret or certificate is stored; `sealed`: the one that is does not open here. */
export type Found =
  | { kind: 'unset' }
  | { kind: 'incomplete'; settings: SettingsRow }
  | { kind: 'sealed'; settings: SettingsRow; error: SealError }
  | ({ kind: 'open' } & Current);

/** Whether a grant for the one is a grant for the other: same tenant, app, provider and kind of sign-in. */
export const isSameApp = (a: AppOf, b: AppOf) =>
  a.authority === b.authority &&
  a.tenant_id === b.tenant_id &&
  a.client_id === b.client_id &&
  a.graph_base === b.graph_base &&
  a.sign_in === b.sign_in;
type AppOf = Pick<SettingsRow, 'authority' | 'tenant_id' | 'client_id' | 'graph_base' | 'sign_in'>;

export class Connections {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #makeHttpClient: HttpClientFactory;
  readonly #clock: Clock;
  readonly #open = new Map<string, { key: string; connection: Connection }>();
  readonly #books = new Map<string, CallBook>();

  constructor(store: Store, sealer: Sealer, makeHttpClient: HttpClientFactory, clock: Clock) {
    this.#store = store;
    this.#sealer = sealer;
    this.#makeHttpClient = makeHttpClient;
    this.#clock = clock;
  }

  /** Null while there are no settings, or no secret in them that opens. */
  async current(connection: string): Promise<Current | null> {
    const found = await this.find(connection);
    return found.kind === 'open' ? found : null;
  }

  /** Opens another one when the settings changed, here or on another instance. */
  async find(id: string): Promise<Found> {
    const settings = await findSettings(this.#store.db, id);
    if (settings === undefined) return { kind: 'unset' };
    let credential: Credential | null;
    try {
      credential = openCredential(this.#sealer, settings);
    } catch (error) {
      if (error instanceof SealError) return { kind: 'sealed', settings, error };
      throw error;
    }
    if (credential === null) return { kind: 'incomplete', settings };
    const { authority, tenant_id, client_id, sign_in, sealed_client_secret, sealed_certificate, extra_ca } = settings;
    const key = JSON.stringify([
      authority,
      tenant_id,
      client_id,
      sign_in,
      sign_in === 'app-certificate' ? sealed_certificate : sealed_client_secret,
      extra_ca,
    ]);
    const before = this.#open.get(id);
    if (before?.key === key) return { kind: 'open', settings, credential, connection: before.connection };
    const plugin = makeCachePlugin(this.#store, this.#sealer, id);
    const connection = openConnection(settings, credential, plugin, this.client(settings));
    // In its place before anything is waited for, or two that look at once would open two.
    this.#open.set(id, { key, connection });
    await before?.connection.close();
    return { kind: 'open', settings, credential, connection };
  }

  /**
   * An application of its own with an empty cache, for a new grant: the account before must not live on beside the new
   * one. `sealedCache` is what to store with the grant. The caller closes the connection.
   */
  fresh({ settings, credential }: Current): { connection: Connection; sealedCache(): string } {
    const { plugin, text } = makeCapture();
    const connection = openConnection(settings, credential, plugin, this.client(settings));
    return { connection, sealedCache: () => sealTokenCache(this.#sealer, settings.id, text()) };
  }

  /** An HTTP client for these settings, counted; the caller closes it. */
  client(settings: SettingsRow): { fetch: Fetch; close(): Promise<void> } {
    const http = this.#makeHttpClient(settings.extra_ca);
    return { fetch: counted(http.fetch, this.#book(settings.id), this.#clock), close: () => http.close() };
  }

  /** Of this process since it started. */
  health(connection: string): CallHealth {
    return this.#book(connection).health(this.#clock.now());
  }

  /** Forgets what msal holds in memory: for one connection, or for all. */
  async drop(connection?: string): Promise<void> {
    const ids = connection === undefined ? [...this.#open.keys()] : [connection];
    for (const id of ids) {
      const open = this.#open.get(id);
      this.#open.delete(id);
      await open?.connection.close();
    }
  }

  /** Of a connection that was deleted: nothing stays behind. */
  async forget(connection: string): Promise<void> {
    await this.drop(connection);
    this.#books.delete(connection);
  }

  #book(connection: string): CallBook {
    const book = this.#books.get(connection) ?? new CallBook();
    this.#books.set(connection, book);
    return book;
  }
}
