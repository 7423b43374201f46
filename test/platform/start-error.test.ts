import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureWritableDir, listen, StartError } from '../../src/platform/start-error.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-start-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a port in use is named, with what to do about it', async () => {
  const first = createServer();
  const port = await listen(first, 0, '127.0.0.1');
  expect(port).toBeGreaterThan(0);
  const failed = await listen(createServer(), port, '127.0.0.1').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(StartError);
  expect(failed).toMatchObject({ kind: 'port-in-use', message: expect.stringContaining(String(port)) });
  expect(failed).toMatchObject({ mend: expect.stringContaining('LINTEL_PORT') });
  await new Promise(resolve => first.close(resolve));
});

test('an address of another machine is named', async () => {
  const failed = listen(createServer(), 0, '192.0.2.1');
  await expect(failed).rejects.toMatchObject({ kind: 'address-not-here' });
});

test('a data directory that cannot be one is named', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(ensureWritableDir(join(dir, 'file'))).rejects.toMatchObject({ kind: 'dir-not-writable' });
  await expect(ensureWritableDir(join(dir, 'file', 'below'))).rejects.toMatchObject({
    kind: 'dir-not-writable',
    message: expect.stringContaining('below'),
  });
  await ensureWritableDir(join(dir, 'new', 'deep'));
});
