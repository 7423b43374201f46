/**
 * Takes a picture of every gallery state, on a landscape, a portrait and a small panel, and fails when one of them
 * writes an error, breaks the page's security policy, lets text spill out of the glass, has a button too small for a
 * finger or breaks one of axe's WCAG A and AA rules.
 *   node test/renderer/gallery-screenshots.ts <out dir> [part of a state's name] [1024x600 ...] [?language=de&theme=dark]
 * The last puts another look on every state.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../support/chromium.ts';
import { equip, inaccessible, showState } from './gallery-checks.ts';
import { serveStatic } from './serve-static.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GALLERY = `${ROOT}dist/renderer/gallery`;

const [out, ...rest] = process.argv.slice(2);
if (!out) throw new Error('say where the pictures should go');
const sizes = rest.filter(arg => /^\d+x\d+$/.test(arg));
const look = rest.find(arg => arg.startsWith('?')) ?? '';
const wanted = rest.find(arg => arg !== look && !/^\d+x\d+$/.test(arg)) ?? '';

if (!existsSync(`${GALLERY}/index.html`)) build();
await mkdir(out, { recursive: true });
const server = await serveStatic(GALLERY);
const browser = await chromium.launch(CHROMIUM);
const problems: string[] = [];
try {
  for (const size of sizes.length > 0 ? sizes : ['1280x800', '800x1280', '800x480']) await visitAll(size);
} finally {
  await browser.close();
  await server.stop();
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function visitAll(size: string) {
  const [width = 1280, height = 800] = size.split('x').map(Number);
  const page = await browser.newPage({ viewport: { width, height } });
  const context = () => `${size} ${new URL(page.url()).hash}`;
  page.on('console', message => message.type() === 'error' && problems.push(`${context()}: ${message.text()}`));
  page.on('pageerror', error => problems.push(`${context()}: ${error.message}`));
  await equip(page);
  await page.goto(server.url);
  const names = await page.evaluate(() => window.galleryStates ?? []);
  const visited = names.filter(name => name.includes(wanted));
  for (const name of visited) {
    await showState(page, `${name}${look}`);
    problems.push(...(await page.evaluate(() => window.findSpills())).map(spill => `${context()}: ${spill}`));
    problems.push(...(await inaccessible(page)).map(rule => `${context()}: ${rule}`));
    await page.screenshot({ path: `${out}/${name}-${size}.png` });
  }
  console.log(`${size}: ${visited.length} states`);
  await page.close();
}

function build() {
  const run = spawnSync(
    process.execPath,
    [`${ROOT}node_modules/vite/bin/vite.js`, 'build', '--config', 'build/vite.config.ts'],
    {
      cwd: ROOT,
      env: { ...process.env, LINTEL_PAGE: 'gallery' },
      stdio: 'inherit',
    },
  );
  if (run.status !== 0) throw new Error('the gallery could not be built');
}
