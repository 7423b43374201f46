/** A server's own CA, made at its first start, and the certificate it serves with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../contract/values/clock.ts';
import { hours, plus } from '../contract/values/time.ts';
import { type Ca, certificateExpiry, certificateNames, issueLeaf, makeCa, splitPem } from './certificates.ts';
import { writeOnce, writeWhole } from './key-file.ts';
import { ensureWritableDir, errorCode } from './start-error.ts';

export type OwnCertificate = { caPem: string; key: string; chain: string };

const RENEW_BEFORE = hours(24 * 30);

/**
 * Reads or makes `ca.pem` + `ca.key`, and `server.pem` (with the CA behind it) + `server.key` in `dir`. The certificate is
 * made anew when it lacks one of `names` (DNS names and addresses, lower case) or ends within 30 days.
 */
export async function loadCertificate(options: {
  dir: string;
  commonName: string;
  names: string[];
  clock: Clock;
}): Promise<OwnCertificate> {
  const { dir, names, clock } = options;
  await ensureWritableDir(dir);
  const ca = await loadCa(dir, options.commonName, clock);
  const chainFile = join(dir, 'server.pem');
  const keyFile = join(dir, 'server.key');
  const before = { chain: await readText(chainFile), key: await readText(keyFile) };
  if (before.chain !== null && before.key !== null && isGood(before.chain, ca, names, clock)) {
    return { caPem: ca.cert, chain: before.chain, key: before.key };
  }
  const leaf = await issueLeaf(ca, names, clock);
  await writeWhole(keyFile, leaf.key, 0o600);
  await writeWhole(chainFile, leaf.chain, 0o644);
  return { caPem: ca.cert, chain: leaf.chain, key: leaf.key };
}

async function loadCa(dir: string, commonName: string, clock: Clock): Promise<Ca> {
  // One file holds both, so that a crash cannot leave a certificate without its key; the copy is for people.
  const bothFile = join(dir, 'ca.key');
  if ((await readText(bothFile)) === null) {
    const made = await makeCa(commonName, clock);
    await writeOnce(bothFile, made.cert + made.key, 0o600);
  }
  const text = (await readText(bothFile)) ?? '';
  const cert = splitPem(text)[0];
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/.exec(text)?.[0];
  if (cert === undefined || key === undefined) throw new Error(`${bothFile} does not hold a certificate and its key`);
  await writeWhole(join(dir, 'ca.pem'), cert, 0o644);
  return { cert, key: `${key}\n` };
}

function isGood(chain: string, ca: Ca, names: readonly string[], clock: Clock): boolean {
  try {
    const [leaf, issuer] = splitPem(chain);
    if (leaf === undefined || issuer !== ca.cert) return false;
    const has = new Set(certificateNames(leaf).map(plainAddress));
    const isEnough = names.every(name => has.has(plainAddress(name)));
    return isEnough && certificateExpiry(leaf) > plus(clock.now(), RENEW_BEFORE);
  } catch {
    return false;
  }
}

/** IPv6 addresses have many spellings; a URL knows one. */
function plainAddress(name: string): string {
  return name.includes(':') && URL.canParse(`https://[${name}]`) ? new URL(`https://[${name}]`).hostname : name;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
