/**
 * The tables, in types that SQLite and PostgreSQL share: text, bigint (instants, in milliseconds) and integer (counts,
 * and 0 or 1 for yes and no). Columns named `sealed_…` hold only what store/seal.ts made.
 */
import type { Generated, Insertable, Selectable } from 'kysely';
import type { Stage } from '../domain/panel-state.ts';

/** Facts about the database itself. */
export type MetaTable = { name: string; value: string };

export type AdminsTable = {
  id: string;
  username: string;
  password_hash: string;
  created: number;
  /** 0 while the password is the one that was invented at the first start. */
  has_own_password: Generated<number>;
};

export type SessionsTable = {
  /** SHA-256 of the cookie: who reads the database cannot log in with it. */
  id_hash: string;
  admin_id: string;
  created: number;
  last_used: number;
};

/** One row a connection; the one called `default` is the default. */
export type SettingsTable = {
  id: string;
  name: Generated<string>;
  created: Generated<number>;
  server_type: string;
  sign_in: Generated<'delegated' | 'app-secret' | 'app-certificate'>;
  authority: string;
  graph_base: string;
  tenant_id: string;
  client_id: string;
  sealed_client_secret: string | null;
  /** `YYYY-MM-DD`, as the admin typed it. */
  client_secret_expires: string | null;
  /** PEM of the certificate alone, and sealed with its private key. */
  certificate: string | null;
  sealed_certificate: string | null;
  /** JSON: ConsentStatus. */
  consent: string | null;
  service_account: string | null;
  default_zone: string;
  extra_ca: string | null;
  import_problem: string | null;
  access: Generated<'direct' | 'relay'>;
  /** 0 or 1. */
  change_notifications: Generated<number>;
  /** JSON: HolidayCalendar and Holidays of wire/console. */
  holiday_calendar: string | null;
  holidays: string | null;
};

/** One a room whose changes Graph tells. `client_state_hash`: SHA-256 of the secret that must come with each. */
export type SubscriptionsTable = {
  id: string;
  /** There may be no such room any more. */
  room_id: string;
  connection_id: string;
  /** Hash of what it was made for: mailbox, app, and where Graph reaches central. Another one needs another subscription. */
  made_for: string;
  client_state_hash: string;
  /** When it was made or last renewed. */
  created: number;
  expires: number;
  heard: number | null;
};

/** What the tenant granted; one row a connection, with its id. `sealed_cache` is msal's token cache. */
export type GrantsTable = {
  id: string;
  /** Random, new with every sign-in, kept by refreshes: panels compare it to know that their tokens are of another grant. */
  grant_id: string | null;
  sealed_cache: string | null;
  home_account_id: string | null;
  account: string | null;
  scopes: string | null;
  issued: number | null;
  expires: number | null;
  problem: string | null;
};

/** A sign-in under way. Taken out by the callback, so that it works once. */
export type SignInsTable = {
  state_hash: string;
  connection_id: Generated<string>;
  /** SHA-256 of the browser's own cookie. */
  browser_hash: string;
  sealed_verifier: string;
  nonce: string;
  redirect_uri: string;
  admin: string;
  expires: number;
};

/** `id`: scopeKey of values/policy-cascade.ts. `scope` and `body` (PolicyValues) are JSON. */
export type PoliciesTable = { id: string; scope: string; body: string };

/** Every change that panels had to follow. `snapshot`: all layers as they were after it, as JSON. */
export type RevisionsTable = {
  version: number;
  at: number;
  actor: string;
  what: 'settings' | 'roll-back' | 'rooms' | 'connection' | 'panel';
  back_to: number | null;
  changes: string;
  snapshot: string;
};

export type RoomsTable = {
  id: string;
  connection_id: Generated<string>;
  source: Generated<'directory' | 'hand'>;
  address: string;
  name: string;
  zone: string;
  is_zone_own: Generated<number>;
  capacity: number | null;
  building: string | null;
  floor: string | null;
  /** JSON arrays of strings. */
  equipment: Generated<string>;
  room_lists: Generated<string>;
  is_missing: number;
};

/** `body`: base64. `version` changes with the picture. */
export type RoomPhotosTable = { room_id: string; version: string; media_type: string; body: string };

/** `body`: RoomCheck of wire/console, as JSON. */
export type RoomChecksTable = { room_id: string; checked: number; body: string };

/** What a MAC was registered for before its panel was paired. Gone when it is. */
export type RegistrationsTable = {
  mac: string;
  room_id: string;
  licence_key_id: string | null;
  created: number;
  actor: string;
};

export type PanelsTable = {
  id: string;
  /** What the admin calls it. */
  name: string | null;
  stage: Stage;
  code: string | null;
  code_expires: number | null;
  room_id: string | null;
  /** The target version; never goes down. */
  config_version: number;
  /** When it became the target. */
  config_since: number | null;
  boot: string | null;
  /** JSON array. */
  superseded_boots: string;
  starts: number;
  mac: string | null;
  machine_id: string | null;
  hostname: string;
  address: string;
  agent_version: string;
  key_store: 'keychain' | 'sealed-file';
  first_seen: number;
  last_seen: number;
  running_version: number | null;
  config_refused: string | null;
  config_refused_version: number | null;
  last_read: number | null;
  read_problem: string | null;
  /** JSON array. */
  problems: string;
};

export type LicenceKeysTable = {
  id: string;
  hash: string;
  hint: string;
  note: string;
  created: number;
  state: 'free' | 'used' | 'revoked';
  panel_id: string | null;
};

/** Grows only. `at` first, so that it reads like a log. */
export type AuditTable = {
  id: string;
  at: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
};

export type Tables = {
  meta: MetaTable;
  admins: AdminsTable;
  sessions: SessionsTable;
  settings: SettingsTable;
  grants: GrantsTable;
  sign_ins: SignInsTable;
  policies: PoliciesTable;
  revisions: RevisionsTable;
  rooms: RoomsTable;
  room_photos: RoomPhotosTable;
  room_checks: RoomChecksTable;
  registrations: RegistrationsTable;
  panels: PanelsTable;
  licence_keys: LicenceKeysTable;
  audit: AuditTable;
  subscriptions: SubscriptionsTable;
};

export type PanelRow = Selectable<PanelsTable>;
export type NewPanelRow = Insertable<PanelsTable>;
export type RoomRecord = Selectable<RoomsTable>;
export type SettingsRow = Selectable<SettingsTable>;
export type GrantRow = Selectable<GrantsTable>;
export type SignInRow = Selectable<SignInsTable>;
