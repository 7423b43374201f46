/**
 * Small files written whole: temporary file, fsync, rename, fsync of the directory. Each starts with a line that holds
 * the length and hash of the rest, so that a truncated or scribbled file is known as such and put aside, never believed.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRead, Files, FileWritten, Log } from '../agent/ports.ts';
import { errorCode } from './start-error.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{0,100}$/i;
const HEADER = /^lintel-file 1 (\d+) ([0-9a-f]{64})$/;
/** How many files put aside are kept per name. */
const KEPT = 3;
/** Not the file's fault: putting it aside would lose good data. */
const OUR_OWN_SHORTAGE = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** One process per directory (see lock.ts). Calls for one name run one after the other. */
export function makeFiles(dir: string, log?: Log): Files {
  const queues = new Map<string, Promise<unknown>>();

  function inTurn<T>(name: string, task: () => Promise<T>): Promise<T> {
    if (!NAME.test(name)) throw new RangeError(`not a file name: ${JSON.stringify(name)}`);
    const turn = (queues.get(name) ?? Promise.resolve()).then(task, task);
    queues.set(name, turn);
    const forget = () => {
      if (queues.get(name) === turn) queues.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  }

  async function setAside(name: string, why: string): Promise<void> {
    const aside = await asideNames(dir, name);
    const next = `${name}.bad-${Math.max(0, ...aside.map(entry => entry.counter)) + 1}`;
    try {
      await rename(join(dir, name), join(dir, next));
      for (const old of aside.slice(0, Math.max(0, aside.length - (KEPT - 1)))) await rm(join(dir, old.name));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') log?.error('set-aside-failed', { name, why, code: errorCode(error) });
      return;
    }
    log?.warn('file-set-aside', { name, why, as: next });
  }

  async function removeAside(name: string): Promise<void> {
    for (const aside of await asideNames(dir, name)) await rm(join(dir, aside.name), { force: true });
  }

  async function readOne(name: string): Promise<FileRead> {
    let raw: Buffer;
    try {
      raw = await readFile(join(dir, name));
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT') return { kind: 'absent' };
      if (code === null || OUR_OWN_SHORTAGE.has(code)) throw error;
      const why = `cannot be read (${code})`;
      await setAside(name, why);
      return { kind: 'set-aside', why };
    }
    const unsealed = unwrap(raw);
    if (unsealed.kind === 'bad') {
      await setAside(name, unsealed.why);
      return { kind: 'set-aside', why: unsealed.why };
    }
    return { kind: 'read', text: unsealed.text };
  }

  return {
    read: name => inTurn(name, () => readOne(name)),
    write: (name, text) => inTurn(name, () => writeWhole(dir, name, text)),
    setAside: (name, why) => inTurn(name, () => setAside(name, why)),
    remove: name =>
      inTurn(name, async () => {
        await rm(join(dir, name), { force: true });
        await removeAside(name);
      }),
    removeSetAside: name => inTurn(name, () => removeAside(name)),
  };
}

async function writeWhole(dir: string, name: string, text: string): Promise<FileWritten> {
  const temporary = join(dir, `.${name}.tmp`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(wrap(text));
      await file.sync();
    } finally {
      await file.close();
    }
    // A left-over temporary file keeps its old mode.
    await chmod(temporary, 0o600);
    await rename(temporary, join(dir, name));
    await syncDirectory(dir);
    return { kind: 'written' };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return { kind: 'failed', ...explain(error) };
  }
}

function explain(error: unknown): { why: 'disk-full' | 'not-writable' | 'io'; detail: string } {
  const code = errorCode(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { why: 'disk-full', detail };
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return { why: 'not-writable', detail };
  return { why: 'io', detail };
}

/** Makes the rename itself durable. Windows knows no such thing. */
async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function wrap(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from(`lintel-file 1 ${body.length} ${sha256(body)}\n`, 'ascii'), body]);
}

function unwrap(raw: Buffer): { kind: 'good'; text: string } | { kind: 'bad'; why: string } {
  if (raw.length === 0) return { kind: 'bad', why: 'empty' };
  const end = raw.indexOf(0x0a);
  const header = end < 0 ? null : HEADER.exec(raw.toString('latin1', 0, end));
  if (header === null) return { kind: 'bad', why: 'not one of our files' };
  const body = raw.subarray(end + 1);
  if (body.length < Number(header[1])) return { kind: 'bad', why: 'truncated' };
  if (sha256(body) !== header[2]) return { kind: 'bad', why: 'damaged' };
  return { kind: 'good', text: body.toString('utf8') };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Oldest first. */
async function asideNames(dir: string, name: string): Promise<{ name: string; counter: number }[]> {
  const prefix = `${name}.bad-`;
  const entries = await readdir(dir).catch(() => []);
  return entries
    .filter(entry => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .map(entry => ({ name: entry, counter: Number(entry.slice(prefix.length)) }))
    .sort((a, b) => a.counter - b.counter);
}
