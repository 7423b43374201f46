/**
 * Scopes come in several spellings: short, below the tenant's Graph address, below Microsoft's, and `/.default`. Inside,
 * only the short ones are used; answers speak as the client did, because msal looks tokens up by the scopes it asked for.
 */
export const SIGN_IN_SCOPES = ['openid', 'profile', 'email', 'offline_access'];
export const DELEGATED = ['Calendars.ReadWrite.Shared', 'Calendars.ReadWrite', 'Place.Read.All', 'User.Read'];
export const APPLICATION = ['Calendars.ReadWrite', 'Place.Read.All'];

/** What an admin allowed the app, for people who sign in and for the app itself. */
export type Consent = { delegated: string[]; application: string[] };

export type ScopeRequest = {
  signIn: string[];
  permissions: string[];
  isDefault: boolean;
  /** What stood before the permissions, such as `https://graph.microsoft.com/`; empty for short ones. */
  prefix: string;
  /** Those that nobody knows. */
  unknown: string[];
};

export function parseScopes(scope: string, graph: string): ScopeRequest {
  const request: ScopeRequest = { signIn: [], permissions: [], isDefault: false, prefix: '', unknown: [] };
  const prefixes = [`${graph}/`, 'https://graph.microsoft.com/', '00000003-0000-0000-c000-000000000000/'];
  for (const word of scope.split(' ').filter(part => part !== '')) {
    const prefix = prefixes.find(candidate => word.toLowerCase().startsWith(candidate)) ?? '';
    // `https://graph.microsoft.com//.default` is right for resources whose name ends in a slash.
    const name = word.slice(prefix.length).replace(/^\//, '');
    const permission = [...DELEGATED, ...APPLICATION].find(known => known.toLowerCase() === name.toLowerCase());
    if (prefix !== '') request.prefix = prefix;
    if (prefix === '' && SIGN_IN_SCOPES.includes(name)) request.signIn.push(name);
    else if (name === '.default' && prefix !== '') request.isDefault = true;
    else if (permission !== undefined) request.permissions.push(permission);
    else request.unknown.push(word);
  }
  return request;
}

/** What a consent covers: `.default` stands for all that is registered with the app. */
export function consentedBy({ isDefault, permissions }: ScopeRequest): Consent {
  const isFor = (known: readonly string[]) =>
    isDefault ? [...known] : permissions.filter(name => known.includes(name));
  return { delegated: isFor(DELEGATED), application: isDefault ? [...APPLICATION] : [] };
}

/** The first permission that was asked by name and that nobody consented to. */
export const unconsented = ({ permissions }: ScopeRequest, delegated: readonly string[]) =>
  permissions.find(name => !delegated.includes(name));

/** The `scope` of a token answer: all permissions the token has, in the client's spelling. */
export function spelled(request: ScopeRequest, granted: readonly string[]): string {
  const signIn = granted.filter(name => SIGN_IN_SCOPES.includes(name) && name !== 'offline_access');
  const permissions = granted.filter(name => !SIGN_IN_SCOPES.includes(name)).map(name => request.prefix + name);
  return [...signIn, ...permissions, ...(request.isDefault ? [`${request.prefix}.default`] : [])].join(' ');
}
