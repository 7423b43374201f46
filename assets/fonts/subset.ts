/**
 * Cuts Inter (SIL Open Font Licence, see LICENSE beside this file) down to what the pages write: Latin for the interface,
 * Latin Extended-A for names. Both axes stay, weight from 400 to 700. Run after updating the font:
 *   node assets/fonts/subset.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import subsetFont from 'subset-font';

const SOURCE = new URL('../../node_modules/@fontsource-variable/inter/files/', import.meta.url);
const TARGET = new URL('./', import.meta.url);

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

const latin = `${range(0x20, 0x7e)}${range(0xa0, 0xff)}ıŒœ–—‘’‚“”„†•…‹›€™−`;
const latinExtended = `${range(0x100, 0x17f)}ȘșȚțẞ`;

// Tabular figures for clocks and codes, case-sensitive punctuation for 14:00–15:00, and what text needs anyway.
const keepFeatures = ['kern', 'mark', 'mkmk', 'ccmp', 'locl', 'calt', 'tnum', 'case', 'zero', 'ss01'];
const variationAxes = { wght: { min: 400, max: 700 } };

for (const [name, text] of [
  ['latin', latin],
  ['latin-ext', latinExtended],
] as const) {
  const whole = await readFile(new URL(`inter-${name}-opsz-normal.woff2`, SOURCE));
  const cut = await subsetFont(whole, text, { targetFormat: 'woff2', keepFeatures, variationAxes });
  await writeFile(new URL(`inter-${name}.woff2`, TARGET), cut);
  process.stdout.write(`inter-${name}.woff2: ${whole.length} -> ${cut.length} bytes\n`);
}
