/** The form as it is being typed, and what becomes of it. */
import * as v from 'valibot';
import type { ZoneName } from '../../../../src/contract/values/time.ts';
import { type ServerSettings, ServerSettingsInput } from '../../../../src/contract/wire/console.ts';
import { cloudOf, GLOBAL, tidyAddress, tidyGraphBase } from './clouds.ts';

type Stored = NonNullable<ServerSettings['settings']>;

export type Draft = {
  serverType: Stored['serverType'];
  /** True when the two addresses are typed in rather than a known cloud's. */
  isTypedIn: boolean;
  authority: string;
  graphBase: string;
  tenantId: string;
  clientId: string;
  /** Empty: keep what is stored. */
  clientSecret: string;
  serviceAccount: string;
  defaultZone: string;
  extraCa: string;
};

export type FieldErrors = Partial<Record<keyof Draft, string>>;

/** What the form shows when nothing was typed: what is stored, or a first suggestion. */
export function draftOf(stored: Stored | null, ownZone: ZoneName): Draft {
  if (!stored) {
    return {
      serverType: 'office-365-graph',
      isTypedIn: false,
      authority: GLOBAL.authority,
      graphBase: GLOBAL.graphBase,
      tenantId: '',
      clientId: '',
      clientSecret: '',
      serviceAccount: '',
      defaultZone: ownZone,
      extraCa: '',
    };
  }
  const { hasClientSecret: _, ...fields } = stored;
  return {
    ...fields,
    isTypedIn: cloudOf(stored.authority, stored.graphBase) === undefined,
    clientSecret: '',
    serviceAccount: stored.serviceAccount ?? '',
    extraCa: stored.extraCa ?? '',
  };
}

/** Whether saving would change anything; a cloud chosen as "typed in" with the same addresses changes nothing. */
export const isSame = (a: Draft, b: Draft) =>
  Object.entries(toInput(a)).every(([key, value]) => Object.is(value, Reflect.get(toInput(b), key)));

export type Checked = { kind: 'valid'; input: ServerSettingsInput } | { kind: 'invalid'; errors: FieldErrors };

/** Checks with central's own schema, and for what pasting gets wrong. */
export function check(draft: Draft): Checked {
  const errors: FieldErrors = {};
  const parsed = v.safeParse(ServerSettingsInput, toInput(draft));
  if (!parsed.success) {
    const { nested } = v.flatten<typeof ServerSettingsInput>(parsed.issues);
    for (const [field, messages] of Object.entries(nested ?? {})) {
      if (isField(field, draft)) errors[field] = messages?.[0] ?? 'This is not right';
    }
  }
  if (draft.defaultZone === '') errors.defaultZone = 'Choose a time zone';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(draft.extraCa)) {
    errors.extraCa = 'This holds a private key. Paste certificates only, and treat that key as given away.';
  } else if (
    draft.extraCa.trim() !== '' &&
    !/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.test(draft.extraCa)
  ) {
    errors.extraCa =
      'No whole certificate in here. It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.';
  }
  if (!parsed.success || Object.keys(errors).length > 0) return { kind: 'invalid', errors };
  return { kind: 'valid', input: parsed.output };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function toInput(draft: Draft): Record<keyof ServerSettingsInput, unknown> {
  return {
    serverType: draft.serverType,
    authority: tidyAddress(draft.authority),
    graphBase: tidyGraphBase(draft.graphBase),
    tenantId: draft.tenantId.trim(),
    clientId: draft.clientId.trim(),
    clientSecret: orNull(draft.clientSecret),
    serviceAccount: orNull(draft.serviceAccount),
    defaultZone: draft.defaultZone,
    extraCa: orNull(draft.extraCa),
  };
}

const isField = (name: string, draft: Draft): name is keyof Draft => Object.hasOwn(draft, name);
