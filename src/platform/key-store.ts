/** Where the panel's private key lives: the OS keychain, or a file sealed under a machine-bound key. */
import { createHash, randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import type { Files, Log } from '../agent/ports.ts';
import type { Keychain } from './keychain.ts';
import { seal, unseal } from './seal.ts';

export type KeyStoreKind = 'keychain' | 'sealed-file';
export type Loaded =
  | { kind: 'loaded'; secret: string; store: KeyStoreKind }
  | { kind: 'absent' }
  /** A key is there but cannot be had just now; making a new one would throw the pairing away. */
  | { kind: 'locked'; detail: string };
export type Stored = { kind: 'stored'; store: KeyStoreKind } | { kind: 'failed'; detail: string };

export interface KeyStore {
  /** `expected`: where the key was put last time, null when nobody remembers. */
  load(expected: KeyStoreKind | null): Promise<Loaded>;
  store(secret: string): Promise<Stored>;
}

const FILE = 'identity-key';
const SALT_FILE = 'identity-salt';
const PURPOSE = 'lintel panel identity key';
const ACCOUNT = 'identity-key';

/** `keychain` null: do not use one. */
export function makeKeyStore(options: {
  dataDir: string;
  files: Files;
  keychain: Keychain | null;
  machineId: string | null;
  log: Log;
}): KeyStore {
  const { files, keychain, machineId, log } = options;

  /** The directory is part of the name, so that two panels of one user on one machine do not share a key. */
  async function service(): Promise<string> {
    const dir = await realpath(options.dataDir);
    return `lintel-panel-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`;
  }

  async function fromKeychain(): Promise<Loaded> {
    if (keychain === null) return { kind: 'absent' };
    const answer = await keychain.get(await service(), ACCOUNT);
    if (answer.kind === 'absent') return { kind: 'locked', detail: answer.detail };
    return answer.value === null ? { kind: 'absent' } : { kind: 'loaded', secret: answer.value, store: 'keychain' };
  }

  async function fromFile(): Promise<Loaded> {
    const file = await files.read(FILE);
    if (file.kind === 'absent') return { kind: 'absent' };
    if (file.kind === 'set-aside') {
      log.warn('identity-key-set-aside', { why: file.why });
      return { kind: 'absent' };
    }
    const salt = await files.read(SALT_FILE);
    const opened =
      salt.kind === 'read'
        ? unseal(file.text, machineId, Buffer.from(salt.text, 'hex'), PURPOSE)
        : { kind: 'foreign' as const, why: 'its salt is missing' };
    if (opened.kind === 'opened') return { kind: 'loaded', secret: opened.text, store: 'sealed-file' };
    if (opened.kind === 'no-machine-id') {
      return { kind: 'locked', detail: 'this machine does not tell its machine id, under which the key is sealed' };
    }
    log.warn('identity-key-set-aside', { why: opened.why });
    await files.setAside(FILE, opened.why);
    return { kind: 'absent' };
  }

  async function intoFile(secret: string): Promise<Stored> {
    const salt = randomBytes(32);
    const saltWritten = await files.write(SALT_FILE, salt.toString('hex'));
    const written =
      saltWritten.kind === 'written' ? await files.write(FILE, seal(secret, machineId, salt, PURPOSE)) : saltWritten;
    return written.kind === 'written' ? { kind: 'stored', store: 'sealed-file' } : written;
  }

  return {
    async load(expected) {
      const inKeychain = expected === 'sealed-file' ? { kind: 'absent' as const } : await fromKeychain();
      if (inKeychain.kind === 'loaded') return inKeychain;
      if (expected === 'keychain') return inKeychain;
      // Nobody knows of a key in the keychain, so a keychain that does not answer holds none of ours.
      return fromFile();
    },
    async store(secret) {
      if (keychain !== null) {
        const name = await service();
        const set = await keychain.set(name, ACCOUNT, secret);
        const back = set.kind === 'ok' ? await keychain.get(name, ACCOUNT) : set;
        if (back.kind === 'ok' && back.value === secret) return { kind: 'stored', store: 'keychain' };
        log.info('keychain-absent', { detail: back.kind === 'absent' ? back.detail : 'it did not keep the key' });
      }
      return intoFile(secret);
    },
  };
}
