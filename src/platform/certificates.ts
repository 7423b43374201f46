/** Central's own CA and the certificates it signs: ECDSA P-256, in the profile that OpenSSL and Chromium accept. */
import 'reflect-metadata';
import { createHash, X509Certificate as NodeCertificate, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { Clock } from '../contract/values/clock.ts';
import { type Duration, hours, type Instant, instant, plus } from '../contract/values/time.ts';

export type Ca = { cert: string; key: string };
/** `chain` is the leaf followed by the CA: what a server presents. */
export type Leaf = { cert: string; key: string; chain: string };

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = hours(24);
const CA_LIFE = hours(24 * 3652);
/** The CA/Browser Forum's limit of 2020 to 2026 (398 days), less one: no client objects to it. */
const LEAF_LIFE = hours(24 * 397);
/** X.520 upper bound of a common name. */
const LONGEST_COMMON_NAME = 64;

/** A new self-signed CA, valid for ten years from a day ago (clocks differ). PEM, key as PKCS#8. */
export async function makeCa(commonName: string, clock: Clock): Promise<Ca> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName.slice(0, LONGEST_COMMON_NAME)] }],
    ...validity(clock, CA_LIFE),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pem(certificate), key: await privatePem(keys.privateKey) };
}

/** A server certificate for `names` (DNS names and IP addresses), valid for 397 days from a day ago. */
export async function issueLeaf(ca: Ca, names: readonly string[], clock: Clock): Promise<Leaf> {
  const first = names[0];
  if (first === undefined) throw new RangeError('a certificate needs at least one name');
  const authority = new x509.X509Certificate(ca.cert);
  const authorityKey = await crypto.subtle.importKey('pkcs8', decodePem(ca.key), ALGORITHM, false, ['sign']);
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [first.slice(0, LONGEST_COMMON_NAME)] }],
    issuer: authority.subject,
    ...validity(clock, LEAF_LIFE),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authorityKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(names)].map((value): x509.JsonGeneralName => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const cert = pem(certificate);
  return { cert, key: await privatePem(keys.privateKey), chain: cert + normalised(ca.cert) };
}

/** The DNS names and IP addresses a certificate speaks for, in its own order. */
export function certificateNames(certPem: string): string[] {
  const certificate = new x509.X509Certificate(certPem);
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter(name => name.type === 'dns' || name.type === 'ip').map(name => name.value);
}

/** The last moment a certificate is valid. Throws when `certPem` is no certificate. */
export function certificateExpiry(certPem: string): Instant {
  return instant(new NodeCertificate(certPem).validToDate.getTime());
}

/** SHA-256 over the DER of the (first) certificate, 32 bytes. Throws when `certPem` is no certificate. */
export function certificateFingerprint(certPem: string): Buffer {
  return createHash('sha256').update(new NodeCertificate(certPem).raw).digest();
}

/** The certificates of a PEM text, each on its own. Throws when there is none, or one does not parse. */
export function splitPem(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TypeError('there is no PEM certificate in this text');
  return blocks.map(block => new NodeCertificate(block).toString());
}

function makeKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(clock: Clock, life: Duration) {
  const notBefore = plus(clock.now(), -DAY as Duration);
  return { notBefore: new Date(notBefore), notAfter: new Date(plus(notBefore, life)) };
}

/** 127 random bits, positive (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function pem(certificate: x509.X509Certificate): string {
  return normalised(certificate.toString('pem'));
}

function normalised(text: string): string {
  return `${text.trim()}\n`;
}

async function privatePem(key: CryptoKey): Promise<string> {
  const der = await crypto.subtle.exportKey('pkcs8', key);
  return normalised(x509.PemConverter.encode(der, 'PRIVATE KEY'));
}

function decodePem(text: string): ArrayBuffer {
  return x509.PemConverter.decodeFirst(text);
}
