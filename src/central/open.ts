/** What a start and `lintel central --init` have in common: the directory, the key, the database. */
import { join } from 'node:path';
import type { Clock, SteadyClock } from '../contract/values/clock.ts';
import { ensureWritableDir, StartError } from '../platform/start-error.ts';
import { hasAdmins, setAdmin } from './fleet/admins.ts';
import { makePasswords } from './http/password.ts';
import type { Log } from './ports.ts';
import { randomBelow } from './random.ts';
import { loadSecretKey, makeSealer, type Sealer } from './store/seal.ts';
import { openStore, type Store, sqliteIn } from './store/store.ts';

export type OpenOptions = {
  dataDir: string;
  databaseUrl?: string | null;
  secretKeyFile?: string | null;
  clock: SteadyClock;
  log: Log;
};
export type AdminLogin = { username: string; password: string };

const KEY_CHECK = 'key-check';
const KEY_CHECK_PLACE = { table: 'meta', column: 'value', row: KEY_CHECK };

/** Throws StartError. */
export async function openData(options: OpenOptions): Promise<{ store: Store; sealer: Sealer }> {
  await ensureWritableDir(options.dataDir);
  const sealer = makeSealer(await loadSecretKey(options.secretKeyFile ?? join(options.dataDir, 'secret.key')));
  const store = await openDatabase(options);
  try {
    await checkKey(store, sealer);
    return { store, sealer };
  } catch (error) {
    await store.stop();
    throw error;
  }
}

/** Makes the first admin if there is none; answers with the log-in when the password was invented here. Throws StartError. */
export async function ensureAdmin(store: Store, clock: Clock, wanted: AdminLogin | null): Promise<AdminLogin | null> {
  if (await hasAdmins(store.db)) return null;
  const login = wanted ?? { username: 'admin', password: inventPassword() };
  await setAdmin(
    store,
    clock,
    login.username,
    await makePasswords().hash(checkPassword(login.password)),
    wanted !== null,
  );
  return wanted === null ? login : null;
}

const SHORTEST_PASSWORD = 8;

/** Throws StartError `bad-setting` when the password is shorter than OWASP ASVS 5.0 (6.2.1) allows. */
export function checkPassword(password: string): string {
  if (password.length >= SHORTEST_PASSWORD) return password;
  throw new StartError(
    'bad-setting',
    `the admin's password has fewer than ${SHORTEST_PASSWORD} characters`,
    'Choose a longer one; several words are easy to remember and to type.',
  );
}

/** Four groups of five letters and digits without look-alikes: 98 bits, readable over the phone. */
export function inventPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 5 }, () => letters.charAt(randomBelow(letters.length))).join('');
  return [group(), group(), group(), group()].join('-');
}

async function openDatabase({ databaseUrl, dataDir, log }: OpenOptions): Promise<Store> {
  const where = databaseUrl ? ({ kind: 'postgres', url: databaseUrl } as const) : sqliteIn(dataDir);
  try {
    return await openStore(where, log);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      'bad-setting',
      `the database cannot be opened: ${why}`,
      where.kind === 'postgres'
        ? 'Check LINTEL_DATABASE_URL, and that PostgreSQL runs and lets this user in.'
        : `Check central.db in ${dataDir}, or put it back from a backup.`,
      error,
    );
  }
}

/** A database with another key's secrets in it must be found out now, not when the first token is needed. */
async function checkKey(store: Store, sealer: Sealer): Promise<void> {
  await store.db
    .insertInto('meta')
    .values({ name: KEY_CHECK, value: sealer.seal('lintel', KEY_CHECK_PLACE) })
    .onConflict(c => c.column('name').doNothing())
    .execute();
  const row = await store.db.selectFrom('meta').select('value').where('name', '=', KEY_CHECK).executeTakeFirst();
  try {
    sealer.open(row?.value ?? '', KEY_CHECK_PLACE);
  } catch (error) {
    throw new StartError(
      'bad-setting',
      'the secret key does not fit this database',
      'Put the secret key file that was made with this database back, or start with an empty data directory.',
      error,
    );
  }
}
