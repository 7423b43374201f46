/** How a connection's settings differ from what they were, as history tells it: no secret, and nothing that is long. */
import { holidayCalendarOf } from '../holidays/holidays.ts';
import type { SettingsRow } from '../store/tables.ts';
import { type Change, veiled } from './policies-changes.ts';

/** By their names in contract/wire/console/server-settings.ts. */
const TOLD = {
  name: row => row.name,
  serverType: row => row.server_type,
  signIn: row => row.sign_in,
  authority: row => row.authority,
  graphBase: row => row.graph_base,
  tenantId: row => row.tenant_id,
  clientId: row => row.client_id,
  clientSecretExpires: row => row.client_secret_expires,
  serviceAccount: row => row.service_account,
  defaultZone: row => row.default_zone,
  access: row => row.access,
  changeNotifications: row => row.change_notifications === 1,
  holidayCalendar: row => {
    const calendar = holidayCalendarOf(row);
    return calendar && (calendar.mailbox === null ? calendar.name : `${calendar.name} (${calendar.mailbox})`);
  },
} satisfies Record<string, (row: Columns) => string | boolean | null>;

/** Of these only that they are set. */
const UNTOLD = {
  clientSecret: row => row.sealed_client_secret,
  certificate: row => row.sealed_certificate,
  extraCa: row => row.extra_ca,
} satisfies Record<string, (row: Columns) => string | null>;

type Columns = Omit<SettingsRow, 'id' | 'created' | 'consent' | 'import_problem' | 'holidays'>;

/** `before` undefined: nothing was saved yet. */
export function settingsChanges(before: Columns | undefined, after: Columns): Change[] {
  const told = Object.entries(TOLD).flatMap(([field, read]) => {
    const [was, is] = [before === undefined ? null : jsonOf(read(before)), jsonOf(read(after))];
    return was === is ? [] : [changeOf(after.name, field, was, is)];
  });
  const untold = Object.entries(UNTOLD).flatMap(([field, read]) => {
    const [was, is] = [before === undefined ? null : read(before), read(after)];
    if (was === is) return [];
    return [changeOf(after.name, field, veiled(was, 'set'), veiled(is, was === null ? 'set' : 'changed'))];
  });
  return [...told, ...untold];
}

/** One of the connection called `name`; values as JSON text. */
export const changeOf = (name: string, field: string, before: string | null, after: string | null): Change => ({
  scope: null,
  field: `${name}: ${field}`,
  before,
  after,
});

const jsonOf = (value: string | boolean | null) => (value === null ? null : JSON.stringify(value));
