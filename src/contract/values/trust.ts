import * as v from 'valibot';
import { Instant } from './time.ts';

/** Why a read of the calendar failed, in words the glass, the console and the log share. */
export const ReadProblem = v.picklist([
  'unreachable', // no answer: no network, refused, deadline passed
  'captive-portal', // an answer, but a web page where data belongs
  'throttled', // 429 or 503 with a time to wait
  'provider-error', // 5xx
  'sign-in-needed', // token refused, expired or revoked; consent missing
  'no-token', // central gave none (not connected to a tenant, or central is away)
  'no-access', // the account has no rights to this room
  'room-not-found',
  'misunderstood', // an answer that does not parse
]);
export type ReadProblem = v.InferOutput<typeof ReadProblem>;

/**
 * How far what is shown can be trusted.
 * unknown -> fresh(at) -> stale(since): `lastRead` is the instant of the last good read.
 */
export const Trust = v.variant('kind', [
  v.object({ kind: v.literal('unknown'), why: v.nullable(ReadProblem) }),
  /** `until`: when no read succeeds before this instant, it is stale, and whoever shows it must say so by itself. */
  v.object({ kind: v.literal('fresh'), lastRead: Instant, until: Instant }),
  v.object({ kind: v.literal('stale'), lastRead: Instant, why: v.nullable(ReadProblem) }),
]);
export type Trust = v.InferOutput<typeof Trust>;
