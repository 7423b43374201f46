/** Licence keys (a seat each) and the vendor's licence file (how many seats there are). */
import * as v from 'valibot';
import { MacAddress, PanelId } from '../../values/ids.ts';
import { Instant } from '../../values/time.ts';
import { short } from './common.ts';

export const LicenceKeyRow = v.object({
  id: v.string(),
  /** First and last five characters; the rest is stored only as a hash. */
  hint: v.string(),
  note: v.string(),
  created: Instant,
  state: v.picklist(['free', 'used', 'revoked']),
  /** The room it is used in, or registered for. */
  room: v.nullable(v.string()),
  panel: v.nullable(
    v.object({ id: PanelId, name: v.nullable(v.string()), hostname: v.string(), mac: v.nullable(MacAddress) }),
  ),
});
export type LicenceKeyRow = v.InferOutput<typeof LicenceKeyRow>;

/** Refused with `no-seats` when the licence file has fewer seats than there would be keys. */
export const NewLicenceKeysInput = v.object({
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
  note: short,
});
/** The keys in clear, this once. */
export const NewLicenceKeys = v.object({ keys: v.array(v.object({ id: v.string(), key: v.string() })) });

/** What a vendor sells, as it stands in the signed file. */
export const Entitlement = v.object({
  licenceId: v.string(),
  customer: v.string(),
  seats: v.pipe(v.number(), v.integer(), v.minValue(1)),
  features: v.array(v.string()),
  notBefore: Instant,
  /** Null: for ever. */
  expires: v.nullable(Instant),
  /** How long panels go on working after that. */
  graceDays: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(365)),
});
export type Entitlement = v.InferOutput<typeof Entitlement>;

/**
 *   none (no file: nothing is limited) | not-yet | valid | grace(until) | lapsed
 * In grace everything goes on, with a notice in the console only. Lapsed: no new panel is paired, and panels get no access
 * to the calendar any more.
 */
export const LicenceStatus = v.object({
  state: v.picklist(['none', 'not-yet', 'valid', 'grace', 'lapsed']),
  entitlement: v.nullable(Entitlement),
  graceUntil: v.nullable(Instant),
  seatsUsed: v.number(),
  keys: v.number(),
});
export type LicenceStatus = v.InferOutput<typeof LicenceStatus>;
/** The file's text; 400 `licence-invalid` says why it is not believed. */
export const LicenceFileInput = v.object({ file: v.pipe(v.string(), v.maxLength(20_000)) });
