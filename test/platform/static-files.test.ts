import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadStaticFiles, pickBody } from '../../src/platform/static-files.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-pages-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('files are served by type, hashed ones for ever, each in the encoding the client takes', async () => {
  const script = 'console.log("lintel");\n'.repeat(200);
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html>');
  await writeFile(join(dir, 'assets', 'main-Ab12Cd34.js'), script);
  await writeFile(join(dir, 'assets', 'inter-Ab12Cd34.woff2'), script);
  const files = await loadStaticFiles(dir);

  const page = files.lookup('/');
  expect(page).toBe(files.lookup('/index.html'));
  expect(page).toMatchObject({ type: 'text/html; charset=utf-8', cacheControl: 'no-cache', br: null });
  const main = files.lookup('/assets/main-Ab12Cd34.js');
  if (main === null) throw new Error('no script');
  expect(main.cacheControl).toContain('immutable');
  const br = pickBody(main, 'gzip, deflate, br, zstd');
  expect([br.encoding, brotliDecompressSync(br.body).toString()]).toEqual(['br', script]);
  const gzip = pickBody(main, 'gzip;q=0.5, br;q=0');
  expect([gzip.encoding, gunzipSync(gzip.body).toString()]).toEqual(['gzip', script]);
  expect(pickBody(main, undefined).encoding).toBe('identity');
  expect(files.lookup('/assets/inter-Ab12Cd34.woff2')).toMatchObject({ type: 'font/woff2', gzip: null, br: null });
  for (const path of ['/nothing', '/../index.html', '/assets', '//index.html']) expect(files.lookup(path)).toBeNull();
});

test('pages that were never built are named', async () => {
  await expect(loadStaticFiles(join(dir, 'nowhere'))).rejects.toMatchObject({ kind: 'missing-file' });
  await expect(loadStaticFiles(dir)).rejects.toMatchObject({ kind: 'missing-file' });
});
