/** Names of server types and ways to sign in, and when to choose which. */
import type { ServerType, SignInKind } from '../../../../src/contract/wire/console.ts';

export const SERVER_TYPES: Record<ServerType, string> = {
  'office-365-graph': 'Office 365 / Graph OAuth 2.0',
  'exchange-2010': 'Exchange 2010 (EWS)',
  'exchange-2013': 'Exchange 2013 (EWS)',
  'exchange-2016': 'Exchange 2016 (EWS)',
  'exchange-2019': 'Exchange 2019 (EWS)',
  'exchange-se': 'Exchange SE (EWS)',
  'google-workspace': 'Google Workspace',
};
export const isInstalled = (type: ServerType) => type === 'office-365-graph';

export const SIGN_INS: Record<SignInKind, { label: string; when: string }> = {
  delegated: {
    label: 'Service account',
    when: 'Choose this when panels shall reach only the rooms shared with one account: it signs in once and stays signed in.',
  },
  'app-secret': {
    label: 'Application with a secret',
    when: 'Choose this when nobody shall have to sign in: the app reaches every mailbox unless Exchange restricts it.',
  },
  'app-certificate': {
    label: 'Application with a certificate',
    when: 'Choose this instead of a secret where your security rules ask for one: the key never travels.',
  },
};
export const isApplication = (signIn: SignInKind) => signIn !== 'delegated';
