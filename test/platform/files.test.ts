import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFiles } from '../../src/platform/files.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-files-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('what is written is read, in private files', async () => {
  const files = makeFiles(join(dir, 'data'));
  expect(await files.read('snapshot')).toEqual({ kind: 'absent' });
  expect(await files.write('snapshot', 'Grüße\n✓')).toEqual({ kind: 'written' });
  expect(await files.read('snapshot')).toEqual({ kind: 'read', text: 'Grüße\n✓' });
  expect((await stat(join(dir, 'data'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dir, 'data', 'snapshot'))).mode & 0o777).toBe(0o600);
  await files.remove('snapshot');
  await files.remove('snapshot');
  expect(await files.read('snapshot')).toEqual({ kind: 'absent' });
  expect(await files.write('empty', '')).toEqual({ kind: 'written' });
  expect(await files.read('empty')).toEqual({ kind: 'read', text: '' });
});

test('what was put aside goes when it is told to, and with the file itself', async () => {
  const files = makeFiles(dir);
  const names = async () => (await readdir(dir)).sort();
  for (const text of ['a', 'b']) {
    await files.write('snapshot', text);
    await files.setAside('snapshot', 'does not parse');
  }
  await files.write('snapshot', 'c');
  await files.write('panel', 'd');
  await files.setAside('panel', 'does not parse');
  expect(await names()).toEqual(['panel.bad-1', 'snapshot', 'snapshot.bad-1', 'snapshot.bad-2']);
  await files.removeSetAside('snapshot');
  expect(await names()).toEqual(['panel.bad-1', 'snapshot']);
  await files.setAside('snapshot', 'does not parse');
  await files.remove('snapshot');
  expect(await names()).toEqual(['panel.bad-1']);
});

test('writes land in the order they were asked for', async () => {
  const files = makeFiles(dir);
  await Promise.all(Array.from({ length: 30 }, (_, i) => files.write('snapshot', 'x'.repeat(3000 - i * 100) + i)));
  expect(await files.read('snapshot')).toEqual({ kind: 'read', text: 'x'.repeat(100) + 29 });
});

test('truncated at any length, or with any byte changed, a file is put aside and never believed', async () => {
  const files = makeFiles(dir);
  const path = join(dir, 'snapshot');
  await files.write('snapshot', '{"meetings":[]}');
  const whole = await readFile(path);
  for (let length = 0; length < whole.length; length++) {
    await writeFile(path, whole);
    await truncate(path, length);
    expect(await files.read('snapshot'), `cut to ${length}`).toMatchObject({ kind: 'set-aside' });
    expect(await files.read('snapshot')).toEqual({ kind: 'absent' });
    const damaged = Buffer.from(whole);
    damaged[length] = (damaged[length] ?? 0) ^ 0x20;
    await writeFile(path, damaged);
    // A hash written in capitals would be the same hash.
    expect(await files.read('snapshot'), `byte ${length}`).toMatchObject({ kind: 'set-aside' });
  }
  const left = (await readdir(dir)).sort();
  expect(left).toHaveLength(3);
  for (const name of left) expect(name).toMatch(/^snapshot\.bad-\d+$/);
});

test('a name cannot lead out of the directory', () => {
  const files = makeFiles(dir);
  for (const name of ['../x', 'a/b', '.hidden', '', 'x\0y']) expect(() => files.read(name)).toThrow(RangeError);
});

test('a directory in the way is told, not thrown', async () => {
  const files = makeFiles(dir);
  await mkdir(join(dir, 'snapshot'));
  expect(await files.write('snapshot', 'x')).toMatchObject({ kind: 'failed', why: 'io' });
  expect((await readdir(dir)).filter(name => name.endsWith('.tmp'))).toEqual([]);
});

test('killed at 24 random moments, the file is always whole and never older than what was acknowledged', async () => {
  for (let round = 0; round < 8; round++) {
    await Promise.all(
      Array.from({ length: 3 }, (_, i) =>
        killWhileWriting(join(dir, `${round}-${i}`), 20 + (((round * 3 + i) * 37) % 60)),
      ),
    );
  }
});

async function killWhileWriting(where: string, writingFor: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'files-writer.ts'), where], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let acknowledged = 0;
  await new Promise<void>(resolve => {
    child.stdout.on('data', (part: Buffer) => {
      if (acknowledged === 0) setTimeout(() => child.kill('SIGKILL'), writingFor);
      acknowledged = Number(part.toString().trim().split('\n').at(-1));
    });
    child.on('close', () => resolve());
  });
  const after = await makeFiles(where).read('snapshot');
  if (after.kind !== 'read') throw new Error(`${where}: ${after.kind}`);
  const { generation }: { generation: number } = JSON.parse(after.text);
  expect(generation).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(0);
}

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();
test.skipIf(!canMount)(
  'a full disk (a small tmpfs, needs root to mount) is reported and the old text survives',
  async () => {
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'lintel-test', dir]);
    try {
      const files = makeFiles(dir);
      expect(await files.write('snapshot', 'old')).toEqual({ kind: 'written' });
      expect(await files.write('snapshot', 'x'.repeat(300_000))).toMatchObject({ kind: 'failed', why: 'disk-full' });
      expect(await files.read('snapshot')).toEqual({ kind: 'read', text: 'old' });
      expect(await readdir(dir)).toEqual(['snapshot']);
      expect(await files.write('snapshot', 'new')).toEqual({ kind: 'written' });
      spawnSync('mount', ['-o', 'remount,ro', dir]);
      expect(await files.write('snapshot', 'x')).toMatchObject({ kind: 'failed', why: 'not-writable' });
    } finally {
      spawnSync('umount', [dir]);
    }
  },
);

function tryMount(): boolean {
  const probe = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k lintel-probe "$d" && umount "$d"; r=$?; rmdir "$d"; exit $r',
  ]);
  return probe.status === 0;
}
