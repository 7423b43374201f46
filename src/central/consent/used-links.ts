/** Which consent links were answered, and how: kept until they expire, so that an answer counts once, after a restart too. */
import * as v from 'valibot';
import { Instant } from '../../contract/values/time.ts';
import { hashOf } from '../random.ts';
import type { Db } from '../store/store.ts';

export type LinkAnswer = 'granted' | 'declined';

/** In `meta`. */
const NAME = 'consent-links-used';
/** Links are made by admins alone, a few in a week; what is more is let go, soonest to expire first. */
const MOST_KEPT = 500;
const Used = v.object({ hash: v.string(), expires: Instant, answer: v.picklist(['granted', 'declined']) });
const Stored = v.pipe(v.string(), v.parseJson(), v.array(Used));

/**
 * Notes the answer, and says whether it counts: the first one of a link, or `granted` after `declined`, because whoever
 * declined may think again. `before`: what was answered last. Inside the transaction that stores what was heard.
 */
export async function useLink(
  tx: Db,
  link: { nonce: string; expires: Instant },
  answer: LinkAnswer,
  now: Instant,
): Promise<{ counts: boolean; before: LinkAnswer | null }> {
  const row = await tx.selectFrom('meta').select('value').where('name', '=', NAME).executeTakeFirst();
  const used = row === undefined ? [] : v.parse(Stored, row.value);
  const hash = hashOf(link.nonce);
  const before = used.find(one => one.hash === hash)?.answer ?? null;
  if (before !== null && (before === 'granted' || answer === 'declined')) return { counts: false, before };
  const others = used.filter(one => one.hash !== hash && one.expires > now);
  const kept = [{ hash, expires: link.expires, answer }, ...others]
    .sort((a, b) => b.expires - a.expires)
    .slice(0, MOST_KEPT);
  const value = JSON.stringify(kept);
  await tx
    .insertInto('meta')
    .values({ name: NAME, value })
    .onConflict(c => c.column('name').doUpdateSet({ value }))
    .execute();
  return { counts: true, before };
}
