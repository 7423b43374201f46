/**
 * What Entra ID's error numbers mean here, and what mends each, in our own words. The numbers and their meaning:
 * learn.microsoft.com/entra/identity-platform/reference-error-codes (Microsoft may change them, so its own text is always
 * shown as well).
 */
import type { TokenProblem } from '../../../../src/contract/wire/console.ts';
import { TOKEN_PROBLEMS } from '../../words.ts';

/** The one thing on this page that mends it; `entra`: nothing here does, it is mended in Entra's admin centre. */
export type MendBy = 'get-token' | 'consent' | 'credential' | 'client-id' | 'tenant-id' | 'try-again' | 'entra';
export type Advice = { cause: string; mend: string; by: MendBy };

/** By the number behind `AADSTS`. */
export const AADSTS: Record<string, Advice> = {
  '50011': {
    cause: 'The redirect URI is not registered with the app.',
    mend: 'Copy the redirect URI from this page into the app registration: Authentication, platform Web. It must match to the letter. Entra shows this error in the browser and never sends it back.',
    by: 'entra',
  },
  '50020': {
    cause: 'The account that signed in belongs to another organisation.',
    mend: 'Sign in with the service account of this tenant. If the browser signs in by itself, use a private window.',
    by: 'get-token',
  },
  '50034': {
    cause: 'There is no such account in this tenant.',
    mend: 'Check how the service account is spelt, and that the tenant ID is the one the account lives in.',
    by: 'get-token',
  },
  '50053': {
    cause: 'The account is locked after too many wrong passwords, or the sign-in came from an address with a bad name.',
    mend: 'Wait a while or have an administrator unlock the account. Entra shows which of the two it was: Monitoring & health, Sign-in logs.',
    by: 'entra',
  },
  '50057': {
    cause: 'The service account is disabled.',
    mend: 'Have an administrator enable it (Entra: Users, the account, Account status), then get a new access token.',
    by: 'entra',
  },
  '50076': {
    cause: 'The organisation asks for a second factor for this sign-in.',
    mend: 'Get a new access token and pass the second factor, or exempt the service account in Conditional Access. Without the exemption it comes back each time the policy wants it.',
    by: 'get-token',
  },
  '50079': {
    cause: 'The service account must register a second factor first.',
    mend: 'Sign in with the service account and set the second factor up, or exempt the account in Conditional Access.',
    by: 'get-token',
  },
  '50105': {
    cause: 'The app is only for people assigned to it, and the service account is not.',
    mend: 'Entra: Enterprise applications, the app, Users and groups: add the service account. Or switch Assignment required off under Properties.',
    by: 'entra',
  },
  '50126': {
    cause: 'User name or password was wrong.',
    mend: 'Get the access token again and type the password of the service account anew.',
    by: 'get-token',
  },
  '50173': {
    cause: 'The sign-in was withdrawn, most often because the password of the service account was changed or reset.',
    mend: 'Get a new access token with the service account.',
    by: 'get-token',
  },
  '53003': {
    cause: 'A Conditional Access policy blocks this sign-in.',
    mend: 'Exempt the service account, or allow the network that central is in. Entra: Sign-in logs name the policy under Conditional Access.',
    by: 'entra',
  },
  '65001': {
    cause: 'Nobody has allowed this app to use the calendars yet.',
    mend: 'Turn on the calendar integration for the whole organisation: an administrator agrees once, and nobody is asked again.',
    by: 'consent',
  },
  '65004': {
    cause: 'Whoever signed in did not agree to what the app asks for.',
    mend: 'Get the access token again and press Accept, or have an administrator agree for the whole organisation.',
    by: 'consent',
  },
  '70008': {
    cause: 'The sign-in has lapsed because it was not used for too long.',
    mend: 'Get a new access token with the service account.',
    by: 'get-token',
  },
  '70011': {
    cause: 'The permissions asked for are not known in this cloud.',
    mend: 'Check that cloud and Graph address belong together: permissions are asked for at the Graph address.',
    by: 'entra',
  },
  '700016': {
    cause: 'This tenant does not know the client ID.',
    mend: 'Compare it with Application (client) ID in the app registration, and check that the tenant ID is the one the app is registered in.',
    by: 'client-id',
  },
  '700027': {
    cause: 'The certificate does not fit the app.',
    mend: 'Upload the certificate whose public part is registered with the app under Certificates & secrets, together with its own private key. Compare the thumbprints.',
    by: 'credential',
  },
  '700082': {
    cause: 'The sign-in has lapsed: it was not used for 90 days.',
    mend: 'Get a new access token with the service account. Central renews it every day while it runs.',
    by: 'get-token',
  },
  '7000215': {
    cause: 'The client secret is wrong.',
    mend: 'Enter the secret’s Value, not its Secret ID. It is shown only once: make a new secret if it was not kept.',
    by: 'credential',
  },
  '7000218': {
    cause: 'No client secret or certificate was sent, but the app wants one.',
    mend: 'Enter a client secret or a certificate and save. The redirect URI must be registered for the platform Web, not for a desktop app.',
    by: 'credential',
  },
  '7000222': {
    cause: 'The client secret has expired.',
    mend: 'Make a new one in the app registration under Certificates & secrets, enter its Value here with its expiry date, and save.',
    by: 'credential',
  },
  '90002': {
    cause: 'There is no such tenant in this cloud.',
    mend: 'Compare the tenant ID with Directory (tenant) ID in the app registration, and check the cloud.',
    by: 'tenant-id',
  },
  '90093': {
    cause: 'The app asks for something that only an administrator may allow.',
    mend: 'Send an administrator the link behind the switch for the whole organisation.',
    by: 'consent',
  },
  '90094': {
    cause: 'People in this organisation may not allow apps themselves: an administrator must.',
    mend: 'Send an administrator the link behind the switch for the whole organisation. If a request was sent while signing in, an administrator finds it in Entra: Enterprise applications, Admin consent requests.',
    by: 'consent',
  },
};

const BY_KIND: Record<TokenProblem['kind'], MendBy> = {
  'wrong-secret': 'credential',
  'consent-missing': 'consent',
  'unknown-app': 'client-id',
  'unknown-tenant': 'tenant-id',
  'sign-in-expired': 'get-token',
  unreachable: 'try-again',
  'empty-token': 'try-again',
  refused: 'get-token',
};

/** An application has nobody who could sign in. */
const BY_APPLICATION: Partial<Record<TokenProblem['kind'], Advice>> = {
  'consent-missing': {
    cause: 'The app has not been allowed all it needs.',
    mend: 'Have an administrator allow it for the whole organisation. It must stand in the app registration under API permissions, as an application permission.',
    by: 'consent',
  },
  'sign-in-expired': {
    cause: 'The sign-in service turns the application away.',
    mend: 'Its own words below say why. Entra: Sign-in logs, Service principal sign-ins, name the rule that did it.',
    by: 'entra',
  },
  refused: { ...TOKEN_PROBLEMS.refused, by: 'try-again' },
};
/** Locked, disabled, not assigned: beside what `by` tells, they are about the account of somebody who signs in. */
const OF_AN_ACCOUNT = new Set(['50053', '50057', '50105']);
const BLOCKED_APPLICATION: Advice = {
  cause: 'A Conditional Access policy blocks the application.',
  mend: 'Exempt the application, or allow the network that central is in. Entra: Sign-in logs, Service principal sign-ins, name the policy.',
  by: 'entra',
};

/** By the number when it is one we know, else by what central made of it. `isApp`: nobody signs in. */
export function adviceOn({ kind, code }: Pick<TokenProblem, 'kind' | 'code'>, isApp: boolean): Advice {
  const number = /^AADSTS(\d+)$/.exec(code ?? '')?.[1];
  const known = number !== undefined && Object.hasOwn(AADSTS, number) ? AADSTS[number] : undefined;
  const general = { ...TOKEN_PROBLEMS[kind], by: BY_KIND[kind] };
  if (!isApp) return known ?? general;
  if (number === '53003') return BLOCKED_APPLICATION;
  const isOfSomebody = known?.by === 'get-token' || known?.by === 'consent' || OF_AN_ACCOUNT.has(number ?? '');
  return known === undefined || isOfSomebody ? (BY_APPLICATION[kind] ?? general) : known;
}
