/** Least privilege: what is asked of a tenant, and nothing beyond what some page or panel needs. */
import * as v from 'valibot';
import type { SignInKind } from '../../contract/wire/console.ts';

/**
 * `Calendars.ReadWrite.Shared` reads and books in the room calendars that the service account has rights to;
 * `Place.Read.All` lists the rooms. `User.Read` is not asked: who signed in stands in the ID token.
 */
const DELEGATED = ['Calendars.ReadWrite.Shared', 'Place.Read.All'];
/** An application has no shared calendars: Exchange's RBAC for Applications narrows the first one down to the rooms. */
const APPLICATION = ['Calendars.ReadWrite', 'Place.Read.All'];
const SIGN_IN = ['offline_access', 'openid', 'profile'];

export const isApplication = (kind: SignInKind) => kind !== 'delegated';

/** In this cloud's spelling. An application gets what its registration names, whatever it asks. */
export function scopesFor(kind: SignInKind, graphBase: string): string[] {
  if (isApplication(kind)) return [`${graphBase}/.default`];
  return [...DELEGATED.map(right => `${graphBase}/${right}`), ...SIGN_IN];
}

/** Without these no room can be read, booked or imported. */
export const neededRights = (kind: SignInKind) => [...(isApplication(kind) ? APPLICATION : DELEGATED)];

/** Which of the needed rights a token does not carry: a tenant may grant part of what was asked, and say nothing. */
export function missingRights(kind: SignInKind, scopes: readonly string[]): string[] {
  const granted = scopes.map(scope => scope.split('/').at(-1)?.toLowerCase());
  return neededRights(kind).filter(right => !granted.includes(right.toLowerCase()));
}

const Claims = v.looseObject({ roles: v.optional(v.array(v.string()), []) });

/**
 * The rights of an application's token, from its claim `roles`: the answer does not name them. For showing and warning
 * only, so nothing is verified. Null: the token is not one that can be read.
 */
export function rolesOf(accessToken: string): string[] | null {
  const [, body = ''] = accessToken.split('.');
  try {
    const claims = v.safeParse(Claims, JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    return claims.success ? claims.output.roles : null;
  } catch {
    return null;
  }
}
