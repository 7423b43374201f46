/**
 * Sets up whatever is missing, then runs what was asked for: `node build/setup.mjs start|test|build|... [arguments]`.
 * Runs under any Node from 20 on, needs nothing installed, says one line a step, and does nothing twice.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const IS_WINDOWS = process.platform === 'win32';
const PAGES = ['panel', 'console', 'preview', 'gallery'];
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

class Missing extends Error {
  constructor(what, mend) {
    super(what);
    this.mend = mend;
  }
}

const say = line => process.stderr.write(`${line}\n`);
const here = (...parts) => join(ROOT, ...parts);

/** Runs a step; one line when it begins, a sign of life every two seconds, its last words when it fails. */
function step(title, command, args, { mend, env = {} }) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    say(`set-up: ${title}`);
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: IS_WINDOWS,
    });
    const words = [];
    const hear = part => {
      words.push(
        ...String(part)
          .split('\n')
          .filter(line => line.trim() !== ''),
      );
      words.splice(0, Math.max(0, words.length - 15));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const alive = setInterval(
      () => say(`set-up:   ... ${seconds()} s${words.length ? `  ${words.at(-1).slice(0, 90)}` : ''}`),
      2000,
    );
    const end = code => {
      clearInterval(alive);
      if (code === 0) return resolve();
      say(words.map(line => `  | ${line}`).join('\n'));
      reject(new Missing(`${title}: failed`, mend));
    };
    child.on('error', error => {
      hear(error.message);
      end(-1);
    });
    child.on('exit', end);
  });
}

/** SHA-256 over names and contents of files and folders. */
function fingerprint(...paths) {
  const hash = createHash('sha256');
  const add = path => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path.slice(ROOT.length)).update(readFileSync(path));
  };
  for (const path of paths) add(here(path));
  return hash.digest('hex');
}

const read = path => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const isOnPath = name =>
  (process.env.PATH ?? '').split(IS_WINDOWS ? ';' : ':').some(dir => existsSync(join(dir, name)));

/** How packages can be installed without a question: as root, or by sudo without a password. Null: not at all. */
function aptPrefix() {
  if (!isOnPath('apt-get')) return null;
  if (process.getuid?.() === 0) return [];
  return isOnPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : null;
}

async function installPackages(names, isNeeded) {
  const prefix = aptPrefix();
  const byHand = `apt-get install -y ${names.join(' ')}`;
  if (prefix === null) {
    say(`set-up: ${names.join(', ')}: not here, and apt cannot be used; ${isNeeded}. To install: ${byHand}`);
    return;
  }
  const run = (title, ...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return step(title, command, rest, { mend: byHand });
  };
  try {
    await run('package lists', 'update', '-qq');
    await run(`installing ${names.join(', ')}`, 'install', '-y', '-qq', '--no-install-recommends', ...names);
  } catch (error) {
    say(`set-up: ${error.message}; ${isNeeded}. To mend: ${byHand}`);
  }
}

const hasChromium = () => Boolean(process.env.LINTEL_CHROMIUM) || CHROMIUMS.some(isOnPath);
const hasElectron = () => existsSync(here('node_modules/electron/dist', IS_WINDOWS ? 'electron.exe' : 'electron'));

async function browser(isForTests) {
  const wanted = [];
  if (!hasChromium() && (isForTests || !hasElectron())) wanted.push('chromium');
  if (wanted.length > 0)
    await installPackages(wanted, 'panels need a browser to be seen, tests in a browser are skipped');
}

/** What the keychain's test needs; keytar compiles only if the headers are there before the dependencies are installed. */
async function keychain() {
  if (process.platform !== 'linux' || !isOnPath('apt-get')) return;
  const missing = [
    ['libsecret-1-dev', existsSync('/usr/include/libsecret-1')],
    ['gnome-keyring', isOnPath('gnome-keyring-daemon')],
    ['dbus', isOnPath('dbus-run-session')],
  ].filter(([, isThere]) => !isThere);
  if (missing.length > 0)
    await installPackages(
      missing.map(([name]) => name),
      'the test of the keychain is skipped',
    );
}

async function dependencies() {
  const stamp = here('node_modules/.lintel-setup');
  const wanted = fingerprint('package-lock.json');
  if (read(stamp) === wanted) return;
  const npm = IS_WINDOWS ? 'npm.cmd' : 'npm';
  await step('installing dependencies (npm ci)', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    mend: 'npm ci',
    env: { NODE_ENV: '' },
  });
  writeFileSync(stamp, wanted);
}

/** The Node that everything else runs under. */
function findNode() {
  const bundled = here('node_modules/.bin', IS_WINDOWS ? 'node.exe' : 'node');
  if (existsSync(bundled) && spawnSync(bundled, ['--version'], { stdio: 'ignore' }).status === 0) return bundled;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  throw new Missing(
    `Node ${process.versions.node} is too old and none came with the dependencies on this platform; 22.19 or newer is needed`,
    'install Node 24 and run the command again',
  );
}

async function pages(node) {
  const stamp = here('dist/.pages');
  const wanted = fingerprint('renderer', 'assets', 'src', 'build', 'package-lock.json');
  if (read(stamp) === wanted) return;
  const vite = here('node_modules/vite/bin/vite.js');
  for (const page of PAGES) {
    if (!existsSync(here('renderer', page, 'index.html'))) continue;
    await step(
      `building the ${page} page`,
      node,
      [vite, 'build', '--config', 'build/vite.config.ts', '--logLevel', 'warn'],
      {
        mend: 'npm run build',
        env: { LINTEL_PAGE: page },
      },
    );
  }
  for (const bundle of ['main', 'preload']) {
    await step(
      `bundling Electron's ${bundle}`,
      node,
      [vite, 'build', '--config', 'build/electron.vite.config.ts', '--logLevel', 'warn'],
      {
        mend: 'npm run build',
        env: { LINTEL_BUNDLE: bundle },
      },
    );
  }
  mkdirSync(here('dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Runs the program in our place: its signals are ours, its end is ours. */
function handOver(node, args) {
  const child = spawn(node, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to both of us; elsewhere it may have come to us alone.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  // npm ends its shell, but not us: when our parent has gone, so have we.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const TASKS = {
  start: args => ['src/cli/lintel.js', 'demo', ...args],
  lintel: args => ['src/cli/lintel.js', ...args],
  test: args => ['build/run-tests.mjs', ...args],
  dev: args => ['build/dev.mjs', ...args],
  bench: args => ['test/bench/main.ts', ...args],
  simulate: args => ['test/simulation/main.ts', ...args],
  build: () => null,
};

const [task = 'build', ...args] = process.argv.slice(2);
try {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Missing(`Node ${process.versions.node} is too old`, 'install Node 20 or newer');
  if (!(task in TASKS)) throw new Missing(`there is no task "${task}"`, `one of ${Object.keys(TASKS).join(', ')}`);
  const isForTests = task === 'test' || task === 'bench';
  if (isForTests) await keychain();
  await dependencies();
  const node = findNode();
  if (!['build', 'lintel', 'simulate'].includes(task)) await browser(isForTests);
  if (task !== 'simulate') await pages(node);
  const command = TASKS[task](args);
  if (command) handOver(node, command);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  say(`set-up: ${error.message}\n  to mend: ${error.mend}`);
  process.exit(1);
}
