/** A self-signed certificate, as an admin makes it for an app and uploads its public half to Entra ID. */
import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';

export type MadeCertificate = { pem: string; privateKey: string; thumbprintSha256: string };

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function makeAppCertificate(
  options: { notAfter?: Date; kind?: 'rsa' | 'ec'; name?: string } = {},
): Promise<MadeCertificate> {
  const algorithm = options.kind === 'ec' ? EC : RSA;
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${options.name ?? 'Lintel'}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 400 * 86_400_000),
    notAfter: options.notAfter ?? new Date(Date.now() + 365 * 86_400_000),
  });
  const thumbprintSha256 = Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex');
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { pem: certificate.toString('pem'), thumbprintSha256, privateKey };
}
