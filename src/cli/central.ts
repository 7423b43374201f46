/** lintel central: the central-config server. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import * as v from 'valibot';
import type { DemoMaker } from '../central/demo-port.ts';
import { initCentral, startCentral } from '../central/main.ts';
import { DEFAULT_CENTRAL_PORT } from '../platform/central-address.ts';
import { StartError } from '../platform/start-error.ts';
import { makeSystemClock } from '../platform/system-clock.ts';
import type { Command, Running, Values } from './command.ts';
import { DemoParts } from './demo-parts.ts';
import { attachedDemo, ownDemo } from './demo-world.ts';
import { COMMON_HELP, COMMON_OPTIONS, dataDirOf, logOf, pagesDir, portOf, ROOT } from './settings.ts';

export const central: Command = {
  name: 'central',
  help: `lintel central: serves the console and the panels over HTTPS

  --port N         of console and panels          (LINTEL_PORT; default ${DEFAULT_CENTRAL_PORT}, 0 picks a free one)
  --host ADDRESS   to listen on                   (default: every address of this machine)
  --init           set the admin's name and password, then end
  --username NAME  the admin's name, for --init and the first start (default: admin)
${COMMON_HELP}  LINTEL_PUBLIC_URL       how panels and browsers reach central, when not by this machine's name
  LINTEL_DATABASE_URL     postgres://... instead of SQLite in the data directory
  LINTEL_SECRET_KEY_FILE  the key that seals secrets, when it is to lie elsewhere than in the data directory
  LINTEL_LICENCE_KEYS     the vendor's public keys for licence files (.pub files, with commas between them)
  LINTEL_DEMO             off: no demo tenant on the DEMO page
  LINTEL_ADMIN_PASSWORD   the admin's password, for --init and the first start; else one is made and printed once
`,
  options: { ...COMMON_OPTIONS, host: { type: 'string' }, init: { type: 'boolean' }, username: { type: 'string' } },
  start: values => (values.init === true ? init(values) : start(values)),
};

function settings(values: Values) {
  const { dir: dataDir } = dataDirOf(values, 'central');
  const env = process.env;
  return {
    dataDir,
    port: portOf(values, DEFAULT_CENTRAL_PORT),
    ...(typeof values.host === 'string' ? { host: values.host } : {}),
    publicUrl: env.LINTEL_PUBLIC_URL || null,
    databaseUrl: env.LINTEL_DATABASE_URL || null,
    secretKeyFile: env.LINTEL_SECRET_KEY_FILE || null,
    clock: makeSystemClock(),
    log: logOf(),
    pagesDir: pagesDir('console'),
    previewDir: pagesDir('preview'),
  };
}

const usernameOf = (values: Values) => (typeof values.username === 'string' ? values.username : 'admin');

async function start(values: Values): Promise<Running> {
  const all = settings(values);
  const password = process.env.LINTEL_ADMIN_PASSWORD;
  const started = await startCentral({
    ...all,
    demo: demoOf(all),
    licencePublicKeys: await licencePublicKeys(),
    firstAdmin: password ? { username: usernameOf(values), password } : null,
  });
  const first = started.firstAdminPassword;
  const caFile = join(all.dataDir, 'ca.pem');
  const once = first
    ? [
        `First start: log in as ${first.username} with the password ${first.password}`,
        'It is shown this once; lintel central --init sets another.',
      ]
    : [];
  return {
    ready: {
      console: `${started.url}/console/`,
      url: started.url,
      caFile,
      dataDir: all.dataDir,
      username: first?.username ?? null,
      password: first?.password ?? null,
    },
    lines: [`The console is at ${started.url}/console/`, `Its certificates come from the CA in ${caFile}`, ...once],
    stop: started.stop,
  };
}

/** Those that came with the program, and those that LINTEL_LICENCE_KEYS names (files, with commas between them). */
async function licencePublicKeys(): Promise<string[]> {
  const shipped = join(ROOT, 'assets/licence-keys');
  const own = await readdir(shipped).catch(() => []);
  const named = (process.env.LINTEL_LICENCE_KEYS ?? '').split(',').map(name => name.trim());
  const files = [...own.filter(name => name.endsWith('.pub')).map(name => join(shipped, name)), ...named];
  return Promise.all(files.filter(file => file !== '').map(readKey));
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartError('missing-file', `${file} cannot be read`, 'Correct LINTEL_LICENCE_KEYS.', error);
  }
}

/** LINTEL_DEMO: `attached` by `lintel demo`, which runs the other parts itself; `off` for a central that shall offer none. */
function demoOf({ dataDir, clock, log }: ReturnType<typeof settings>): DemoMaker | null {
  switch (process.env.LINTEL_DEMO) {
    case 'off':
      return null;
    case 'attached':
      return attachedDemo(found => {
        process.on('message', message => {
          const parts = v.safeParse(DemoParts, message);
          if (parts.success) found(parts.output);
        });
        // Listening alone must not keep the command running; see run-command.ts.
        process.channel?.unref();
      }, clock);
    default:
      return ownDemo({ dataDir: join(dataDir, 'demo'), clock, log });
  }
}

async function init(values: Values): Promise<null> {
  const password = process.env.LINTEL_ADMIN_PASSWORD || (await askPassword());
  const username = usernameOf(values);
  await initCentral({ ...settings(values), admin: { username, password } });
  process.stdout.write(`The admin ${username} can log in with the new password.\n`);
  return null;
}

async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new StartError(
      'bad-setting',
      'no password was given',
      'Set LINTEL_ADMIN_PASSWORD, or run lintel central --init in a terminal.',
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await lines.question('New password for the admin (at least 8 characters): ');
  lines.close();
  return typed;
}
