/** What an admin typed into Server Settings, tidied and judged. */
import type { Instant } from '../../contract/values/time.ts';
import type { ServerSettingsInput, ServerType } from '../../contract/wire/console.ts';
import { splitPem } from '../../platform/certificates.ts';
import { type AppCertificate, readAppCertificate } from '../consent/certificate.ts';
import type { SettingsRow } from '../store/tables.ts';
import { type Refusal, refused } from './refusal.ts';

const PROVIDERS: Record<Exclude<ServerType, 'office-365-graph'>, string> = {
  'exchange-2010': 'Exchange 2010 (EWS)',
  'exchange-2013': 'Exchange 2013 (EWS)',
  'exchange-2016': 'Exchange 2016 (EWS)',
  'exchange-2019': 'Exchange 2019 (EWS)',
  'exchange-se': 'Exchange SE (EWS)',
  'google-workspace': 'Google Workspace',
};

/** Said before anything else: the rest of the form means nothing without the provider. */
export function providerMissing(serverType: ServerType): Refusal | null {
  if (serverType === 'office-365-graph') return null;
  return refused(
    'provider-not-installed',
    `The provider for ${PROVIDERS[serverType]} is not installed in this version of Lintel. Choose Office 365 / Graph; a later version brings the others.`,
  );
}

/** Addresses without a slash at the end; what was left empty counts as not given. */
export function tidied(input: ServerSettingsInput): ServerSettingsInput {
  return {
    ...input,
    authority: input.authority.replace(/\/+$/, ''),
    graphBase: input.graphBase.replace(/\/+$/, ''),
    clientSecret: input.clientSecret || null,
    certificate: input.certificate?.trim() ? input.certificate : null,
    serviceAccount: input.serviceAccount || null,
    extraCa: input.extraCa?.trim() ? input.extraCa : null,
  };
}

/** Paths are hung on both. Told by the text itself: of a bare `?` or `#` nothing is left in a URL that was parsed. */
const PLAIN = /^https:\/\/[^/?#@\\\s]+(\/[^?#@\\\s]*)?$/;

function addressProblem({ authority, graphBase }: ServerSettingsInput): string | null {
  for (const [name, text] of [
    ['Authority', authority],
    ['Graph address', graphBase],
  ] as const) {
    if (!PLAIN.test(text)) return `${name} must be a plain https address, without ?, #, @ or spaces`;
  }
  if (graphBase.includes('/', 'https://'.length)) {
    return 'Graph address must be the server alone, such as https://graph.microsoft.com: without /v1.0 or another path';
  }
  return null;
}

/** `certificate`: the one that was typed, taken apart; null: none was. */
export type Judged = { kind: 'fine'; certificate: AppCertificate | null } | Refusal;

export function judge(input: ServerSettingsInput, now: Instant): Judged {
  const misaddressed = addressProblem(input);
  if (misaddressed !== null) return refused('invalid', misaddressed);
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(input.tenantId)) {
    return refused('invalid', 'Tenant ID is the directory (tenant) GUID, or a domain name of the tenant');
  }
  if (input.extraCa !== null && !isPem(input.extraCa)) {
    return refused('invalid', 'The CA certificates are not in PEM form (-----BEGIN CERTIFICATE-----)');
  }
  if (input.signIn !== 'delegated' && input.holidayCalendar?.mailbox === null) {
    return refused(
      'invalid',
      'Public holidays: an application has no calendars of its own; name the mailbox they are in',
    );
  }
  if (input.certificate === null) return { kind: 'fine', certificate: null };
  const read = readAppCertificate(input.certificate, now);
  return read.kind === 'refused' ? read : { kind: 'fine', certificate: read.value };
}

/** Whether secrets and tokens at hand were meant for somewhere else. */
export function isMoved(before: SettingsRow, input: ServerSettingsInput): boolean {
  return (
    before.authority !== input.authority ||
    before.tenant_id !== input.tenantId ||
    before.client_id !== input.clientId ||
    before.graph_base !== input.graphBase
  );
}

function isPem(text: string): boolean {
  try {
    return splitPem(text).length > 0;
  } catch {
    return false;
  }
}
