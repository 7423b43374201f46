/** The tenant's state: one SQLite file (WAL). Everything the tenant must remember over a restart is in here. */
import Database from 'better-sqlite3';

export type Db = Database.Database;

const SCHEMA = `
create table if not exists setting (name text primary key, value text not null) strict;
create table if not exists mailbox (
  address text primary key, id text not null unique, kind text not null, name text not null, place text
) strict;
create table if not exists event (
  id text primary key, mailbox text not null, uid text not null, type text not null,
  master_id text, original_date text, is_removed integer not null default 0,
  start_at integer not null, end_at integer not null, content text not null, transaction_id text,
  created_at integer not null, modified_at integer not null, revision integer not null default 1
) strict;
create index if not exists event_by_time on event (mailbox, start_at, end_at);
create index if not exists event_by_uid on event (uid);
create index if not exists event_by_master on event (master_id);
create unique index if not exists event_by_transaction on event (mailbox, transaction_id) where transaction_id is not null;
create table if not exists calendar (
  id text primary key, mailbox text not null, name text not null
) strict;
create table if not exists subscription (
  id text primary key, expires_at integer not null, body text not null
) strict;
create table if not exists message (
  id integer primary key, at integer not null, sender text not null, recipient text not null,
  kind text not null, subject text not null, comment text not null
) strict;
create table if not exists oidc (
  model text not null, id text not null, payload text not null, grant_id text, uid text, expires_at integer,
  primary key (model, id)
) strict;
create index if not exists oidc_by_grant on oidc (grant_id);
create index if not exists oidc_by_uid on oidc (uid);
`;

/** Opens or creates the file. Throws when it cannot be written. */
export function openDatabase(file: string): Db {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(SCHEMA);
  return db;
}
