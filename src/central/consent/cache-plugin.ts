import type { ICachePlugin } from '@azure/msal-node';
import type { Sealer } from '../store/seal.ts';
import { openTokenCache, sealTokenCache } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { DEFAULT_ID } from '../store/tables.ts';

/**
 * Keeps msal's cache sealed in the database, written after every change: Entra ID hands out a new refresh token with
 * every use, and an old one that is kept dies of age although it is used daily.
 */
export function makeCachePlugin(store: Store, sealer: Sealer): ICachePlugin {
  return {
    async beforeCacheAccess({ tokenCache }) {
      const row = await store.db
        .selectFrom('grants')
        .select('sealed_cache')
        .where('id', '=', DEFAULT_ID)
        .executeTakeFirst();
      if (row?.sealed_cache) tokenCache.deserialize(openTokenCache(sealer, row.sealed_cache));
    },
    async afterCacheAccess({ tokenCache, cacheHasChanged }) {
      if (!cacheHasChanged) return;
      // Only a grant that is still there: a refresh under way must not bring a deleted one back.
      await store.db
        .updateTable('grants')
        .set({ sealed_cache: sealTokenCache(sealer, tokenCache.serialize()) })
        .where('id', '=', DEFAULT_ID)
        .where('sealed_cache', 'is not', null)
        .execute();
    },
  };
}
