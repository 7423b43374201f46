/** Server settings and grants, one row a connection, and what is sealed in them. */
import * as v from 'valibot';
import { hours, instant, plus } from '../../contract/values/time.ts';
import { ConsentStatus, DEFAULT_CONNECTION, TokenProblem, TokenStatus } from '../../contract/wire/console.ts';
import type { Sealer } from './seal.ts';
import type { Db } from './store.ts';
import type { GrantRow, SettingsRow } from './tables.ts';

export function findSettings(db: Db, connection: string): Promise<SettingsRow | undefined> {
  return db.selectFrom('settings').selectAll().where('id', '=', connection).executeTakeFirst();
}

/** The default one first, then by name. */
export async function listSettings(db: Db): Promise<SettingsRow[]> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  const isDefault = (row: SettingsRow) => Number(row.id === DEFAULT_CONNECTION);
  return rows.sort((a, b) => isDefault(b) - isDefault(a) || a.name.localeCompare(b.name, 'en'));
}

export function findGrant(db: Db, connection: string): Promise<GrantRow | undefined> {
  return db.selectFrom('grants').selectAll().where('id', '=', connection).executeTakeFirst();
}

// The row is part of every place: a secret copied to another connection's row does not open there.
const secretPlace = (row: string) => ({ table: 'settings', column: 'sealed_client_secret', row });
export const sealClientSecret = (sealer: Sealer, connection: string, secret: string) =>
  sealer.seal(secret, secretPlace(connection));
/** Throws SealError. */
export const openClientSecret = (sealer: Sealer, row: SettingsRow) =>
  row.sealed_client_secret === null ? null : sealer.open(row.sealed_client_secret, secretPlace(row.id));

const certificatePlace = (row: string) => ({ table: 'settings', column: 'sealed_certificate', row });
export const sealCertificate = (sealer: Sealer, connection: string, pem: string) =>
  sealer.seal(pem, certificatePlace(connection));
/** PEM of certificate and private key. Throws SealError. */
export const openCertificate = (sealer: Sealer, row: SettingsRow) =>
  row.sealed_certificate === null ? null : sealer.open(row.sealed_certificate, certificatePlace(row.id));

const cachePlace = (row: string) => ({ table: 'grants', column: 'sealed_cache', row });
export const sealTokenCache = (sealer: Sealer, connection: string, cache: string) =>
  sealer.seal(cache, cachePlace(connection));
/** Throws SealError. */
export const openTokenCache = (sealer: Sealer, connection: string, sealed: string) =>
  sealer.open(sealed, cachePlace(connection));

const StoredProblem = v.nullable(v.pipe(v.string(), v.parseJson(), TokenProblem));
const StoredConsent = v.pipe(v.string(), v.parseJson(), ConsentStatus);

/** Entra ID forgets a refresh token that nobody used for this long. */
const REFRESH_TOKEN_LIFE = hours(24 * 90);

export function tokenStatusOf(grant: GrantRow | undefined): TokenStatus {
  if (grant === undefined) return { kind: 'none', problem: null };
  const problem = v.parse(StoredProblem, grant.problem);
  if (grant.sealed_cache === null || grant.account === null || grant.issued === null) return { kind: 'none', problem };
  // Every token that is issued costs a use of the refresh token; an application has none.
  const refreshLapses = grant.home_account_id === null ? null : plus(instant(grant.issued), REFRESH_TOKEN_LIFE);
  return v.parse(TokenStatus, {
    kind: 'issued',
    account: grant.account,
    scopes: (grant.scopes ?? '').split(' ').filter(scope => scope !== ''),
    issued: grant.issued,
    expires: grant.expires ?? grant.issued,
    refreshLapses,
    problem,
  });
}

export const consentOf = (row: SettingsRow | undefined): ConsentStatus =>
  row?.consent ? v.parse(StoredConsent, row.consent) : { kind: 'unknown' };

/** The last that was heard wins; hearing `granted` again keeps the instant of the first time. */
export async function noteConsent(db: Db, connection: string, heard: ConsentStatus): Promise<void> {
  const row = await findSettings(db, connection);
  if (row === undefined || (heard.kind === 'granted' && consentOf(row).kind === 'granted')) return;
  await db
    .updateTable('settings')
    .set({ consent: JSON.stringify(heard) })
    .where('id', '=', connection)
    .execute();
}

export type NewGrant = Pick<
  GrantRow,
  'grant_id' | 'sealed_cache' | 'home_account_id' | 'account' | 'scopes' | 'issued' | 'expires' | 'problem'
>;

export async function storeGrant(db: Db, connection: string, grant: NewGrant): Promise<void> {
  await db
    .insertInto('grants')
    .values({ id: connection, ...grant })
    .onConflict(c => c.column('id').doUpdateSet(grant))
    .execute();
}

/** Beside the grant there is, or in the place of one. */
export async function storeTokenProblem(db: Db, connection: string, problem: TokenProblem): Promise<void> {
  const body = JSON.stringify(problem);
  await db
    .insertInto('grants')
    .values({ id: connection, problem: body })
    .onConflict(c => c.column('id').doUpdateSet({ problem: body }))
    .execute();
}
