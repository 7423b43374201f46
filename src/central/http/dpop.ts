/** Proof of possession of the panel's key, RFC 9449 section 4.3, with the key's thumbprint as the panel's identity. */
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import * as v from 'valibot';
import { PanelId } from '../../contract/values/ids.ts';
import type { NonceBook } from './nonce-book.ts';

export type ProofRequest = {
  proof: string | undefined;
  method: string;
  /** Path of the request, as it arrived. */
  path: string;
  /** Hosts (with port) by which this server may be called. */
  hosts: readonly string[];
};
export type ProofChecked =
  | { kind: 'proved'; panel: PanelId; boot: string }
  /** `isStale`: it had a nonce, of long ago or of another server. */
  | { kind: 'use-nonce'; panel: PanelId; isStale: boolean }
  | { kind: 'invalid'; why: string };

const LONGEST_PROOF = 4096;
const coordinate = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));

const Header = v.strictObject({
  typ: v.literal('dpop+jwt'),
  // One algorithm: nothing to negotiate down.
  alg: v.literal('ES256'),
  // Strict: a private key (`d`) has no place here.
  jwk: v.strictObject({ kty: v.literal('EC'), crv: v.literal('P-256'), x: coordinate, y: coordinate }),
});
const Claims = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    htm: v.string(),
    htu: v.pipe(v.string(), v.url()),
    jti: v.pipe(v.string(), v.minLength(16), v.maxLength(128)),
    // Must be there, but is not believed: the nonce says how fresh the proof is, whatever the panel's clock says.
    iat: v.number(),
    nonce: v.optional(v.string()),
    boot: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  }),
);

export async function checkProof(request: ProofRequest, nonces: NonceBook): Promise<ProofChecked> {
  const { proof } = request;
  if (proof === undefined) return invalid('there is no DPoP proof');
  if (proof.length > LONGEST_PROOF) return invalid('the proof is too long');
  const verified = await verify(proof);
  if (verified === null) return invalid('the proof is malformed or its signature is wrong');
  const { claims, panel } = verified;
  if (claims.htm !== request.method) return invalid('the proof is for another method');
  if (!isForThisAddress(claims.htu, request)) return invalid('the proof is for another address');
  if (claims.nonce === undefined) return { kind: 'use-nonce', panel, isStale: false };
  switch (nonces.note(claims.nonce, panel, claims.jti)) {
    case 'fresh':
      return { kind: 'proved', panel, boot: claims.boot };
    case 'replayed':
      return invalid('the proof was used before');
    case 'nonce-unknown':
      return { kind: 'use-nonce', panel, isStale: true };
  }
}

async function verify(proof: string) {
  try {
    const [header = '', payload = '', ...rest] = proof.split('.');
    if (rest.length !== 1 || ![header, payload, ...rest].every(isCanonical)) return null;
    const { jwk } = v.parse(Header, JSON.parse(textIn(header)));
    // What makes no sense is not worth a look at its signature.
    const claims = v.parse(Claims, textIn(payload));
    await compactVerify(proof, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
    return { claims, panel: v.parse(PanelId, await calculateJwkThumbprint(jwk, 'sha256')) };
  } catch {
    // Whatever jose or the schema disliked: it is no proof.
    return null;
  }
}

const textIn = (part: string) => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));

/** One spelling for the same bytes: decoders pass over spare bits, padding and white space. */
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;
}

/** Scheme and host are compared as URLs are, the path to the letter; there is neither query nor fragment (section 4.2). */
function isForThisAddress(htu: string, request: ProofRequest): boolean {
  const url = new URL(htu);
  if (url.protocol !== 'https:' || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  return request.hosts.some(host => sameHost(host, url.host)) && url.pathname === request.path;
}

/** `LOCALHOST:443` and `localhost` are one. */
function sameHost(a: string, b: string): boolean {
  return URL.canParse(`https://${a}`) && new URL(`https://${a}`).host === b;
}

const invalid = (why: string): ProofChecked => ({ kind: 'invalid', why });
