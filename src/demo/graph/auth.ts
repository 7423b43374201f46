/** Who is asking, from the bearer token: signature, issuer, audience, expiry and tenant are checked. */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import * as v from 'valibot';
import type { Mailbox } from '../store/mailboxes.ts';
import { accessDenied, directoryDenied, unauthorized } from './errors.ts';

const Claims = v.object({
  tid: v.string(),
  appid: v.string(),
  oid: v.string(),
  scp: v.optional(v.string(), ''),
  roles: v.optional(v.array(v.string()), []),
});

/** `delegated`: the app acts for a signed-in account; `app`: for itself. */
export type Caller =
  | { kind: 'delegated'; oid: string; permissions: ReadonlySet<string> }
  | { kind: 'app'; permissions: ReadonlySet<string> };

export type TokenCheck = (authorization: string | undefined) => Promise<Caller>;

/** Makes the check. It throws GraphError 401 with Graph's words. */
export function makeTokenCheck(options: {
  jwks: JSONWebKeySet;
  issuer: string;
  audience: string;
  tenantId: string;
  /** How far the tenant's clock is off, in milliseconds: it stamps its tokens with it, and reads them with it. */
  skew(): number;
}): TokenCheck {
  const keys = createLocalJWKSet(options.jwks);
  return async authorization => {
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized('Access token is empty.');
    if (token.split('.').length !== 3) throw unauthorized('CompactToken parsing failed with error code: 80049217');
    const { issuer, audience } = options;
    const clockTolerance = 60 + Math.abs(options.skew()) / 1000;
    const claims = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'], clockTolerance }).then(
      verified => v.safeParse(Claims, verified.payload),
      (error: Error) => {
        throw unauthorized(complaint(error));
      },
    );
    if (!claims.success || claims.output.tid !== options.tenantId)
      throw unauthorized('Invalid tenant in access token.');
    const { scp, roles, oid } = claims.output;
    if (roles.length > 0) return { kind: 'app', permissions: new Set(roles) };
    return { kind: 'delegated', oid, permissions: new Set(scp.split(' ')) };
  };
}

function complaint(error: Error): string {
  const code = 'code' in error ? error.code : '';
  if (code === 'ERR_JWT_EXPIRED') return 'Lifetime validation failed, the token is expired.';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return 'Access token validation failure. Invalid audience.';
  return 'Access token validation failure. Invalid signature.';
}

/** Throws 403 unless the caller may work with this mailbox's calendar. */
export function mustReachCalendar(caller: Caller, mailbox: Mailbox) {
  const has = (permission: string) => caller.permissions.has(permission);
  const isShared = mailbox.kind === 'room' && mailbox.place.isShared;
  if (caller.kind === 'app') {
    // Exchange RBAC for Applications keeps the app to the rooms it was given.
    if (!has('Calendars.ReadWrite') || (mailbox.kind === 'room' && !isShared)) throw accessDenied();
    return;
  }
  const isOwn = mailbox.id === caller.oid;
  if (
    isOwn
      ? !has('Calendars.ReadWrite') && !has('Calendars.ReadWrite.Shared')
      : !has('Calendars.ReadWrite.Shared') || !isShared
  ) {
    throw accessDenied();
  }
}

/** Whether the caller may also write there, once it may work with it at all. */
export function mayWrite(caller: Caller, mailbox: Mailbox): boolean {
  return caller.kind === 'app' || mailbox.id === caller.oid || mailbox.kind !== 'room' || mailbox.place.isWritable;
}

/** Whether the caller sees what a mailbox's events are about, and not only when it is busy. */
export function seesDetails(caller: Caller, mailbox: Mailbox): boolean {
  return mailbox.kind === 'room' ? mailbox.place.isShared : caller.kind === 'app' || mailbox.id === caller.oid;
}

/** Throws 403 unless the token carries the permission (or one that includes it). */
export function mustHave(caller: Caller, ...anyOf: string[]) {
  if (!anyOf.some(permission => caller.permissions.has(permission))) throw directoryDenied();
}
