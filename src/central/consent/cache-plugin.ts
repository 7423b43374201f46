import type { ICachePlugin } from '@azure/msal-node';
import type { Sealer } from '../store/seal.ts';
import { openTokenCache, sealTokenCache } from '../store/settings.ts';
import type { Store } from '../store/store.ts';

/**
 * Keeps msal's cache sealed in the database, written after every change: Entra ID hands out a new refresh token with
 * every use, and an old one that is kept dies of age although it is used daily.
 */
export function makeCachePlugin(store: Store, sealer: Sealer, connection: string): ICachePlugin {
  return {
    async beforeCacheAccess({ tokenCache }) {
      const row = await store.db
        .selectFrom('grants')
        .select('sealed_cache')
        .where('id', '=', connection)
        .executeTakeFirst();
      if (row?.sealed_cache) tokenCache.deserialize(openTokenCache(sealer, connection, row.sealed_cache));
    },
    async afterCacheAccess({ tokenCache, cacheHasChanged }) {
      if (!cacheHasChanged) return;
      // Only a grant that is still there: a refresh under way must not bring a deleted one back.
      await store.db
        .updateTable('grants')
        .set({ sealed_cache: sealTokenCache(sealer, connection, tokenCache.serialize()) })
        .where('id', '=', connection)
        .where('sealed_cache', 'is not', null)
        .execute();
    },
  };
}

/** Keeps the cache in memory, for one request: what comes of it is stored with the grant. */
export function makeCapture(): { plugin: ICachePlugin; text(): string } {
  let text = '';
  return {
    plugin: {
      beforeCacheAccess: async () => {},
      afterCacheAccess: async ({ tokenCache, cacheHasChanged }) => {
        if (cacheHasChanged) text = tokenCache.serialize();
      },
    },
    text: () => text,
  };
}
