/** General settings: what the scopes say, and how it came to be. The console works out what applies with values/policy-cascade.ts. */
import * as v from 'valibot';
import { PinHash, PolicyValues } from '../../values/policy.ts';
import { PolicyLayer, PolicyScope } from '../../values/policy-cascade.ts';
import { Instant } from '../../values/time.ts';
import { versionNumber } from './common.ts';

/** A new PIN travels as digits and is stored as a hash. */
export const NewPin = v.object({ digits: v.pipe(v.string(), v.regex(/^\d{4,8}$/, 'a PIN has 4 to 8 digits')) });
export const PolicyInput = v.object({
  scope: PolicyScope,
  /** All that this scope says from now on; what is absent is inherited. */
  values: v.object({
    ...v.omit(PolicyValues, ['pin']).entries,
    pin: v.optional(v.nullable(v.union([PinHash, NewPin]))),
  }),
  /** The version the admin looked at; 409 `changed-meanwhile` when somebody saved since. */
  basedOn: versionNumber,
});
export type PolicyInput = v.InferOutput<typeof PolicyInput>;

export const Policies = v.object({ version: v.number(), layers: v.array(PolicyLayer) });
export type Policies = v.InferOutput<typeof Policies>;

/** One change that panels had to follow, newest first. Values as JSON text; a PIN or logo only as `set` or `changed`. */
export const Revision = v.object({
  version: v.number(),
  at: Instant,
  /** The admin's name, or `central`. */
  by: v.string(),
  what: v.picklist(['settings', 'roll-back', 'rooms', 'connection', 'panel']),
  /** For a roll-back: the version it went back to. */
  backTo: v.nullable(v.number()),
  changes: v.array(
    v.object({
      /** Null for changes that are not settings. */
      scope: v.nullable(PolicyScope),
      field: v.string(),
      before: v.nullable(v.string()),
      after: v.nullable(v.string()),
    }),
  ),
  /** Panels that should run it and nothing newer, those of them that do, and those that refused it. */
  panels: v.object({ target: v.number(), running: v.number(), refused: v.number() }),
});
export type Revision = v.InferOutput<typeof Revision>;

export const RollBack = v.object({ version: versionNumber });
export const NewVersion = v.object({ version: v.number() });
