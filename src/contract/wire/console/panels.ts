/** Free MACs: panels that wait, roll-outs by CSV, and what can be done to a panel. */
import * as v from 'valibot';
import { MacAddress, PanelId, RoomId } from '../../values/ids.ts';
import { Instant } from '../../values/time.ts';
import { short } from './common.ts';

export const WaitingPanel = v.object({
  panel: PanelId,
  mac: v.nullable(MacAddress),
  machineId: v.nullable(v.string()),
  hostname: v.string(),
  address: v.string(),
  agentVersion: v.string(),
  keyStore: v.picklist(['keychain', 'sealed-file']),
  code: v.nullable(v.string()),
  expires: v.nullable(Instant),
  /** The same four words stand on the panel; if they differ, somebody is in between. */
  words: v.array(v.string()),
  firstSeen: Instant,
  lastSeen: Instant,
  isOnline: v.boolean(),
  isRejected: v.boolean(),
  isRevoked: v.boolean(),
  isConflict: v.boolean(),
  /** Other panels that report the same machine id or MAC: a cloned disk image, or a spoof. */
  twins: v.array(v.object({ panel: PanelId, shared: v.picklist(['machine-id', 'mac']), room: v.nullable(v.string()) })),
  /** What was registered for its MAC beforehand. A MAC is no proof: a person still confirms the code. */
  registration: v.nullable(v.object({ room: v.object({ id: RoomId, name: v.string() }) })),
});
export type WaitingPanel = v.InferOutput<typeof WaitingPanel>;

/** `licenceKeyId` null: the registered one, or any free one. `code`: as it stood there when the admin decided. */
export const Approval = v.object({
  room: RoomId,
  licenceKeyId: v.nullable(v.string()),
  code: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(20))), null),
});
export type Approval = v.InferOutput<typeof Approval>;

/**
 * A code somebody read from a glass, typed in. Few tries in all: 404 `code-unknown`, 429. With a registered MAC the panel
 * is paired at once; without, `found` says which row it is.
 */
export const CodeInput = v.object({ code: v.pipe(v.string(), v.maxLength(40)) });
export const CodeAnswer = v.variant('kind', [
  v.object({ kind: v.literal('paired'), panel: PanelId, room: v.string() }),
  v.object({ kind: v.literal('found'), panel: PanelId }),
]);
export type CodeAnswer = v.InferOutput<typeof CodeAnswer>;

/** Confirms many registered panels, each with the code that stands beside it. */
export const ConfirmInput = v.object({
  panels: v.pipe(v.array(v.object({ panel: PanelId, code: v.string() })), v.minLength(1), v.maxLength(2000)),
});
export const ConfirmAnswer = v.object({
  paired: v.number(),
  refused: v.array(v.object({ panel: PanelId, code: v.string(), message: v.string() })),
});
export type ConfirmAnswer = v.InferOutput<typeof ConfirmAnswer>;

export const RegistrationRow = v.object({
  mac: MacAddress,
  room: v.object({ id: RoomId, name: v.string() }),
  licenceKeyHint: v.nullable(v.string()),
  created: Instant,
});
export type RegistrationRow = v.InferOutput<typeof RegistrationRow>;

/**
 * CSV with a heading line: `mac`, `room` (address or name), `licence key` (may be empty: any free one) and, if the codes are
 * at hand, `code`. Comma or semicolon, UTF-8. A row with a valid code pairs its panel at once; the others are registered.
 */
export const RollOutInput = v.object({ csv: v.pipe(v.string(), v.maxLength(2_000_000)), isDryRun: v.boolean() });
export const RollOutRow = v.object({
  /** Of the file, the heading being 1. */
  line: v.number(),
  mac: v.string(),
  room: v.string(),
  verdict: v.picklist(['pairs', 'registers', 'unchanged', 'refused']),
  /** Why, for a person; empty when there is nothing to say. */
  message: v.string(),
});
export type RollOutRow = v.InferOutput<typeof RollOutRow>;
/** A dry run tells what would happen. The real run does every row that is not refused. */
export const RollOutAnswer = v.object({
  isDryRun: v.boolean(),
  rows: v.array(RollOutRow),
  paired: v.number(),
  registered: v.number(),
  refused: v.number(),
});
export type RollOutAnswer = v.InferOutput<typeof RollOutAnswer>;

export const Move = v.object({ room: RoomId });
export const Rename = v.object({ name: v.nullable(v.pipe(short, v.nonEmpty(), v.maxLength(80))) });
/** `by`: a panel that waits; it takes over room, licence key, name and settings, and the old one is revoked, all at once. */
export const Replacement = v.object({
  by: PanelId,
  code: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(20))), null),
});

/** What a panel knows of itself, secrets left out; `text` is JSON for a support engineer. */
export const Diagnostics = v.object({ panel: PanelId, at: Instant, text: v.string() });
export type Diagnostics = v.InferOutput<typeof Diagnostics>;
