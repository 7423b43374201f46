import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockDataDir } from '../../src/platform/lock.ts';

test('one process per data directory; the other is named; a killed one leaves nothing behind', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lintel-lock-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-holder.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  await symlink(dir, `${dir}-link`);
  for (const same of [dir, `${dir}/`, `${dir}-link`]) {
    await expect(lockDataDir(same)).rejects.toMatchObject({
      kind: 'already-running',
      message: expect.stringContaining(`process ${child.pid}`),
    });
  }
  const other = await mkdtemp(join(tmpdir(), 'lintel-lock-'));
  await (await lockDataDir(other)).release();

  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await lockDataDir(dir);
  await expect(lockDataDir(dir)).rejects.toMatchObject({ kind: 'already-running' });
  await lock.release();
  await (await lockDataDir(dir)).release();
  for (const path of [dir, `${dir}-link`, other]) await rm(path, { recursive: true });
});
