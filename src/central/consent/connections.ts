import type { HttpClientFactory } from '../ports.ts';
import type { Sealer } from '../store/seal.ts';
import { findSettings, openClientSecret } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import type { SettingsRow } from '../store/tables.ts';
import { makeCachePlugin } from './cache-plugin.ts';
import { type Connection, openConnection } from './connection.ts';

export type Current = { settings: SettingsRow; clientSecret: string; connection: Connection };

/** Keeps one connection open for the settings as they are; another one when they changed, here or on another instance. */
export class Connections {
  readonly #store: Store;
  readonly #sealer: Sealer;
  readonly #makeHttpClient: HttpClientFactory;
  #open: { key: string; connection: Connection } | null = null;

  constructor(store: Store, sealer: Sealer, makeHttpClient: HttpClientFactory) {
    this.#store = store;
    this.#sealer = sealer;
    this.#makeHttpClient = makeHttpClient;
  }

  /** Null while there are no settings, or no client secret in them. */
  async current(): Promise<Current | null> {
    const settings = await findSettings(this.#store.db);
    if (settings === undefined) return null;
    const clientSecret = openClientSecret(this.#sealer, settings);
    if (clientSecret === null) return null;
    const { authority, tenant_id, client_id, sealed_client_secret, extra_ca } = settings;
    const key = JSON.stringify([authority, tenant_id, client_id, sealed_client_secret, extra_ca]);
    if (this.#open?.key !== key) {
      await this.drop();
      const plugin = makeCachePlugin(this.#store, this.#sealer);
      this.#open = { key, connection: openConnection(settings, clientSecret, plugin, this.#makeHttpClient) };
    }
    return { settings, clientSecret, connection: this.#open.connection };
  }

  /** Forgets what msal holds in memory. */
  async drop(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.connection.close();
  }
}
