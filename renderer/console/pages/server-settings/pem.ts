/** What pasting and uploading PEM gets wrong, said before anything is sent. */

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/;
const LOCKED_KEY = /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/;

/** Null: nothing to say. `isHeld`: an empty field keeps the stored one. */
export function certificateError(pem: string, isHeld: boolean): string | null {
  if (pem.trim() === '') return isHeld ? null : 'Certificate is missing';
  if (LOCKED_KEY.test(pem)) {
    return 'The private key has a passphrase. Take it off first, for example: openssl pkey -in app.pem -out open.pem';
  }
  if (!CERTIFICATE.test(pem)) {
    return 'No whole certificate in here. It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.';
  }
  if (!PRIVATE_KEY.test(pem)) return 'The private key is missing. Add it below the certificate.';
  return null;
}

/** The customer's own CAs: certificates only. */
export function extraCaError(pem: string): string | null {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    return 'This holds a private key. Paste certificates only, and treat that key as given away.';
  }
  if (pem.trim() !== '' && !CERTIFICATE.test(pem)) {
    return 'No whole certificate in here. It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.';
  }
  return null;
}

/** One text of several chosen files; null when one of them is no PEM (a .pfx, or DER). */
export async function readPem(files: readonly Blob[]): Promise<string | null> {
  const texts = await Promise.all(files.map(file => (file.size > LARGEST ? '' : file.text())));
  return texts.every(text => text.includes('-----BEGIN ')) ? texts.map(text => text.trim()).join('\n') : null;
}
const LARGEST = 50_000;
