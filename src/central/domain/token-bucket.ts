/** A token bucket as a value: `burst` at once, then one every `refill`. */
import { between, type Duration, type Instant, milliseconds } from '../../contract/values/time.ts';

export type BucketRule = { burst: number; refill: Duration };
export type Bucket = { tokens: number; at: Instant };
export type Taken = { kind: 'taken'; bucket: Bucket } | { kind: 'empty'; bucket: Bucket; retryAfter: Duration };

export function take(bucket: Bucket | undefined, rule: BucketRule, now: Instant): Taken {
  const full = bucket === undefined ? { tokens: rule.burst, at: now } : refilled(bucket, rule, now);
  if (full.tokens >= 1) return { kind: 'taken', bucket: { ...full, tokens: full.tokens - 1 } };
  return { kind: 'empty', bucket: full, retryAfter: milliseconds(Math.ceil((1 - full.tokens) * rule.refill)) };
}

export function refilled(bucket: Bucket, rule: BucketRule, now: Instant): Bucket {
  const gained = Math.max(0, between(bucket.at, now)) / rule.refill;
  return { tokens: Math.min(rule.burst, bucket.tokens + gained), at: now };
}
