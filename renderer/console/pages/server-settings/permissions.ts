/**
 * What is asked of Entra ID, what each permission serves, and whether it was granted (learn.microsoft.com/graph/permissions-reference).
 * The least that works: nothing here is asked for that no page or panel uses.
 */
import type { SignInKind, TokenStatus } from '../../../../src/contract/wire/console.ts';
import { isApplication } from './kinds.ts';

export type Permission = {
  name: string;
  serves: string;
  /** Who may allow it. */
  allowedBy: 'anybody' | 'administrator';
};
export type Grant = 'granted' | 'missing' | 'unknown';

const DELEGATED: readonly Permission[] = [
  {
    name: 'Calendars.ReadWrite.Shared',
    serves: 'Read the rooms shared with the service account; book, extend and end meetings at the door.',
    allowedBy: 'anybody',
  },
  {
    name: 'Place.Read.All',
    serves: 'Import rooms with building, floor, seats and equipment.',
    allowedBy: 'administrator',
  },
  {
    name: 'offline_access',
    serves: 'Stay signed in, so that panels work while nobody is at the console.',
    allowedBy: 'anybody',
  },
];
const APPLICATION: readonly Permission[] = [
  {
    name: 'Calendars.ReadWrite',
    serves: 'Read room calendars; book, extend and end meetings at the door.',
    allowedBy: 'administrator',
  },
  {
    name: 'Place.Read.All',
    serves: 'Import rooms with building, floor, seats and equipment.',
    allowedBy: 'administrator',
  },
];
/** Come along with every sign-in and open nothing. */
const HARMLESS = ['openid', 'profile', 'email', 'user.read', 'offline_access', '.default'];

export const permissionsOf = (signIn: SignInKind): readonly Permission[] =>
  isApplication(signIn) ? APPLICATION : DELEGATED;

/** `https://graph.microsoft.com/Calendars.ReadWrite.Shared`: the host is the same for all and says nothing here. */
export const shortScope = (scope: string) => scope.replace(/^https:\/\/[^/]+\//, '');

export function grantOf(permission: Permission, token: TokenStatus): Grant {
  if (token.kind === 'none') return 'unknown';
  const granted = token.scopes.map(scope => shortScope(scope).toLowerCase());
  if (granted.includes(permission.name.toLowerCase())) return 'granted';
  // Entra leaves this one out of its answer; the refresh token is the proof.
  if (permission.name === 'offline_access') return token.refreshLapses === null ? 'missing' : 'granted';
  const saysNothing = granted.every(scope => scope === '.default');
  return saysNothing ? 'unknown' : 'missing';
}

/** Granted in this tenant, though we never asked: to be taken away. */
export function superfluous(signIn: SignInKind, token: TokenStatus): string[] {
  if (token.kind === 'none') return [];
  const known = [...permissionsOf(signIn).map(({ name }) => name.toLowerCase()), ...HARMLESS];
  return token.scopes.map(shortScope).filter(scope => !known.includes(scope.toLowerCase()));
}
