/**
 * Takes a picture of every gallery state, on a landscape and a portrait panel, and fails when one of them writes an error,
 * breaks the page's security policy, lets text spill out of the glass, has a button too small for a finger or breaks
 * one of axe's WCAG A and AA rules.
 *   node test/renderer/gallery-screenshots.ts <out dir> [part of a state's name] [1024x600 ...]
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM } from '../support/chromium.ts';
import { serveStatic } from './serve-static.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GALLERY = `${ROOT}dist/renderer/gallery`;

const [out, ...rest] = process.argv.slice(2);
if (!out) throw new Error('say where the pictures should go');
const sizes = rest.filter(arg => /^\d+x\d+$/.test(arg));
const wanted = rest.find(arg => !/^\d+x\d+$/.test(arg)) ?? '';

if (!existsSync(`${GALLERY}/index.html`)) build();
await mkdir(out, { recursive: true });
const server = await serveStatic(GALLERY);
const browser = await chromium.launch(CHROMIUM);
const problems: string[] = [];
const axeSource = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
try {
  for (const size of sizes.length > 0 ? sizes : ['1280x800', '800x1280']) await visitAll(size);
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
  await page.goto(server.url);
  const names = await page.evaluate(() => window.galleryStates ?? []);
  const visited = names.filter(name => name.includes(wanted));
  for (const name of visited) {
    await page.evaluate(async hash => {
      location.hash = hash;
      while (document.documentElement.dataset.shown !== hash.slice(2)) await new Promise(requestAnimationFrame);
      await document.fonts.ready;
    }, `#/${name}`);
    // Typing comes after the first paint.
    await page.waitForTimeout(60);
    problems.push(...(await spills(page)).map(spill => `${context()}: ${spill}`));
    problems.push(...(await inaccessible(page)).map(rule => `${context()}: ${rule}`));
    await page.screenshot({ path: `${out}/${name}-${size}.png` });
  }
  console.log(`${size}: ${visited.length} states`);
  await page.close();
}

/** WCAG A and AA as far as axe can tell: contrast above all. */
async function inaccessible(page: Page): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe: typeof import('axe-core') = Reflect.get(window, 'axe');
    // A panel neither zooms nor scrolls: that is what it is.
    const rules = { 'meta-viewport': { enabled: false }, 'scrollable-region-focusable': { enabled: false } };
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], rules });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html.slice(0, 90)} ${node.any[0]?.message ?? ''}`),
    );
  });
}

/** Elements with text that stick out of the glass or out of a box that hides the rest without an ellipsis. */
function spills(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const button of document.querySelectorAll('#panel button')) {
      const { width, height } = button.getBoundingClientRect();
      if (height < 55.9 || width < 40) found.push(`too small to touch (${width} x ${height}): ${button.textContent}`);
    }
    for (const element of document.querySelectorAll('#panel *')) {
      if (!(element instanceof HTMLElement) || element.closest('.timeline, .rooms, svg')) continue;
      const hasText = [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (!hasText) continue;
      const box = element.getBoundingClientRect();
      const name = `${element.tagName.toLowerCase()}.${element.className} "${element.textContent?.slice(0, 40)}"`;
      if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)
        found.push(`off the glass: ${name}`);
      const isCutCleanly = getComputedStyle(element).textOverflow === 'ellipsis';
      if (
        !isCutCleanly &&
        element.scrollWidth > element.clientWidth + 2 &&
        getComputedStyle(element).display !== 'inline'
      )
        found.push(`too wide: ${name}`);
      const button = element.closest('button')?.getBoundingClientRect();
      if (button && (box.left < button.left || box.right > button.right)) found.push(`wider than its button: ${name}`);
      // A neighbour drawn over the text's middle hides it.
      const hit = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, box.y + box.height / 2);
      if (box.width > 0 && hit && !element.contains(hit) && !hit.contains(element)) found.push(`covered: ${name}`);
    }
    return found;
  });
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
