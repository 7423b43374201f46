/** Server Settings: read and save. */
import * as v from 'valibot';
import { ServerSettings, type ServerSettingsInput } from '../../contract/wire/console.ts';
import { splitPem } from '../../platform/certificates.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { audit } from '../store/audit.ts';
import { findSettings, sealClientSecret } from '../store/settings.ts';
import { DEFAULT_ID, type SettingsRow } from '../store/tables.ts';
import { bumpConfigs, tellConfigs } from './config.ts';
import { type Refusal, refused } from './refusal.ts';

export async function readServerSettings(
  context: Context,
  tokens: Tokens,
  redirectUri: string,
): Promise<ServerSettings> {
  const row = await findSettings(context.store.db);
  return v.parse(ServerSettings, {
    settings: row === undefined ? null : fieldsOf(row),
    token: await tokens.status(),
    redirectUri,
    importProblem: row?.import_problem ? JSON.parse(row.import_problem) : null,
  });
}

/** Stores the settings and pushes what panels need of them. A grant of another tenant, app or authority is dropped. */
export async function saveServerSettings(
  context: Context,
  tokens: Tokens,
  raw: ServerSettingsInput,
  admin: string,
): Promise<{ kind: 'saved' } | Refusal> {
  const input = tidied(raw);
  const wrong = whatIsWrong(input);
  if (wrong !== null) return wrong;
  const before = await findSettings(context.store.db);
  const isOther = before !== undefined && isOtherConnection(before, input);
  if (isOther && input.clientSecret === null && before.sealed_client_secret !== null) {
    // Or whoever can edit this page could have the stored secret sent to an address of their own.
    return refused(
      'secret-needed',
      'Type the client secret again: the authority, Graph address, tenant or client ID changed.',
    );
  }
  const sealed =
    input.clientSecret === null
      ? (before?.sealed_client_secret ?? null)
      : sealClientSecret(context.sealer, input.clientSecret);
  const columns = {
    server_type: input.serverType,
    authority: input.authority,
    graph_base: input.graphBase,
    tenant_id: input.tenantId,
    client_id: input.clientId,
    sealed_client_secret: sealed,
    service_account: input.serviceAccount,
    default_zone: input.defaultZone,
    extra_ca: input.extraCa,
    import_problem: before?.import_problem ?? null,
  };
  if (isOther) await tokens.forget(admin);
  const panels = await context.store.transact(async tx => {
    // A sign-in under way belongs to the settings it began with.
    if (isOther) await tx.deleteFrom('sign_ins').execute();
    await tx
      .insertInto('settings')
      .values({ id: DEFAULT_ID, ...columns })
      .onConflict(c => c.column('id').doUpdateSet(columns))
      .execute();
    const detail = { authority: input.authority, tenantId: input.tenantId, newSecret: input.clientSecret !== null };
    await audit(tx, context.clock, { actor: admin, action: 'server-settings-saved', subject: DEFAULT_ID, detail });
    // Another connection too: panels must let go of the old one's tokens.
    const matters = isOther || before?.graph_base !== columns.graph_base || before?.extra_ca !== columns.extra_ca;
    return matters ? bumpConfigs(tx, 'all') : [];
  });
  tokens.clearFailure();
  tellConfigs(context, panels);
  context.hub.topicsChanged('server-settings');
  return { kind: 'saved' };
}

function fieldsOf(row: SettingsRow) {
  return {
    serverType: row.server_type,
    authority: row.authority,
    graphBase: row.graph_base,
    tenantId: row.tenant_id,
    clientId: row.client_id,
    hasClientSecret: row.sealed_client_secret !== null,
    serviceAccount: row.service_account,
    defaultZone: row.default_zone,
    extraCa: row.extra_ca,
  };
}

/** Addresses without a slash at the end; what was left empty counts as not given. */
function tidied(input: ServerSettingsInput): ServerSettingsInput {
  return {
    ...input,
    authority: input.authority.replace(/\/+$/, ''),
    graphBase: input.graphBase.replace(/\/+$/, ''),
    clientSecret: input.clientSecret || null,
    serviceAccount: input.serviceAccount || null,
    extraCa: input.extraCa?.trim() ? input.extraCa : null,
  };
}

function whatIsWrong(input: ServerSettingsInput): Refusal | null {
  for (const [name, text] of [
    ['Authority', input.authority],
    ['Graph address', input.graphBase],
  ] as const) {
    const url = new URL(text);
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
      return refused('invalid', `${name} must be a plain https address`);
    }
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(input.tenantId)) {
    return refused('invalid', 'Tenant ID is the directory (tenant) GUID, or a domain name of the tenant');
  }
  if (input.extraCa !== null && !isPem(input.extraCa)) {
    return refused('invalid', 'The CA certificates are not in PEM form (-----BEGIN CERTIFICATE-----)');
  }
  return null;
}

function isPem(text: string): boolean {
  try {
    return splitPem(text).length > 0;
  } catch {
    return false;
  }
}

function isOtherConnection(before: SettingsRow, input: ServerSettingsInput): boolean {
  return (
    before.authority !== input.authority ||
    before.tenant_id !== input.tenantId ||
    before.client_id !== input.clientId ||
    before.graph_base !== input.graphBase
  );
}
