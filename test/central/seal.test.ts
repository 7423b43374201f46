import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSecretKey, makeSealer, SealError } from '../../src/central/store/seal.ts';

const key = Buffer.alloc(32, 1);
const sealer = makeSealer(key);
const place = { table: 'settings', column: 'sealed_client_secret', row: 'default' };

test('opens what it sealed, and never seals alike twice', () => {
  const sealed = sealer.seal('grüße', place);
  expect(sealer.open(sealed, place)).toBe('grüße');
  expect(sealer.seal('grüße', place)).not.toBe(sealed);
  expect(sealed).not.toContain('gr');
});

test.each([
  ['row', { ...place, row: 'other' }],
  ['column', { ...place, column: 'sealed_cache' }],
  ['table', { ...place, table: 'grants' }],
])('a sealed text moved to another %s does not open', (_what, elsewhere) => {
  expect(() => sealer.open(sealer.seal('secret', place), elsewhere)).toThrow(SealError);
});

test('a changed text, another key, a cut text and nonsense do not open', () => {
  const sealed = sealer.seal('secret', place);
  const [version, id, body = ''] = sealed.split('.');
  for (let at = 0; at < body.length; at += 5) {
    const changed = body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1);
    expect(() => sealer.open(`${version}.${id}.${changed}`, place)).toThrow(SealError);
  }
  expect(() => makeSealer(Buffer.alloc(32, 2)).open(sealed, place)).toThrow(/another|key/);
  expect(() => sealer.open(sealed.slice(0, -4), place)).toThrow(SealError);
  expect(() => sealer.open('', place)).toThrow(SealError);
  expect(() => sealer.open('v1.x.', place)).toThrow(SealError);
});

test('the key is made once, for its owner alone, and a file that is none is named', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lintel-key-'));
  const file = join(dir, 'secret.key');
  const [first, second] = await Promise.all([loadSecretKey(file), loadSecretKey(file)]);
  expect(first).toEqual(second);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  await writeFile(file, 'garbage');
  await expect(loadSecretKey(file)).rejects.toMatchObject({ kind: 'bad-setting' });
  await expect(loadSecretKey(join(dir, 'missing', 'secret.key'))).rejects.toMatchObject({ kind: 'missing-file' });
  await rm(dir, { recursive: true });
});
