/**
 * The vendor's licence file: `lintel-licence-v1.<payload>.<signature>`, both base64url. The signature is Ed25519 (RFC 8032)
 * over every byte before its dot, so the name and version of the format are signed, too. Nothing in it is ever parsed
 * before it was found good, and each file has one spelling only: mail programs may wrap it or put a BOM before it, but no
 * character of it can be another one.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as v from 'valibot';
import { hours, type Instant, plus } from '../../contract/values/time.ts';
import { Entitlement } from '../../contract/wire/console.ts';

const FORMAT = 'lintel-licence-v1';
const SIGNATURE_BYTES = 64;

export type LicenceRead = { kind: 'licence'; entitlement: Entitlement } | { kind: 'not-believed'; why: string };
export type LicenceState =
  | { kind: 'none' }
  | { kind: 'not-yet' | 'valid' | 'lapsed'; entitlement: Entitlement }
  | { kind: 'grace'; entitlement: Entitlement; until: Instant };

const Payload = v.pipe(
  v.string(),
  v.parseJson(),
  Entitlement,
  v.check(it => it.expires === null || it.notBefore < it.expires, 'it ends before it begins'),
);

/** Believes a file only if one of these keys signed it; several, so that the vendor can change keys. */
export function readLicence(text: string, keys: readonly KeyObject[]): LicenceRead {
  if (keys.length === 0) return no('this central knows no vendor whose licence files it could check');
  const [format, payload = '', signature = '', ...rest] = text.replaceAll(/[\s\uFEFF\u200B\0]/g, '').split('.');
  if (format !== FORMAT || rest.length > 0) return no(`it is no licence file (those begin with ${FORMAT})`);
  const body = bytesOf(payload);
  const proof = bytesOf(signature);
  if (body === null || proof?.length !== SIGNATURE_BYTES)
    return no('it is damaged: a part of it is missing or changed');
  const signed = Buffer.from(`${FORMAT}.${payload}`);
  if (!keys.some(key => verify(null, signed, key, proof))) {
    return no('its signature is not the vendor’s: it was changed, or is of somebody else');
  }
  const parsed = v.safeParse(Payload, new TextDecoder().decode(body));
  return parsed.success
    ? { kind: 'licence', entitlement: parsed.output }
    : no('it is of a kind this version cannot read');
}

/** In lines that mail programs leave alone. `key`: the vendor's private Ed25519 key. */
export function signLicence(entitlement: Entitlement, key: KeyObject): string {
  const payload = Buffer.from(JSON.stringify(v.parse(Entitlement, entitlement))).toString('base64url');
  const signed = `${FORMAT}.${payload}`;
  const text = `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  return `${text.match(/.{1,72}/g)?.join('\n') ?? ''}\n`;
}

/** An Ed25519 public key as PEM, or its SPKI as base64. Throws when it is something else. */
export function readLicencePublicKey(text: string): KeyObject {
  const trimmed = text.trim();
  const key = trimmed.startsWith('-----')
    ? createPublicKey(trimmed)
    : createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('a licence key of the vendor must be Ed25519');
  return key;
}

/** not-yet -> valid -> grace -> lapsed; none without a file, and then nothing is limited. */
export function licenceState(entitlement: Entitlement | null, now: Instant): LicenceState {
  if (entitlement === null) return { kind: 'none' };
  if (now < entitlement.notBefore) return { kind: 'not-yet', entitlement };
  if (entitlement.expires === null || now < entitlement.expires) return { kind: 'valid', entitlement };
  const until = plus(entitlement.expires, hours(24 * entitlement.graceDays));
  return now < until ? { kind: 'grace', entitlement, until } : { kind: 'lapsed', entitlement };
}

/** Seats that panels or keys may take; null: any number. */
export function seatsOf(state: LicenceState): number | null {
  switch (state.kind) {
    case 'none':
      return null;
    case 'not-yet':
    case 'lapsed':
      return 0;
    case 'valid':
    case 'grace':
      return state.entitlement.seats;
  }
}

/** Strict base64url (RFC 4648 section 5): no padding, and no second spelling of the same bytes. */
function bytesOf(text: string): Buffer | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

const no = (why: string): LicenceRead => ({ kind: 'not-believed', why });
