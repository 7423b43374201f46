/** The signing key of the tenant, and certificates the app may prove itself with. */
import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import * as v from 'valibot';
import type { Settings } from '../store/settings.ts';

const Jwk = v.looseObject({ kty: v.string(), n: v.string(), e: v.string(), kid: v.string() });
const Jwks = v.object({ keys: v.array(Jwk) });
const StoredJwks = v.pipe(v.string(), v.parseJson(), Jwks);

/** The private key set for signing (RS256); made at the first start and kept. */
export function signingKeys(settings: Settings): v.InferOutput<typeof Jwks> {
  const text = settings.keep('signing-keys', () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    const kid = createHash('sha256').update(String(jwk.n)).digest('base64url').slice(0, 27);
    return JSON.stringify({ keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] });
  });
  return v.parse(StoredJwks, text);
}

/** Its public half, as verifiers get it. */
export function publicKeys(keys: v.InferOutput<typeof Jwks>): { keys: JWK[] } {
  return { keys: keys.keys.map(({ kty, n, e, kid }) => ({ kty, n, e, kid, use: 'sig', alg: 'RS256' })) };
}

const StoredCertificates = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/** PEM certificates registered for the app (Entra: Certificates & secrets). */
export function appCertificates(settings: Settings) {
  const read = () => v.parse(StoredCertificates, settings.get('app-certificates') ?? '[]');
  return {
    /** Throws when `pem` is no certificate. */
    add(pem: string) {
      const certificate = new X509Certificate(pem).toString();
      settings.set('app-certificates', JSON.stringify([...new Set([...read(), certificate])]));
    },
    jwks: () => ({
      keys: read().map(pem => ({
        ...createPublicKey(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' })).export({
          format: 'jwk',
        }),
        alg: 'PS256',
        use: 'sig',
      })),
    }),
  };
}
export type AppCertificates = ReturnType<typeof appCertificates>;
