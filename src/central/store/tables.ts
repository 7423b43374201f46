/**
 * The tables, in types that SQLite and PostgreSQL share: text, bigint (instants, in milliseconds) and integer (counts,
 * and 0 or 1 for yes and no). Columns named `sealed_…` hold only what store/seal.ts made.
 */
import type { Insertable, Selectable } from 'kysely';
import type { Stage } from '../domain/panel-state.ts';

/** Facts about the database itself. */
export type MetaTable = { name: string; value: string };

export type AdminsTable = { id: string; username: string; password_hash: string; created: number };

export type SessionsTable = {
  /** SHA-256 of the cookie: who reads the database cannot log in with it. */
  id_hash: string;
  admin_id: string;
  created: number;
  last_used: number;
};

/** One row, `default`, until several connections are possible. */
export type SettingsTable = {
  id: string;
  server_type: string;
  authority: string;
  graph_base: string;
  tenant_id: string;
  client_id: string;
  sealed_client_secret: string | null;
  service_account: string | null;
  default_zone: string;
  extra_ca: string | null;
  import_problem: string | null;
};

/** What the tenant granted; one row per settings row. `sealed_cache` is msal's token cache. */
export type GrantsTable = {
  id: string;
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
  /** SHA-256 of the browser's own cookie. */
  browser_hash: string;
  sealed_verifier: string;
  nonce: string;
  redirect_uri: string;
  admin: string;
  expires: number;
};

export type PoliciesTable = { id: string; body: string };

export type RoomsTable = {
  id: string;
  address: string;
  name: string;
  zone: string;
  capacity: number | null;
  building: string | null;
  floor: string | null;
  is_missing: number;
};

export type PanelsTable = {
  id: string;
  stage: Stage;
  code: string | null;
  code_expires: number | null;
  room_id: string | null;
  /** The target version; never goes down. */
  config_version: number;
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
  rooms: RoomsTable;
  panels: PanelsTable;
  licence_keys: LicenceKeysTable;
  audit: AuditTable;
};

export type PanelRow = Selectable<PanelsTable>;
export type NewPanelRow = Insertable<PanelsTable>;
export type RoomRecord = Selectable<RoomsTable>;
export type SettingsRow = Selectable<SettingsTable>;
export type GrantRow = Selectable<GrantsTable>;
export type SignInRow = Selectable<SignInsTable>;

/** Id of the one row of settings, grants and policies. */
export const DEFAULT_ID = 'default';
