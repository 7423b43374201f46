/**
 * One connection's orphans: subscriptions that lead here and that nobody here knows. The answer to their making was
 * lost, or the database is older than they are. Looked for now and then; what is gone meanwhile nobody misses.
 */
import { earliest, hours, type Instant, minutes, plus } from '../../contract/values/time.ts';
import { type Failed, failed, type NoAccess, type TenantGraph } from '../rooms/tenant-graph.ts';
import type { Db } from '../store/store.ts';
import { listLeadingTo, unsubscribe } from './calls.ts';
import { listKnown } from './store.ts';

/** Long after one that is being made right now, by whichever central of this fleet, has been written down. */
const SURE = minutes(10);
const LOOK_EVERY = hours(24);
const AFTER_FAILURE = hours(1);
const MOST_REMOVED = 100;

export class Orphans {
  /** Null: at once. */
  #lookAt: Instant | null = null;
  /** Since when each was unknown whenever we looked. */
  #unknown = new Map<string, Instant>();

  isDue(now: Instant): boolean {
    return this.#lookAt === null || this.#lookAt <= now;
  }

  /** There may be one since now. */
  suspect(now: Instant): void {
    if (this.#lookAt !== null) this.#lookAt = earliest(this.#lookAt, plus(now, SURE));
  }

  /** Removes those that have been unknown for a while, and says how many. */
  async remove(options: {
    open: () => Promise<TenantGraph | Failed | NoAccess>;
    db: Db;
    publicUrl: string;
    now: Instant;
    signal: AbortSignal;
  }): Promise<{ kind: 'removed'; count: number } | Failed> {
    const { db, publicUrl, now, signal } = options;
    this.#lookAt = plus(now, AFTER_FAILURE);
    const tenant = await options.open();
    if (tenant.kind === 'no-token') return failed('no-token', 'central has no access token');
    if (tenant.kind === 'failed') return tenant;
    const { graph } = tenant;
    const listed = await listLeadingTo(graph, publicUrl, signal);
    if (listed.kind === 'failed') return listed;
    // Whichever connection made it; and read after Graph, so that what was made before that is in it.
    const known = await listKnown(db);
    const unknown = listed.ids.filter(id => !known.has(id));
    this.#unknown = new Map(unknown.map(id => [id, this.#unknown.get(id) ?? now]));
    const orphans = [...this.#unknown].filter(([, since]) => plus(since, SURE) <= now).slice(0, MOST_REMOVED);
    for (const [id] of orphans) {
      const removed = await unsubscribe(graph, id, signal);
      if (removed.kind === 'failed') return removed;
      this.#unknown.delete(id);
    }
    this.#lookAt = plus(now, this.#unknown.size > 0 ? SURE : LOOK_EVERY);
    return { kind: 'removed', count: orphans.length };
  }
}
