/** What the panel remembers from before. Garbage is put aside and reported; it never stops a panel from starting. */
import * as v from 'valibot';
import { Memory, Snapshot } from '../core/remembered.ts';
import type { Files, Log } from './ports.ts';

export const MEMORY_FILE = 'panel.json';
export const SNAPSHOT_FILE = 'snapshot.json';

export async function recall(files: Files, log: Log) {
  const memory = await readOne(files, log, MEMORY_FILE, Memory);
  const snapshot = await readOne(files, log, SNAPSHOT_FILE, Snapshot);
  return {
    memory: memory.value,
    snapshot: snapshot.value,
    isSnapshotSetAside: memory.isSetAside || snapshot.isSetAside,
  };
}

async function readOne<T>(files: Files, log: Log, name: string, schema: v.GenericSchema<unknown, T>) {
  const read = await files.read(name);
  if (read.kind === 'absent') return { value: null, isSetAside: false };
  if (read.kind === 'set-aside') {
    log.error('file-set-aside', { name, why: read.why });
    return { value: null, isSetAside: true };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), read.text);
  if (parsed.success) return { value: parsed.output, isSetAside: false };
  const where = parsed.issues[0] ? (v.getDotPath(parsed.issues[0]) ?? 'the whole') : 'the whole';
  await files.setAside(name, `does not parse at ${where}`);
  log.error('file-set-aside', { name, why: `does not parse at ${where}` });
  return { value: null, isSetAside: true };
}
