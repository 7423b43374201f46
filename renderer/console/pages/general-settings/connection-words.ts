/** Changes of a connection (Server Settings) in words; fields as central/fleet/connection-changes.ts writes them. */
import { dateWords } from '../../words.ts';
import { SERVER_TYPES, SIGN_INS } from '../server-settings/kinds.ts';

type Described = { label: string; words?: (value: unknown) => string };

const oneOf = (names: Readonly<Record<string, string>>) => (value: unknown) =>
  typeof value === 'string' && Object.hasOwn(names, value) ? String(names[value]) : String(value);

const FIELDS: Readonly<Record<string, Described>> = {
  name: { label: 'Name' },
  serverType: { label: 'Server type', words: oneOf(SERVER_TYPES) },
  signIn: {
    label: 'Sign-in',
    words: oneOf(Object.fromEntries(Object.entries(SIGN_INS).map(([kind, { label }]) => [kind, label]))),
  },
  authority: { label: 'Authority' },
  graphBase: { label: 'Graph address' },
  tenantId: { label: 'Tenant ID' },
  clientId: { label: 'Client ID' },
  clientSecret: { label: 'Client secret' },
  clientSecretExpires: { label: 'Secret expires on', words: date => dateWords(String(date)) },
  certificate: { label: 'Certificate' },
  serviceAccount: { label: 'Service account' },
  defaultZone: { label: 'Default time zone' },
  extraCa: { label: 'Private CA certificates' },
  access: { label: 'Access to calendars', words: oneOf({ direct: 'Direct', relay: 'Through central' }) },
  changeNotifications: { label: 'Change notifications', words: value => (value === true ? 'on' : 'off') },
  holidayCalendar: { label: 'Public holidays' },
  holidays: { label: 'Days that are holidays', words: dates => listed(Array.isArray(dates) ? dates.map(String) : []) },
  account: { label: 'Signed in as' },
};

const MOST_LISTED = 4;

function listed(dates: readonly string[]): string {
  const shown = dates.slice(0, MOST_LISTED).map(dateWords).join(', ');
  return dates.length > MOST_LISTED ? `${shown} and ${dates.length - MOST_LISTED} more` : shown;
}

/** `field` as it is stored: `name of the connection: field`. */
export function connectionChange(field: string): Described & { where: string | null } {
  const at = field.lastIndexOf(': ');
  const name = field.slice(at + 2);
  const known = at > 0 && Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  return known === undefined ? { where: null, label: field } : { where: field.slice(0, at), ...known };
}
