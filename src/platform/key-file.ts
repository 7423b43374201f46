import { randomBytes } from 'node:crypto';
import { access, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './start-error.ts';

/** Writes a file only if it is not there yet, whole or not at all. Answers whether it was written. */
export async function writeOnce(file: string, text: string, mode: number): Promise<boolean> {
  if (await isThere(file)) return false;
  const temporary = await writeTemporary(file, text, mode);
  try {
    // Unlike rename, link fails when somebody else was first.
    await link(temporary, file);
    await syncDirectory(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces a file; a crash leaves the old text or the new one. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await rename(await writeTemporary(file, text, mode), file);
  await syncDirectory(file);
}

async function writeTemporary(file: string, text: string, mode: number): Promise<string> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

async function syncDirectory(file: string): Promise<void> {
  const handle = await open(dirname(file), 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
