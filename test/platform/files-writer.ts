/** Run by files.test.ts and killed at a random moment: writes growing generations of one file for ever. */
import { makeFiles } from '../../src/platform/files.ts';

const files = makeFiles(process.argv[2] ?? '');
for (let generation = 1; ; generation++) {
  const written = await files.write('snapshot', JSON.stringify({ generation, filler: 'x'.repeat(50_000) }));
  if (written.kind === 'written') process.stdout.write(`${generation}\n`);
}
