/** Every check and every test, and one line at the end that counts them. Arguments go to vitest. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = name => join('node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const run = (title, command, args) => {
  console.log(`\n== ${title}`);
  // The bundled Node goes first, so that every tool's own `node` is this one.
  const PATH = `${join(process.cwd(), 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, PATH } }).status === 0;
};

const isWhole = process.argv.length === 2;
const counts = { passed: 0, failed: 0, skipped: 0 };
const count = isOk => {
  counts[isOk ? 'passed' : 'failed'] += 1;
};

if (isWhole) {
  count(run('lint and format', bin('biome'), ['check', '--config-path=build/lint.json', '.']));
  count(run('types', bin('tsc'), ['-p', '.']));
}

const dir = mkdtempSync(join(tmpdir(), 'lintel-tests-'));
const report = join(dir, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const isGreen = run('tests', bin('vitest'), [
  'run',
  '--config',
  'build/vitest.config.ts',
  ...reporters,
  ...process.argv.slice(2),
]);
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  counts.passed += numPassedTests;
  counts.failed += numFailedTests;
  counts.skipped += numPendingTests + numTodoTests;
  const skipped = testResults
    .flatMap(file => file.assertionResults)
    .filter(test => test.status === 'pending' || test.status === 'skipped' || test.status === 'todo');
  if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map(test => `  ${test.fullName}`).join('\n')}`);
  // A file that could not even be loaded counts no test, and must not pass for that.
  if (!isGreen && numFailedTests === 0) counts.failed += 1;
} catch {
  counts.failed += 1;
}
rmSync(dir, { recursive: true, force: true });

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
