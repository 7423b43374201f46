/** The certificate an application proves itself with, as admins paste it: PEM, certificate and private key in one text. */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type Instant, toIso } from '../../contract/values/time.ts';
import { certificateExpiry, certificateFingerprint, splitPem } from '../../platform/certificates.ts';
import { type Refusal, refused } from '../fleet/refusal.ts';

export type AppCertificate = {
  /** PEM of the certificate alone. */
  certificate: string;
  /** PEM of the certificate and its private key (PKCS #8). */
  whole: string;
};

const KEY = /-----BEGIN ((?:\w+ )*PRIVATE KEY)-----[\s\S]+?-----END \1-----/;
/** Entra ID takes RSA only, and msal signs PS256, for which Node wants this much. */
const SHORTEST_RSA = 2048;
const invalid = (message: string) => refused('invalid', message);

/** Takes it apart and checks that it can work at all. */
export function readAppCertificate(pem: string, now: Instant): { kind: 'read'; value: AppCertificate } | Refusal {
  let certificates: string[];
  try {
    certificates = splitPem(pem);
  } catch {
    return invalid('There is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----).');
  }
  const block = KEY.exec(pem);
  if (block === null) {
    return invalid(
      'The private key is missing: paste the certificate and its private key (-----BEGIN PRIVATE KEY-----).',
    );
  }
  if (block[1]?.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(block[0])) {
    return invalid(
      'The private key is encrypted: take its passphrase off first (openssl pkey -in key.pem -out plain.pem).',
    );
  }
  const key = openKey(block[0]);
  if (key === null) return invalid('The private key cannot be read; it must be in PEM form.');
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_RSA) {
    return invalid(`The private key must be an RSA key of at least ${SHORTEST_RSA} bits: Entra ID takes no other.`);
  }
  const certificate = certificates.find(one => new X509Certificate(one).checkPrivateKey(key));
  if (certificate === undefined) return invalid('The private key does not belong to the certificate.');
  const expires = certificateExpiry(certificate);
  if (expires <= now) {
    return invalid(
      `The certificate expired on ${toIso(expires).slice(0, 10)}; register a new one with the application.`,
    );
  }
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { kind: 'read', value: { certificate, whole: `${certificate.trim()}\n${keyPem}` } };
}

/** What msal needs of it. */
export function clientCertificate(whole: string): { thumbprintSha256: string; privateKey: string } {
  const privateKey = KEY.exec(whole)?.[0];
  if (privateKey === undefined) throw new TypeError('a stored certificate has no private key');
  return { thumbprintSha256: certificateFingerprint(whole).toString('hex'), privateKey };
}

/** For the page. The thumbprint is SHA-1, because that is what Entra's page shows beside an uploaded certificate. */
export function describeCertificate(pem: string): { subject: string; thumbprint: string; expires: Instant } {
  const certificate = new X509Certificate(pem);
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    thumbprint: createHash('sha1').update(certificate.raw).digest('hex').toUpperCase(),
    expires: certificateExpiry(pem),
  };
}

function openKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
