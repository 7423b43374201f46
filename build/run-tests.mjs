/** Every check and every test, and one line at the end that counts them. Arguments go to vitest. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whatever reckons with times is tested again where the machine's own clock is half an hour off, and across the date line. */
const OTHER_ZONES = ['America/St_Johns', 'Pacific/Apia'];
const RECKONS_WITH_TIMES = ['agent', 'calendar', 'contract', 'core', 'demo', 'values', 'zones'];
const FEWER_LIVES = '1000';

const bin = name => join('node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const run = (title, command, args, env = {}) => {
  console.log(`\n== ${title}`);
  // The bundled Node goes first, so that every tool's own `node` is this one.
  const PATH = `${join(process.cwd(), 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env, PATH } }).status === 0;
};

const counts = { passed: 0, failed: 0, skipped: 0 };
const count = isOk => {
  counts[isOk ? 'passed' : 'failed'] += 1;
};

function runTests(title, args, env) {
  const dir = mkdtempSync(join(tmpdir(), 'lintel-tests-'));
  const report = join(dir, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isGreen = run(title, bin('vitest'), ['run', '--config', 'build/vitest.config.ts', ...reporters, ...args], env);
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
}

const isWhole = process.argv.length === 2;
if (isWhole) {
  count(run('lint and format', bin('biome'), ['check', '--config-path=build/lint.json', '.']));
  count(run('types', bin('tsc'), ['-p', '.']));
}
// It takes both cores for itself, and is promised by the clock.
const SIMULATION = 'test/simulation/';
runTests('tests', isWhole ? ['--exclude', `${SIMULATION}**`] : process.argv.slice(2), {});
if (isWhole) {
  runTests('simulation', [SIMULATION, '--no-file-parallelism'], {});
  for (const TZ of OTHER_ZONES) {
    const folders = RECKONS_WITH_TIMES.map(name => `test/${name}/`);
    runTests(`tests that reckon with times, TZ=${TZ}`, folders, { TZ, LINTEL_LIVES: FEWER_LIVES });
  }
}

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
