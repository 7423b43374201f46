/** What must hold of every gallery state in a real browser, whoever visits it: the pictures' script and the tests. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** In the page, put there by `equip`. */
    goTo: typeof goTo;
    findSpills: typeof findSpills;
  }
}

/** Puts what is below into every document the page opens from now on. */
export const equip = (page: Page): Promise<unknown> =>
  page.addInitScript({ content: `window.goTo = ${goTo}; window.findSpills = ${findSpills};` });

/** Goes to a state (`free`, or `free?language=de`) and waits until it stands painted, as somebody would see it. */
export const showState = (page: Page, state: string): Promise<void> =>
  page.evaluate(async wanted => {
    await window.goTo(wanted);
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, state);

/** What spills in one state after the other; measuring needs no painting, so this is quick. */
export const spillsOf = (page: Page, states: readonly string[]): Promise<string[]> =>
  page.evaluate(async wanted => {
    const found: string[] = [];
    for (const state of wanted) {
      await window.goTo(state);
      found.push(...window.findSpills().map(spill => `${innerWidth} ${state}: ${spill}`));
    }
    return found;
  }, states);

async function goTo(state: string): Promise<void> {
  const hash = `#/${state}`;
  if (location.hash !== hash) {
    // The gallery listens for the same event, and has listened for longer.
    const isThere = new Promise(resolve => addEventListener('hashchange', resolve, { once: true }));
    location.hash = hash;
    await isThere;
  }
  await document.fonts.ready;
  // Typing comes in a task of its own, and what it changes in another.
  await new Promise(resolve => setTimeout(() => setTimeout(resolve)));
}

/** WCAG A and AA as far as axe can tell: contrast above all. */
export async function inaccessible(page: Page): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(await axeSource());
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

const axeSource = () => readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Elements with text that stick out of the glass or out of a box that hides the rest without an ellipsis. */
function findSpills(): string[] {
  const found: string[] = [];
  for (const button of document.querySelectorAll('#panel button')) {
    const { width, height } = button.getBoundingClientRect();
    if (height < 55.9 || width < 40) found.push(`too small to touch (${width} x ${height}): ${button.textContent}`);
  }
  // Said to a screen reader, shown to nobody; or an identified panel's name, which covers what is under it.
  const top = document.querySelector('.identify') ?? document.querySelector('#panel');
  for (const element of top?.querySelectorAll('*') ?? []) {
    if (!(element instanceof HTMLElement) || element.closest('.timeline, .rooms, svg, .for-readers')) continue;
    const hasText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
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
}
