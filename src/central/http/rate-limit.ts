import type { Clock } from '../../contract/values/clock.ts';
import type { Duration } from '../../contract/values/time.ts';
import { type Bucket, type BucketRule, refilled, take } from '../domain/token-bucket.ts';

const MOST_KEYS = 50_000;

/** Token buckets by key, in memory, bounded. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #rule: BucketRule;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, rule: BucketRule) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** Null when this one is allowed; otherwise how long to wait. */
  take(key: string): Duration | null {
    if (this.#buckets.size >= MOST_KEYS && !this.#buckets.has(key)) this.#sweep();
    const taken = take(this.#buckets.get(key), this.#rule, this.#clock.now());
    this.#buckets.set(key, taken.bucket);
    return taken.kind === 'taken' ? null : taken.retryAfter;
  }

  /** Puts back what an honest use took. */
  refund(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket) this.#buckets.set(key, { ...bucket, tokens: Math.min(this.#rule.burst, bucket.tokens + 1) });
  }

  #sweep() {
    const now = this.#clock.now();
    for (const [key, bucket] of this.#buckets) {
      if (refilled(bucket, this.#rule, now).tokens >= this.#rule.burst) this.#buckets.delete(key);
    }
    // Nobody is back to full: an attack from very many addresses. The oldest are let go; the server-wide limit holds.
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < MOST_KEYS) break;
      this.#buckets.delete(key);
    }
  }
}
