/** Opens the database: SQLite in the data directory, or PostgreSQL. The same queries run on both. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteAdapter, SqliteDialect, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../ports.ts';
import { migrate } from './migrations.ts';
import type { Tables } from './tables.ts';

/** The database, or a transaction on it. */
export type Db = Kysely<Tables>;

export interface Store {
  readonly db: Db;
  readonly engine: 'sqlite' | 'postgres';
  /**
   * All or nothing, as if nobody else were there: one at a time, on both engines. `work` may run several times (a conflict
   * with another central on PostgreSQL) and must use only the `tx` it gets: whoever asks for another transaction, or on
   * SQLite for the database, waits for ever.
   */
  transact<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export type StoreWhere = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

export const sqliteIn = (dataDir: string): StoreWhere => ({ kind: 'sqlite', file: join(dataDir, 'central.db') });

/** Opens and brings to the newest shape. Throws what the engine throws. */
export async function openStore(where: StoreWhere, log: Log): Promise<Store> {
  const store = where.kind === 'sqlite' ? openSqlite(where.file) : openPostgres(where.url, log);
  try {
    await migrate(store.db);
    if (where.kind === 'sqlite') await chmod(where.file, 0o600);
  } catch (error) {
    await store.stop().catch(() => {});
    throw error;
  }
  return store;
}

function openSqlite(file: string): Store {
  const database = new Database(file, { timeout: 5000 });
  database.pragma('journal_mode = WAL');
  // Pairings and tokens must survive a power cut: one more fsync per commit.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A deleted secret's sealed text goes too.
  database.pragma('secure_delete = ON');
  const db = new Kysely<Tables>({ dialect: new AtomicSqlite({ database }) });
  return {
    db,
    engine: 'sqlite',
    transact: work => db.transaction().execute(work),
    stop: () => db.destroy(),
  };
}

/** SQLite rolls tables back like rows (sqlite.org/lang_transaction.html); kysely does not rely on it, so it is told here. */
class AtomicSqlite extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalDdl();
  }
}
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const INT8 = 20;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const TRIES = 12;
const LONGEST_PAUSE_MS = 500;
/** Everybody in the line waits behind a query, so none may hang for ever. */
const LONGEST_QUERY_MS = 30_000;

function openPostgres(url: string, log: Log): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    query_timeout: LONGEST_QUERY_MS,
    types: { getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)) },
  });
  // A pool without this listener ends the process when an idle connection drops.
  pool.on('error', error => log.warn('database-connection-lost', { detail: error.message }));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const inLine = makeLine();
  return {
    db,
    engine: 'postgres',
    // Side by side they would mostly fail each other: two that only read the same pages are a conflict here.
    transact: work => inLine(() => untilItFits(db, work)),
    stop: () => db.destroy(),
  };
}

/** Another central on this database may still come between; it is given way to, longer each time. */
async function untilItFits<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await db.transaction().setIsolationLevel('serializable').execute(work);
    } catch (error) {
      const code = databaseErrorCode(error);
      if (tried >= TRIES || (code !== SERIALIZATION_FAILURE && code !== DEADLOCK)) throw error;
    }
    // The database waits and throws the dice: no clock and no randomness in here.
    const pause = Math.min(LONGEST_PAUSE_MS, 2 ** tried) / 1000;
    await sql`select pg_sleep(random() * ${pause}::float8)`.execute(db);
  }
}

/** Runs one task after the other, in the order they came; one that fails holds up nobody. */
function makeLine() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task);
    last = turn.catch(() => {});
    return turn;
  };
}

/** Whether a write failed because a unique column already holds the value. */
export function isUniqueViolation(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

function databaseErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
