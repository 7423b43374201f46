/**
 * Console pages to central, below `/console/api/v1`. A session cookie (`__Host-lintel`, Secure, HttpOnly, SameSite=Strict)
 * after log-in; every request that changes anything must be JSON and carry `Lintel-Console: 1` (no cross-site form can).
 *
 *   POST   /login                     Login                -> 204 | 401 | 429
 *   POST   /logout                                         -> 204
 *   GET    /session                                        -> Session | 401
 *   GET    /overview                                       -> Overview               (counts for the menu)
 *   GET    /server-settings                                -> ServerSettings
 *   PUT    /server-settings           ServerSettingsInput  -> SaveAnswer              saves; imports the rooms when a token is there
 *   POST   /server-settings/token                          -> { url }                 Get Access Token: where to send the browser
 *   POST   /server-settings/token/refresh                  -> TokenStatus             Refresh Access Token
 *   DELETE /server-settings/token                          -> TokenStatus             Delete Access Token
 *   GET    /policy                                         -> Policy                 (values/config.ts), one for every panel
 *   PUT    /policy                    Policy               -> 204                    pushed to every panel at once
 *   GET    /rooms                                          -> RoomRow[]
 *   GET    /licence-keys                                   -> LicenceKeyRow[]
 *   POST   /licence-keys              { count, note }      -> NewLicenceKeys          the keys in clear, this once
 *   POST   /licence-keys/:id/revoke                        -> LicenceKeyRow
 *   GET    /free-macs                                      -> WaitingPanel[]
 *   POST   /free-macs/:panel/approve  Approval             -> 204 | 409 WireError
 *   POST   /free-macs/:panel/reject                        -> 204
 *   POST   /panels/:panel/unpair                           -> 204                     back to Free MACs; also ends an identity conflict
 *   GET    /stream                                         -> server-sent events, `event: changed`, data: Topic
 *
 * The browser comes back from the sign-in at `/console/oauth/callback` and is sent on to `/console/#/server-settings`.
 */
import * as v from 'valibot';
import { MacAddress, PanelId, RoomAddress, RoomId } from '../values/ids.ts';
import { Instant, ZoneName } from '../values/time.ts';
import { ReadProblem } from '../values/trust.ts';

const short = v.pipe(v.string(), v.trim(), v.maxLength(200));
const filled = (what: string) => v.pipe(short, v.nonEmpty(`${what} is missing`));
const httpsUrl = (what: string) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.url(`${what} is not an address`),
    v.startsWith('https://', `${what} must start with https://`),
  );

export const Login = v.object({ username: short, password: v.pipe(v.string(), v.maxLength(1000)) });
export const Session = v.object({ username: v.string() });
export const Overview = v.object({
  serverSettings: v.picklist(['ok', 'not-set', 'sign-in-needed']),
  rooms: v.number(),
  licenceKeysFree: v.number(),
  waitingPanels: v.number(),
  conflicts: v.number(),
});
export type Overview = v.InferOutput<typeof Overview>;

export const ServerType = v.picklist(['office-365-graph']);

/** The secret only ever travels towards central; null keeps the one that is stored. */
export const ServerSettingsInput = v.object({
  serverType: ServerType,
  /** `https://login.microsoftonline.com`, or another cloud's, or a test's. Without the tenant. */
  authority: httpsUrl('Authority'),
  /** `https://graph.microsoft.com` or another cloud's. Without `/v1.0`. */
  graphBase: httpsUrl('Graph address'),
  tenantId: filled('Tenant ID'),
  clientId: filled('Client ID'),
  clientSecret: v.nullable(v.pipe(v.string(), v.maxLength(500))),
  /** Sign-in name of the service account, used as a hint on the sign-in page. */
  serviceAccount: v.nullable(short),
  /** Rooms whose zone the directory does not tell get this one. */
  defaultZone: ZoneName,
  /** PEM certificates of the customer's own CAs. */
  extraCa: v.nullable(v.pipe(v.string(), v.maxLength(100_000))),
});
export type ServerSettingsInput = v.InferOutput<typeof ServerSettingsInput>;

/** Why a token could not be had, for the admin. `code`: AADSTS number or OAuth error; `detail`: the provider's own words. */
export const TokenProblem = v.object({
  kind: v.picklist([
    'wrong-secret',
    'consent-missing',
    'unknown-app',
    'unknown-tenant',
    'sign-in-expired',
    'unreachable',
    'empty-token',
    'refused',
  ]),
  code: v.nullable(v.string()),
  detail: v.string(),
  at: Instant,
});
export type TokenProblem = v.InferOutput<typeof TokenProblem>;

export const TokenStatus = v.variant('kind', [
  v.object({ kind: v.literal('none'), problem: v.nullable(TokenProblem) }),
  v.object({
    kind: v.literal('issued'),
    account: v.string(),
    scopes: v.array(v.string()),
    issued: Instant,
    expires: Instant,
    /** Set when the last refresh failed; the grant is kept. */
    problem: v.nullable(TokenProblem),
  }),
]);
export type TokenStatus = v.InferOutput<typeof TokenStatus>;

export const ServerSettings = v.object({
  settings: v.nullable(
    v.object({ ...v.omit(ServerSettingsInput, ['clientSecret']).entries, hasClientSecret: v.boolean() }),
  ),
  token: TokenStatus,
  /** What to register with the provider as redirect URI. */
  redirectUri: v.string(),
  /** Set while the last import of rooms failed. */
  importProblem: v.nullable(v.object({ problem: ReadProblem, detail: v.string() })),
});
export type ServerSettings = v.InferOutput<typeof ServerSettings>;

export const SaveAnswer = v.object({
  settings: ServerSettings,
  /** Null when there is no token yet, so that no import was tried. */
  imported: v.nullable(v.object({ added: v.number(), updated: v.number(), missing: v.number() })),
});
export type SaveAnswer = v.InferOutput<typeof SaveAnswer>;

export const RoomRow = v.object({
  id: RoomId,
  address: RoomAddress,
  name: v.string(),
  zone: ZoneName,
  capacity: v.nullable(v.number()),
  building: v.nullable(v.string()),
  floor: v.nullable(v.string()),
  /** True when the directory did not list it at the last import; it is kept. */
  isMissing: v.boolean(),
  panel: v.nullable(
    v.object({
      id: PanelId,
      mac: v.nullable(MacAddress),
      hostname: v.string(),
      isOnline: v.boolean(),
      lastSeen: v.nullable(Instant),
      lastRead: v.nullable(Instant),
      readProblem: v.nullable(ReadProblem),
      problems: v.array(v.string()),
      configVersion: v.nullable(v.number()),
      targetVersion: v.number(),
      configRefused: v.nullable(v.string()),
      isConflict: v.boolean(),
      keyStore: v.picklist(['keychain', 'sealed-file']),
    }),
  ),
});
export type RoomRow = v.InferOutput<typeof RoomRow>;

export const LicenceKeyRow = v.object({
  id: v.string(),
  /** First and last five characters; the rest is stored only as a hash. */
  hint: v.string(),
  note: v.string(),
  created: Instant,
  state: v.picklist(['free', 'used', 'revoked']),
  room: v.nullable(v.string()),
});
export type LicenceKeyRow = v.InferOutput<typeof LicenceKeyRow>;

export const NewLicenceKeysInput = v.object({
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
  note: short,
});
export const NewLicenceKeys = v.object({ keys: v.array(v.object({ id: v.string(), key: v.string() })) });

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
  /** Other panels that report the same machine id or MAC: a cloned disk image, or a spoof. */
  twins: v.array(v.object({ panel: PanelId, shared: v.picklist(['machine-id', 'mac']), room: v.nullable(v.string()) })),
});
export type WaitingPanel = v.InferOutput<typeof WaitingPanel>;

/** `licenceKeyId` null: take any free one. */
export const Approval = v.object({ room: RoomId, licenceKeyId: v.nullable(v.string()) });
export type Approval = v.InferOutput<typeof Approval>;

export const Topic = v.picklist(['server-settings', 'rooms', 'licence-keys', 'free-macs']);
export type Topic = v.InferOutput<typeof Topic>;
