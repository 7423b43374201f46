import * as v from 'valibot';
import { TokenProblem, TokenStatus } from '../../contract/wire/console.ts';
import type { Sealer } from './seal.ts';
import type { Db } from './store.ts';
import { DEFAULT_ID, type GrantRow, type SettingsRow } from './tables.ts';

export function findSettings(db: Db): Promise<SettingsRow | undefined> {
  return db.selectFrom('settings').selectAll().where('id', '=', DEFAULT_ID).executeTakeFirst();
}

export function findGrant(db: Db): Promise<GrantRow | undefined> {
  return db.selectFrom('grants').selectAll().where('id', '=', DEFAULT_ID).executeTakeFirst();
}

const SECRET_PLACE = { table: 'settings', column: 'sealed_client_secret', row: DEFAULT_ID };
export const sealClientSecret = (sealer: Sealer, secret: string) => sealer.seal(secret, SECRET_PLACE);
export function openClientSecret(sealer: Sealer, row: SettingsRow): string | null {
  return row.sealed_client_secret === null ? null : sealer.open(row.sealed_client_secret, SECRET_PLACE);
}

const CACHE_PLACE = { table: 'grants', column: 'sealed_cache', row: DEFAULT_ID };
export const sealTokenCache = (sealer: Sealer, cache: string) => sealer.seal(cache, CACHE_PLACE);
export const openTokenCache = (sealer: Sealer, sealed: string) => sealer.open(sealed, CACHE_PLACE);

const Problem = v.nullable(v.pipe(v.string(), v.parseJson(), TokenProblem));

export function tokenStatusOf(grant: GrantRow | undefined): TokenStatus {
  if (grant === undefined) return { kind: 'none', problem: null };
  const problem = v.parse(Problem, grant.problem);
  if (grant.sealed_cache === null || grant.account === null || grant.issued === null) return { kind: 'none', problem };
  return v.parse(TokenStatus, {
    kind: 'issued',
    account: grant.account,
    scopes: (grant.scopes ?? '').split(' ').filter(scope => scope !== ''),
    issued: grant.issued,
    expires: grant.expires ?? grant.issued,
    problem,
  });
}
