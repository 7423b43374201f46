/** lintel licence: for the vendor, who signs licence files, and for whoever wants to read one. Needs no central and no network. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { licenceState, readLicence, readLicencePublicKey, signLicence } from '../central/domain/licence-file.ts';
import { newId } from '../central/random.ts';
import { type Instant, instant, toIso } from '../contract/values/time.ts';
import { Entitlement } from '../contract/wire/console.ts';
import { errorCode, StartError } from '../platform/start-error.ts';
import { makeSystemClock } from '../platform/system-clock.ts';
import type { Command, Values } from './command.ts';
import { UsageError } from './run-command.ts';

const HELP = `lintel licence: the vendor's licence files, signed and read offline

lintel licence new-key --key FILE   makes the vendor's key pair: FILE (keep it secret) and FILE.pub (for central)
lintel licence sign --key FILE --customer NAME --seats N [--expires DATE]   prints a licence file
lintel licence show --file FILE [--public-key FILE.pub]   prints what a licence file says, and whether it is the vendor's

  --key FILE         the vendor's private key
  --customer NAME    who bought it
  --seats N          how many panels may have a room
  --from DATE        first day it is valid, YYYY-MM-DD, from midnight UTC   (default: now)
  --expires DATE     first day it is no longer valid                        (default: it never ends)
  --grace-days N     how long panels go on after that                       (default: 30)
  --features LIST    names with commas between them
  --id TEXT          the licence's own number                               (default: a random one)
  --out FILE         write the licence file there instead of printing it
  -h, --help         this text
`;

type Work = (values: Values) => Promise<string>;
const WORK: Record<string, Work> = { 'new-key': newKey, sign, show };

export const licence = {
  name: 'licence',
  help: HELP,
  words: 2,
  options: {
    key: { type: 'string' },
    'public-key': { type: 'string' },
    file: { type: 'string' },
    customer: { type: 'string' },
    seats: { type: 'string' },
    from: { type: 'string' },
    expires: { type: 'string' },
    'grace-days': { type: 'string' },
    features: { type: 'string' },
    id: { type: 'string' },
    out: { type: 'string' },
  },
  async start(values: Values, [name = '', file]: readonly string[]) {
    const work = Object.hasOwn(WORK, name) ? WORK[name] : undefined;
    if (!work) throw new UsageError('say what to do: new-key, sign or show\nlintel licence --help tells more.');
    process.stdout.write(await work({ ...values, file: values.file ?? file }));
    return null;
  },
} satisfies Command;

async function newKey(values: Values): Promise<string> {
  const file = needed(values, 'key');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  // Never over one that is there: with it, every licence ever sold would go.
  await write(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  await write(`${file}.pub`, pem.toString(), 0o644);
  return `${pem}The private key is in ${file}. Keep it where nobody else can read it; central needs only ${file}.pub.\n`;
}

async function sign(values: Values): Promise<string> {
  const now = makeSystemClock().now();
  const parsed = v.safeParse(Entitlement, {
    licenceId: textOf(values, 'id') ?? newId(),
    customer: needed(values, 'customer'),
    seats: numberOf(values, 'seats', null),
    features: (textOf(values, 'features') ?? '').split(',').flatMap(name => (name.trim() === '' ? [] : [name.trim()])),
    notBefore: dateOf(values, 'from') ?? now,
    expires: dateOf(values, 'expires'),
    graceDays: numberOf(values, 'grace-days', 30),
  });
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new UsageError(`${v.getDotPath(issue) ?? 'licence'}: ${issue.message}`);
  }
  const entitlement = parsed.output;
  if (entitlement.expires !== null && entitlement.expires <= entitlement.notBefore) {
    throw new UsageError('the licence would end before it begins: look at --from and --expires');
  }
  const text = signLicence(entitlement, await privateKeyIn(needed(values, 'key')));
  const out = textOf(values, 'out');
  if (out === undefined) return text;
  await write(out, text, 0o644);
  return `${describe(entitlement)}It is in ${out}.\n`;
}

async function show(values: Values): Promise<string> {
  const text = await read(needed(values, 'file'));
  const keyFile = textOf(values, 'public-key');
  const isBelieved = keyFile === undefined ? null : readLicence(text, [publicKeyIn(await read(keyFile), keyFile)]);
  if (isBelieved?.kind === 'not-believed') {
    throw new StartError(
      'bad-setting',
      `this licence file is not believed: ${isBelieved.why}`,
      'Ask the vendor for it again.',
    );
  }
  const entitlement = isBelieved?.entitlement ?? unchecked(text);
  const state = licenceState(entitlement, makeSystemClock().now());
  const proof =
    isBelieved === null
      ? 'Its signature was not checked (name the vendor’s key with --public-key).'
      : 'Its signature is good.';
  return `${describe(entitlement)}Today it is: ${state.kind}. ${proof}\n`;
}

/** What a file says, whoever signed it. */
function unchecked(text: string): Entitlement {
  const payload = text.replaceAll(/[\s\uFEFF]/g, '').split('.')[1] ?? '';
  const json = Buffer.from(payload, 'base64url').toString();
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Entitlement), json);
  if (parsed.success) return parsed.output;
  throw new StartError('bad-setting', 'this is no licence file', 'Those begin with lintel-licence-v1.');
}

function describe({ licenceId, customer, seats, features, notBefore, expires, graceDays }: Entitlement): string {
  const until = expires === null ? 'for ever' : `until ${toIso(expires)}, then ${graceDays} days of grace`;
  const lines = [
    `Licence ${licenceId} for ${customer}`,
    `${seats} seats, from ${toIso(notBefore)} ${until}`,
    `Features: ${features.length === 0 ? 'none' : features.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function needed(values: Values, name: string): string {
  const value = textOf(values, name);
  if (value === undefined) throw new UsageError(`--${name} is missing\nlintel licence --help tells more.`);
  return value;
}

function numberOf(values: Values, name: string, usual: number | null): number {
  const text = usual === null ? needed(values, name) : (textOf(values, name) ?? String(usual));
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} must be a whole number`);
}

/** Midnight UTC: a licence ends everywhere at the same time. */
function dateOf(values: Values, name: string): Instant | null {
  const text = textOf(values, name);
  if (text === undefined) return null;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || toIso(instant(at)).slice(0, 10) !== text) {
    throw new UsageError(`--${name} must be a date as in 2027-01-31`);
  }
  return instant(at);
}

async function privateKeyIn(file: string): Promise<KeyObject> {
  const text = await read(file);
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, without what stood in the file.
  }
  throw new StartError('bad-setting', `${file} is no private Ed25519 key`, 'Make one with lintel licence new-key.');
}

function publicKeyIn(text: string, file: string): KeyObject {
  try {
    const key = text.includes('PRIVATE KEY') ? createPublicKey(text).export({ type: 'spki', format: 'pem' }) : text;
    return readLicencePublicKey(key.toString());
  } catch (error) {
    throw new StartError('bad-setting', `${file} is no Ed25519 key`, 'Name the .pub file of the vendor’s key.', error);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartError('bad-setting', `${file} cannot be read`, 'Check its name and its rights.', error);
  }
}

async function write(file: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(file, text, { mode, flag: 'wx' });
  } catch (error) {
    const why = errorCode(error) === 'EEXIST' ? 'is there already' : 'cannot be written';
    throw new StartError('bad-setting', `${file} ${why}`, 'Name another file.', error);
  }
}
