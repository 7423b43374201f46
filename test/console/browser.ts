/** The built console and the system's Chromium, for tests and screenshots. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Builds the console as shipped, into a folder of its own, so that a test never sees an old build. */
export async function buildConsole(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'lintel-console-'));
  process.env.LINTEL_PAGE = 'console';
  await build({ configFile: 'build/vite.config.ts', logLevel: 'error', build: { outDir } });
  return outDir;
}
