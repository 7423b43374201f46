/** Server Settings as the console shows them: one connection, and the table of all. */
import * as v from 'valibot';
import {
  ConnectionRow,
  DEFAULT_CONNECTION,
  type NotificationStatus,
  ServerSettings,
} from '../../contract/wire/console.ts';
import { describeCertificate } from '../consent/certificate.ts';
import type { Connections } from '../consent/connections.ts';
import { type Expiry, expiriesOf, expiryOf } from '../consent/expiry.ts';
import { healthOf, stateOf } from '../consent/health.ts';
import { connectionUnknown } from '../consent/refusals.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { holidayCalendarOf, holidaysOf } from '../holidays/holidays.ts';
import { notificationStatus } from '../notifications/status.ts';
import { consentOf, findSettings, listSettings } from '../store/settings.ts';
import type { SettingsRow } from '../store/tables.ts';
import { readLicenceState } from './entitlement.ts';
import type { Refusal } from './refusal.ts';

type Served = { context: Context; connections: Connections; tokens: Tokens };
type ServedBelow = Served & { publicUrl: string | null };

export async function readServerSettings(
  { context, connections, tokens, publicUrl }: ServedBelow,
  id: string,
  redirectUri: string,
): Promise<{ kind: 'found'; value: ServerSettings } | Refusal> {
  const row = await findSettings(context.store.db, id);
  if (row === undefined && id !== DEFAULT_CONNECTION) return connectionUnknown();
  const token = await tokens.status(id);
  const value = v.parse(ServerSettings, {
    id,
    isDefault: id === DEFAULT_CONNECTION,
    settings: row === undefined ? null : fieldsOf(row),
    token,
    consent: consentOf(row),
    health: await healthOf(context, connections, id, row, token, await licenceExpiry(context)),
    redirectUri,
    importProblem: row?.import_problem ? JSON.parse(row.import_problem) : null,
    notifications: row === undefined ? NO_NOTIFICATIONS : await notificationStatus(context, row, publicUrl),
    holidays: holidaysOf(row),
  });
  return { kind: 'found', value };
}

const NO_NOTIFICATIONS: NotificationStatus = { state: 'off', rooms: 0, wanted: 0, heard: null, detail: null };

/** It ends for every connection alike. */
async function licenceExpiry(context: Context): Promise<Expiry[]> {
  const state = await readLicenceState(context, context.store.db);
  const expires = state.kind === 'none' ? null : state.entitlement.expires;
  return expires === null ? [] : [expiryOf('licence', expires, context.clock.now())];
}

/** The default one first, though nothing may be saved in it yet, then by name. */
export async function listConnections({ context, tokens }: Served): Promise<ConnectionRow[]> {
  const { db } = context.store;
  const counts = await db
    .selectFrom('rooms')
    .select(['connection_id', select => select.fn.countAll().as('rooms')])
    .groupBy('connection_id')
    .execute();
  const roomsOf = new Map(counts.map(row => [row.connection_id, Number(row.rooms)]));
  const rows = await listSettings(db);
  const listed = await Promise.all(
    rows.map(async row => {
      const token = await tokens.status(row.id);
      return v.parse(ConnectionRow, {
        id: row.id,
        isDefault: row.id === DEFAULT_CONNECTION,
        name: row.name,
        serverType: row.server_type,
        tenantId: row.tenant_id,
        account: token.kind === 'issued' ? token.account : row.service_account,
        state: stateOf(token),
        rooms: roomsOf.get(row.id) ?? 0,
        nextExpiry: expiriesOf(row, token, context.clock.now())[0] ?? null,
      });
    }),
  );
  return listed[0]?.isDefault ? listed : [notSet(roomsOf.get(DEFAULT_CONNECTION) ?? 0), ...listed];
}

const notSet = (rooms: number): ConnectionRow => ({
  id: DEFAULT_CONNECTION,
  isDefault: true,
  name: 'Default',
  serverType: null,
  tenantId: null,
  account: null,
  state: 'not-set',
  rooms,
  nextExpiry: null,
});

function fieldsOf(row: SettingsRow) {
  return {
    name: row.name,
    serverType: row.server_type,
    signIn: row.sign_in,
    authority: row.authority,
    graphBase: row.graph_base,
    tenantId: row.tenant_id,
    clientId: row.client_id,
    hasClientSecret: row.sealed_client_secret !== null,
    clientSecretExpires: row.client_secret_expires,
    certificate: row.certificate === null ? null : describeCertificate(row.certificate),
    serviceAccount: row.service_account,
    defaultZone: row.default_zone,
    extraCa: row.extra_ca,
    access: row.access,
    changeNotifications: row.change_notifications === 1,
    holidayCalendar: holidayCalendarOf(row),
  };
}
