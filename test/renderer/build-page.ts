import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Builds one of the pages as the product does, into a folder of its own. */
export async function buildPage(page: 'panel' | 'gallery' | 'preview') {
  const folder = await mkdtemp(join(tmpdir(), `lintel-${page}-`));
  const vite = fileURLToPath(import.meta.resolve('vite')).replace(/dist.*$/, 'bin/vite.js');
  const args = [vite, 'build', '--config', 'build/vite.config.ts', '--outDir', folder, '--logLevel', 'error'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, LINTEL_PAGE: page } });
  const said: string[] = [];
  child.stderr.on('data', part => said.push(String(part)));
  const code = await new Promise(resolve => child.on('close', resolve));
  if (code !== 0) throw new Error(`the page ${page} does not build: ${said.join('')}`);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
