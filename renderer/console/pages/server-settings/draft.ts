/** The form as it is being typed, and what becomes of it. */
import * as v from 'valibot';
import { GLOBAL_CLOUD } from '../../../../src/contract/values/clouds.ts';
import type { ZoneName } from '../../../../src/contract/values/time.ts';
import {
  type CalendarAccessKind,
  DEFAULT_CONNECTION,
  type HolidayCalendar,
  type ServerSettings,
  ServerSettingsInput,
  type ServerType,
  type SignInKind,
} from '../../../../src/contract/wire/console.ts';
import { cloudBehind, tidyAddress, tidyGraphBase } from './addresses.ts';
import { certificateError, extraCaError } from './pem.ts';

export type Stored = NonNullable<ServerSettings['settings']>;

export type Fields = {
  name: string;
  serverType: ServerType;
  signIn: SignInKind;
  /** True when the two addresses are typed in rather than a known cloud's. */
  isTypedIn: boolean;
  authority: string;
  graphBase: string;
  tenantId: string;
  clientId: string;
  /** Empty: keep what is stored. */
  clientSecret: string;
  clientSecretExpires: string;
  /** PEM; empty: keep what is stored. */
  certificate: string;
  serviceAccount: string;
  defaultZone: string;
  extraCa: string;
  access: CalendarAccessKind;
  changeNotifications: boolean;
  holidayCalendar: v.InferInput<typeof HolidayCalendar> | null;
};
export type FieldErrors = Partial<Record<keyof Fields, string>>;

/** All that is unsaved on the page, by connection: looking at another one loses nothing. */
export type Draft = Readonly<Record<string, Fields>>;
/** The key of one that is being added; no connection has this id. */
export const NEW_CONNECTION = '';

/** The drafts with one more, or without (`fields` null); null when nothing is left. */
export function withFields(draft: Draft | null, connection: string, fields: Fields | null): Draft | null {
  const { [connection]: _, ...others } = draft ?? {};
  const next = fields ? { ...others, [connection]: fields } : others;
  return Object.keys(next).length === 0 ? null : next;
}

/** What the form shows when nothing was typed: what is stored, or a first suggestion. */
export function fieldsOf(stored: Stored | null, connection: string, ownZone: ZoneName): Fields {
  if (!stored) {
    return {
      name: connection === DEFAULT_CONNECTION ? 'Microsoft 365' : '',
      serverType: 'office-365-graph',
      signIn: 'delegated',
      isTypedIn: false,
      authority: GLOBAL_CLOUD.authority,
      graphBase: GLOBAL_CLOUD.graphBase,
      tenantId: '',
      clientId: '',
      clientSecret: '',
      clientSecretExpires: '',
      certificate: '',
      serviceAccount: '',
      defaultZone: ownZone,
      extraCa: '',
      access: 'direct',
      changeNotifications: false,
      holidayCalendar: null,
    };
  }
  const { hasClientSecret: _, ...rest } = stored;
  return {
    ...rest,
    isTypedIn: cloudBehind(stored.authority, stored.graphBase) === undefined,
    clientSecret: '',
    clientSecretExpires: stored.clientSecretExpires ?? '',
    certificate: '',
    serviceAccount: stored.serviceAccount ?? '',
    extraCa: stored.extraCa ?? '',
  };
}

/** Whether saving would change anything; a cloud chosen as "typed in" with the same addresses changes nothing. */
export const isSame = (a: Fields, b: Fields) => JSON.stringify(toInput(a)) === JSON.stringify(toInput(b));

/** What central holds already and never shows. */
export type Held = { clientSecret: boolean; certificate: boolean };
export const NOTHING_HELD: Held = { clientSecret: false, certificate: false };
export const heldIn = (stored: Stored | null): Held =>
  stored ? { clientSecret: stored.hasClientSecret, certificate: stored.certificate !== null } : NOTHING_HELD;

export type Checked = { kind: 'valid'; input: ServerSettingsInput } | { kind: 'invalid'; errors: FieldErrors };

/** Checks with central's own schema, and for what pasting gets wrong. */
export function check(fields: Fields, held: Held): Checked {
  const errors: FieldErrors = {};
  const parsed = v.safeParse(ServerSettingsInput, toInput(fields));
  if (!parsed.success) {
    const { nested } = v.flatten<typeof ServerSettingsInput>(parsed.issues);
    for (const [field, messages] of Object.entries(nested ?? {})) {
      if (isField(field, fields)) errors[field] = messages?.[0] ?? 'This is not right';
    }
  }
  if (fields.defaultZone === '') errors.defaultZone = 'Choose a time zone';
  const needsCertificate = fields.signIn === 'app-certificate';
  const certificate = needsCertificate ? certificateError(fields.certificate, held.certificate) : null;
  if (certificate) errors.certificate = certificate;
  if (!needsCertificate && fields.clientSecret.trim() === '' && !held.clientSecret) {
    errors.clientSecret = 'Client secret is missing';
  }
  const extraCa = extraCaError(fields.extraCa);
  if (extraCa) errors.extraCa = extraCa;
  if (!parsed.success || Object.keys(errors).length > 0) return { kind: 'invalid', errors };
  return { kind: 'valid', input: parsed.output };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function toInput(fields: Fields): Record<keyof ServerSettingsInput, unknown> {
  const { signIn } = fields;
  const isBySecret = signIn !== 'app-certificate';
  return {
    name: fields.name.trim(),
    serverType: fields.serverType,
    signIn,
    authority: tidyAddress(fields.authority),
    graphBase: tidyGraphBase(fields.graphBase),
    tenantId: fields.tenantId.trim(),
    clientId: fields.clientId.trim(),
    // What the chosen way does not use is not sent, though it stays in the form while somebody makes up their mind.
    clientSecret: isBySecret ? orNull(fields.clientSecret) : null,
    clientSecretExpires: isBySecret ? orNull(fields.clientSecretExpires) : null,
    certificate: isBySecret ? null : orNull(fields.certificate),
    serviceAccount: orNull(fields.serviceAccount),
    defaultZone: fields.defaultZone,
    extraCa: orNull(fields.extraCa),
    access: fields.access,
    changeNotifications: fields.changeNotifications,
    holidayCalendar: fields.holidayCalendar,
  };
}

const isField = (name: string, fields: Fields): name is keyof Fields => Object.hasOwn(fields, name);
