/**
 * Panel to central, below `/panel/v1`. HTTPS only. Every request carries a DPoP proof (RFC 9449) signed with the panel's
 * own key, a server nonce in it; the key's thumbprint (RFC 7638) IS the panel's identity. There is no bearer token.
 *
 *   GET  /panel/v1/hello                    -> Hello           the only one without proof: is this a central of ours?
 *   POST /panel/v1/enrol     EnrolRequest   -> PanelState      first contact and every start; also asks a new code
 *   GET  /panel/v1/state                    -> PanelState
 *   POST /panel/v1/licence   LicenceRequest -> LicenceAnswer   a licence key typed on the panel
 *   GET  /panel/v1/config                   -> PanelConfig     (values/config.ts), only when paired
 *   POST /panel/v1/token     TokenRequest   -> TokenAnswer     calendar access in direct mode, only when paired
 *   GET  /panel/v1/rooms                    -> RoomsOnOffer    other rooms this panel may offer, only when paired
 *   POST /panel/v1/calendar/...                                 calendar access in relay mode: wire/calendar.ts
 *   POST /panel/v1/report    Report         -> 204             what runs, what is wrong
 *   POST /panel/v1/diagnostics  DiagnosticsReport -> 204       the answer to `collect-diagnostics`
 *   GET  /panel/v1/stream                   -> server-sent events; a comment every 15 s
 *        `event: state`    PanelState     now and whenever it changes
 *        `event: config`   PanelConfig    the whole config, before the state that names its version: nobody needs to fetch it
 *        `event: hint`     CalendarHint   something changed in the room's calendar: read it; polling stays the truth
 *        `event: command`  PanelCommand   once, to whoever listens at that moment
 *
 * A revoked panel's stream ends after it was told, and all but `enrol` answer it 403.
 *
 * Errors are WireError with the status that fits: 400 invalid, 401 proof (with a `DPoP-Nonce` header), 403 not paired or
 * revoked, 409 conflict, 426 version, 429 with Retry-After, 503.
 */
import * as v from 'valibot';
import { ConfigVersion } from '../values/config.ts';
import { MacAddress, PanelId, RoomId } from '../values/ids.ts';
import { LicenceKey } from '../values/licence-key.ts';
import { OfferedRoom } from '../values/room.ts';
import { oneLine, onOneLine } from '../values/text.ts';
import { Instant } from '../values/time.ts';
import { ReadProblem } from '../values/trust.ts';

/** Bump on any change of these messages; a panel sends it with every enrolment and central may refuse what it cannot speak. */
export const WIRE_VERSION = 3;

export const Hello = v.object({ product: v.literal('lintel-central'), wireVersion: v.pipe(v.number(), v.integer()) });
export type Hello = v.InferOutput<typeof Hello>;

const label = v.pipe(v.string(), v.maxLength(200), oneLine);
const words = v.pipe(v.string(), v.maxLength(200), onOneLine);

export const EnrolRequest = v.object({
  wireVersion: v.pipe(v.number(), v.integer()),
  agentVersion: label,
  mac: v.nullable(MacAddress),
  /** Label for duplicate detection, never proof. */
  machineId: v.nullable(label),
  hostname: label,
  /** Where the private key is kept. */
  keyStore: v.picklist(['keychain', 'sealed-file']),
  /** Random, new with every start of the agent; with `starts` it reveals a copied identity. */
  boot: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  /** Grows with every start of this identity; kept beside the key. */
  starts: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** True: the code on the glass ran out or was refused, make another. */
  wantsNewCode: v.boolean(),
});
export type EnrolRequest = v.InferOutput<typeof EnrolRequest>;

/** unenrolled -> awaiting-approval(code, expires) -> paired(configVersion); rejected; revoked; identity-conflict */
export const PanelState = v.variant('kind', [
  v.object({ kind: v.literal('awaiting-approval'), panel: PanelId, code: v.string(), expires: Instant }),
  v.object({ kind: v.literal('code-expired'), panel: PanelId }),
  v.object({
    kind: v.literal('paired'),
    panel: PanelId,
    configVersion: ConfigVersion,
    /** Which grant calendar tokens come from; when it is another one or none (null), tokens at hand are dropped at once. */
    grant: v.nullable(v.string()),
  }),
  v.object({ kind: v.literal('rejected'), panel: PanelId }),
  v.object({ kind: v.literal('revoked'), panel: PanelId }),
  /** The same key is in use by two running agents; neither is believed until an admin decides. */
  v.object({ kind: v.literal('identity-conflict'), panel: PanelId }),
]);
export type PanelState = v.InferOutput<typeof PanelState>;

/** `room` null: which rooms does this key allow? */
export const LicenceRequest = v.object({ key: LicenceKey, room: v.nullable(RoomId) });
export type LicenceRequest = v.InferOutput<typeof LicenceRequest>;

export const LicenceAnswer = v.variant('kind', [
  v.object({
    kind: v.literal('choose-room'),
    rooms: v.array(v.object({ id: RoomId, name: v.string(), detail: v.nullable(v.string()) })),
  }),
  v.object({ kind: v.literal('paired'), configVersion: ConfigVersion }),
  v.object({
    kind: v.literal('refused'),
    why: v.picklist(['key-unknown', 'key-in-use', 'key-revoked', 'room-taken', 'too-many-tries', 'no-seats']),
  }),
]);
export type LicenceAnswer = v.InferOutput<typeof LicenceAnswer>;

/** `isRefused`: the provider turned down the token given last although it should still hold. */
export const TokenRequest = v.object({ isRefused: v.boolean() });
export type TokenRequest = v.InferOutput<typeof TokenRequest>;

/** `relayed`: this connection's calendars are asked for through central. */
export const TokenAnswer = v.variant('kind', [
  v.object({ kind: v.literal('token'), accessToken: v.pipe(v.string(), v.nonEmpty()), expires: Instant }),
  /** `detail` is for the log and holds no secret. */
  v.object({
    kind: v.literal('none'),
    why: v.picklist([
      'not-connected',
      'sign-in-needed',
      'provider-unreachable',
      'throttled',
      'not-licensed',
      'relayed',
    ]),
    detail: words,
  }),
]);
export type TokenAnswer = v.InferOutput<typeof TokenAnswer>;

/** Nearest first, all of the same connection, without the panel's own; their number does not grow with the fleet. */
export const RoomsOnOffer = v.object({
  /** What the panel's own room has, to compare with. */
  equipment: v.array(v.string()),
  rooms: v.pipe(v.array(OfferedRoom), v.maxLength(60)),
});
export type RoomsOnOffer = v.InferOutput<typeof RoomsOnOffer>;

export const CalendarHint = v.object({ room: RoomId });
export type CalendarHint = v.InferOutput<typeof CalendarHint>;

export const Report = v.object({
  configVersion: v.nullable(ConfigVersion),
  /** Set when the panel could not apply a config: its version and why. */
  configRefused: v.nullable(v.object({ version: v.pipe(v.number(), v.safeInteger()), why: words })),
  lastRead: v.nullable(Instant),
  readProblem: v.nullable(ReadProblem),
  problems: v.array(words),
});
export type Report = v.InferOutput<typeof Report>;

/** What an admin asks of one panel. It shows its name large; starts anew; sends what it knows of itself. */
export const PanelCommand = v.object({
  id: v.string(),
  kind: v.picklist(['identify', 'restart', 'collect-diagnostics']),
});
export type PanelCommand = v.InferOutput<typeof PanelCommand>;

/** `text`: JSON without secrets and without any meeting's subject. */
export const DiagnosticsReport = v.object({ command: v.string(), text: v.pipe(v.string(), v.maxLength(200_000)) });
export type DiagnosticsReport = v.InferOutput<typeof DiagnosticsReport>;

export const WireError = v.object({ error: v.object({ code: v.string(), message: v.string() }) });
export type WireError = v.InferOutput<typeof WireError>;
