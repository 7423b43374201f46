/** Server settings: connections to tenants, their tokens, consent and health. */
import * as v from 'valibot';
import { RoomAddress, RoomId } from '../../values/ids.ts';
import { Instant, PlainDate, ZoneName } from '../../values/time.ts';
import { ReadProblem } from '../../values/trust.ts';
import { filled, httpsUrl, short } from './common.ts';

/** The one that rooms belong to when nobody says otherwise; it always exists, though nothing may be saved in it yet. */
export const DEFAULT_CONNECTION = 'default';

/** Those other than `office-365-graph` are listed, and refused with `provider-not-installed` when saved. */
export const ServerType = v.picklist([
  'office-365-graph',
  'exchange-2010',
  'exchange-2013',
  'exchange-2016',
  'exchange-2019',
  'exchange-se',
  'google-workspace',
]);
export type ServerType = v.InferOutput<typeof ServerType>;

/** `delegated`: a service account signs in. The others act as the application itself (client credentials). */
export const SignInKind = v.picklist(['delegated', 'app-secret', 'app-certificate']);
export type SignInKind = v.InferOutput<typeof SignInKind>;

export const CalendarAccessKind = v.picklist(['direct', 'relay']);
export type CalendarAccessKind = v.InferOutput<typeof CalendarAccessKind>;

/** `mailbox` null: the service account's own (`/me`). */
export const HolidayCalendar = v.object({
  mailbox: v.nullable(v.pipe(short, v.email(), RoomAddress)),
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(1024)),
  name: v.pipe(short, v.nonEmpty()),
});
export type HolidayCalendar = v.InferOutput<typeof HolidayCalendar>;
/** The calendars of one mailbox, to pick from. */
export const CalendarList = v.object({ calendars: v.array(v.object({ id: v.string(), name: v.string() })) });
export type CalendarList = v.InferOutput<typeof CalendarList>;

/** What central knows of public holidays: read once a day; `problem` of the last try. */
export const Holidays = v.object({
  read: v.nullable(Instant),
  dates: v.array(PlainDate),
  problem: v.nullable(v.object({ problem: ReadProblem, detail: v.string() })),
});
export type Holidays = v.InferOutput<typeof Holidays>;

/** `no-public-address`: wanted, but LINTEL_PUBLIC_URL is not set. `rooms`: how many are subscribed, of how many with a panel. */
export const NotificationStatus = v.object({
  state: v.picklist(['off', 'no-public-address', 'starting', 'active', 'failing']),
  rooms: v.number(),
  wanted: v.number(),
  /** When one came last. */
  heard: v.nullable(Instant),
  detail: v.nullable(v.string()),
});
export type NotificationStatus = v.InferOutput<typeof NotificationStatus>;

/** Secrets only ever travel towards central; null keeps the one that is stored. */
export const ServerSettingsInput = v.object({
  /** What admins call this connection. */
  name: filled('Name'),
  serverType: ServerType,
  signIn: SignInKind,
  /** `https://login.microsoftonline.com`, or another cloud's, or a test's. Without the tenant. */
  authority: httpsUrl('Authority'),
  /** `https://graph.microsoft.com` or another cloud's. Without `/v1.0`. Scopes begin with it. */
  graphBase: httpsUrl('Graph address'),
  tenantId: filled('Tenant ID'),
  clientId: filled('Client ID'),
  clientSecret: v.nullable(v.pipe(v.string(), v.maxLength(500))),
  /** As Entra's page shows it; only an admin can know. For the countdown. */
  clientSecretExpires: v.nullable(PlainDate),
  /** PEM: the certificate registered with the app, and its private key. */
  certificate: v.nullable(v.pipe(v.string(), v.maxLength(50_000))),
  /** Sign-in name of the service account: a hint on the sign-in page, and in the commands that grant rights. */
  serviceAccount: v.nullable(short),
  /** Rooms whose zone the directory does not tell get this one. */
  defaultZone: ZoneName,
  /** PEM certificates of the customer's own CAs. */
  extraCa: v.nullable(v.pipe(v.string(), v.maxLength(100_000))),
  /** `direct`: panels get short-lived tokens and talk to Graph; `relay`: central asks for them. Switched while panels run. */
  access: v.optional(CalendarAccessKind, 'direct'),
  /** Whether Graph is asked to tell of changes; needs a public HTTPS address (LINTEL_PUBLIC_URL). */
  changeNotifications: v.optional(v.boolean(), false),
  /** Whose all-day events are public holidays; null: none. */
  holidayCalendar: v.optional(v.nullable(HolidayCalendar), null),
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
    /** Who signed in; for an application its client ID. */
    account: v.string(),
    scopes: v.array(v.string()),
    issued: Instant,
    expires: Instant,
    /** When the refresh token lapses if it is not used until then (90 days sliding); null for an application. */
    refreshLapses: v.nullable(Instant),
    /** Set when the last refresh failed; the grant is kept. */
    problem: v.nullable(TokenProblem),
  }),
]);
export type TokenStatus = v.InferOutput<typeof TokenStatus>;

/** Whether an administrator allowed the app for the whole organisation, as far as central has heard. */
export const ConsentStatus = v.variant('kind', [
  v.object({ kind: v.literal('unknown') }),
  v.object({ kind: v.literal('granted'), at: Instant }),
  /** Entra said so when a token was asked for, or an administrator declined. */
  v.object({ kind: v.literal('missing'), problem: TokenProblem }),
]);
export type ConsentStatus = v.InferOutput<typeof ConsentStatus>;

export const Expiry = v.object({
  what: v.picklist(['client-secret', 'certificate', 'refresh-token', 'licence']),
  at: Instant,
  /** `calm` until 30 days ahead, then warned at 30, 7 and 1 day. */
  urgency: v.picklist(['calm', '30-days', '7-days', '1-day', 'expired']),
});
export type Expiry = v.InferOutput<typeof Expiry>;

export const ConnectionHealth = v.object({
  /** Central's own calls to the provider, sign-in service included. */
  lastGoodCall: v.nullable(Instant),
  callsLastHour: v.number(),
  errorsLastHour: v.number(),
  throttledUntil: v.nullable(Instant),
  /** Panels of this connection's rooms, by what they reported last. */
  panels: v.object({ reading: v.number(), failing: v.number(), throttled: v.number(), away: v.number() }),
  /** Soonest first. */
  expiries: v.array(Expiry),
});
export type ConnectionHealth = v.InferOutput<typeof ConnectionHealth>;

export const ServerSettings = v.object({
  id: v.string(),
  isDefault: v.boolean(),
  /** Null: nothing was saved yet. */
  settings: v.nullable(
    v.object({
      ...v.omit(ServerSettingsInput, ['clientSecret', 'certificate']).entries,
      hasClientSecret: v.boolean(),
      certificate: v.nullable(v.object({ subject: v.string(), thumbprint: v.string(), expires: Instant })),
    }),
  ),
  token: TokenStatus,
  consent: ConsentStatus,
  health: ConnectionHealth,
  /** What to register with the provider as redirect URI. */
  redirectUri: v.string(),
  /** Set while the last import of rooms failed. */
  importProblem: v.nullable(v.object({ problem: ReadProblem, detail: v.string() })),
  notifications: NotificationStatus,
  holidays: Holidays,
});
export type ServerSettings = v.InferOutput<typeof ServerSettings>;

export const ConnectionRow = v.object({
  id: v.string(),
  isDefault: v.boolean(),
  name: v.string(),
  serverType: v.nullable(ServerType),
  tenantId: v.nullable(v.string()),
  account: v.nullable(v.string()),
  state: v.picklist(['ok', 'not-set', 'sign-in-needed', 'unreachable']),
  rooms: v.number(),
  nextExpiry: v.nullable(Expiry),
});
export type ConnectionRow = v.InferOutput<typeof ConnectionRow>;

export const NewConnection = v.object({ id: v.string() });

/** `failed`: it was tried and what went wrong stands in `importProblem`; `no-token`: nothing was tried. */
export const ImportOutcome = v.variant('kind', [
  v.object({ kind: v.literal('imported'), added: v.number(), updated: v.number(), missing: v.number() }),
  v.object({ kind: v.literal('failed') }),
  v.object({ kind: v.literal('no-token') }),
]);
export type ImportOutcome = v.InferOutput<typeof ImportOutcome>;
export const SaveAnswer = v.object({ settings: ServerSettings, imported: ImportOutcome });
export type SaveAnswer = v.InferOutput<typeof SaveAnswer>;

/** Every step in order; those after one that failed are not tried and left out. */
export const ConnectionTest = v.object({
  at: Instant,
  steps: v.array(
    v.object({
      step: v.picklist(['sign-in-service', 'access-token', 'graph', 'room-list', 'read-a-room', 'write-a-room']),
      isOk: v.boolean(),
      detail: v.string(),
      took: v.number(),
    }),
  ),
});
export type ConnectionTest = v.InferOutput<typeof ConnectionTest>;

/** Where to send the administrator; works in any browser, for a week. */
export const ConsentLink = v.object({ url: v.string(), expires: Instant });
export type ConsentLink = v.InferOutput<typeof ConsentLink>;

export const Finding = v.object({
  kind: v.picklist([
    'no-read',
    'no-write',
    'organizer-as-subject',
    'private-flag-lost',
    'conflicts-allowed',
    'not-in-a-room-list',
    'declined-kept',
  ]),
  /** `bad`: the panel cannot work; `warn`: it shows less than it could; `hint`: it cannot be seen from outside. */
  severity: v.picklist(['bad', 'warn', 'hint']),
  /** What was seen, without any meeting's subject. */
  evidence: v.string(),
  /** The command for Exchange's PowerShell that mends it. */
  command: v.nullable(v.string()),
});
export type Finding = v.InferOutput<typeof Finding>;

/** What the mailbox's settings do to the panel, judged from what central could read. */
export const RoomCheck = v.object({
  room: RoomId,
  name: v.string(),
  address: RoomAddress,
  checked: Instant,
  canRead: v.boolean(),
  /** Null: could not be found out. */
  canWrite: v.nullable(v.boolean()),
  problem: v.nullable(ReadProblem),
  findings: v.array(Finding),
});
export type RoomCheck = v.InferOutput<typeof RoomCheck>;
