/** Where central is: LINTEL_CENTRAL_URL, else a provisioning file beside the program, in the data directory or on a stick. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { LicenceKey } from '../contract/values/licence-key.ts';
import { splitPem } from './certificates.ts';
import { errorCode } from './start-error.ts';

export const DEFAULT_CENTRAL_PORT = 4300;
export const PROVISIONING_FILE = 'lintel-panel.json';
const LARGEST_FILE = 256 * 1024;
/** Where desktops and auto-mounters hang removable disks: below these, one or two levels deep. */
const MOUNT_ROOTS = ['/media', '/run/media', '/mnt'];

export type CentralAddress = { kind: 'address'; url: string } | { kind: 'invalid'; why: string };

/**
 * What somebody typed, as an origin such as `https://central.local:4300`. Without a scheme the port is central's own;
 * with `https://` it is what the address says, as behind a reverse proxy. Anything but https is refused.
 */
export function normaliseCentralAddress(typed: string): CentralAddress {
  const text = typed.trim();
  if (text === '') return { kind: 'invalid', why: 'the address is empty' };
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (hasScheme && !/^https:\/\//i.test(text)) return { kind: 'invalid', why: 'the address must start with https://' };
  const url = URL.parse(hasScheme ? text : `https://${text}`);
  if (url === null || url.hostname === '') return { kind: 'invalid', why: `not an address: ${text.slice(0, 100)}` };
  if (url.username !== '' || url.password !== '') {
    return { kind: 'invalid', why: 'the address must not hold a user name or password' };
  }
  // `:443` typed out must survive, though URL drops it as the scheme's default.
  const hasPort = hasScheme || url.port !== '' || /:\d+(?=[/?#]|$)/.test(text.replace(/^\[[^\]]*\]/, ''));
  if (!hasPort) url.port = String(DEFAULT_CENTRAL_PORT);
  return { kind: 'address', url: url.origin };
}

const Provisioning = v.object(
  {
    central: v.string('"central" must be the address of central'),
    ca: v.optional(v.nullable(v.pipe(v.string(), v.check(isPem, '"ca" must be a PEM certificate'))), null),
    licenceKey: v.optional(v.nullable(LicenceKey), null),
  },
  'must be an object that holds "central", the address of central',
);

export type FoundCentral = {
  kind: 'found';
  url: string;
  /** PEM of the CA to pin, when the file brought one. */
  ca: string | null;
  licenceKey: LicenceKey | null;
  /** `LINTEL_CENTRAL_URL` or the path of the file. */
  from: string;
  problems: string[];
};
/** `problems`: what was found but could not be used, one sentence each, for the log and the glass. */
export type CentralSearch = FoundCentral | { kind: 'none'; problems: string[] };

/** Looks in the environment, then in `dirs` in their order, then on mounted sticks. Reads only. */
export async function findCentral(
  env: Record<string, string | undefined>,
  dirs: readonly string[],
  mountRoots: readonly string[] = MOUNT_ROOTS,
): Promise<CentralSearch> {
  const problems: string[] = [];
  const fromEnv = env.LINTEL_CENTRAL_URL?.trim() ?? '';
  if (fromEnv !== '') {
    const address = normaliseCentralAddress(fromEnv);
    if (address.kind === 'address') {
      return { kind: 'found', url: address.url, ca: null, licenceKey: null, from: 'LINTEL_CENTRAL_URL', problems };
    }
    problems.push(`LINTEL_CENTRAL_URL: ${address.why}`);
  }
  for (const dir of [...dirs, ...(await mountedDirs(mountRoots))]) {
    const path = join(dir, PROVISIONING_FILE);
    const file = await readProvisioning(path);
    if (file.kind === 'found') return { ...file, from: path, problems };
    if (file.kind === 'bad') problems.push(`${path}: ${file.why}`);
  }
  return { kind: 'none', problems };
}

type ProvisioningFile =
  | { kind: 'found'; url: string; ca: string | null; licenceKey: LicenceKey | null }
  | { kind: 'bad'; why: string }
  | { kind: 'absent' };

async function readProvisioning(path: string): Promise<ProvisioningFile> {
  let text: string | null;
  try {
    text = await readSmall(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'bad', why: `cannot be read (${code ?? 'unknown error'})` };
  }
  if (text === null) return { kind: 'bad', why: `larger than ${LARGEST_FILE / 1024} KB` };
  let json: unknown;
  try {
    // Windows editors begin with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { kind: 'bad', why: 'is not JSON' };
  }
  const parsed = v.safeParse(Provisioning, json);
  if (!parsed.success) return { kind: 'bad', why: parsed.issues[0].message };
  const address = normaliseCentralAddress(parsed.output.central);
  if (address.kind === 'invalid') return { kind: 'bad', why: `"central": ${address.why}` };
  return { kind: 'found', url: address.url, ca: parsed.output.ca, licenceKey: parsed.output.licenceKey };
}

/** Null when it is too large. */
async function readSmall(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size > LARGEST_FILE) return null;
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function mountedDirs(roots: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const root of roots) {
    for (const first of await subdirectories(root)) {
      found.push(first, ...(await subdirectories(first)));
    }
  }
  return found;
}

async function subdirectories(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter(entry => entry.isDirectory()).map(entry => join(dir, entry.name));
}

function isPem(text: string): boolean {
  try {
    return splitPem(text).length > 0;
  } catch {
    return false;
  }
}
