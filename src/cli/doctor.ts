/** lintel doctor: what is installed, reachable and missing, and the command that mends it. */
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCaProbe } from '../platform/ca-probe.ts';
import { findCentral } from '../platform/central-address.ts';
import { makeKeychain } from '../platform/keychain.ts';
import { ensureWritableDir, StartError } from '../platform/start-error.ts';
import { findChromium, hasDisplay } from '../shell/chromium/find-chromium.ts';
import type { Command } from './command.ts';
import { dataDirOf, pagesDir, ROOT } from './settings.ts';

type Finding = { what: string; isOk: boolean; says: string; mend?: string };

export const doctor: Command = {
  name: 'doctor',
  help: `lintel doctor: looks at this machine and says what is missing and how to mend it

  --data-dir DIR   the directory to look at       (LINTEL_DATA_DIR)
  --json           one line of JSON
  -h, --help       this text

  Ends with 1 when something that is needed is missing.
`,
  options: { 'data-dir': { type: 'string' }, json: { type: 'boolean' } },
  start: async values => {
    const findings = await Promise.all([
      node(),
      pages(),
      chromium(),
      electron(),
      display(),
      keychain(),
      statusLight(process.env.LINTEL_STATUS_LIGHT ?? ''),
      dataDir(dataDirOf(values, 'panel').dir),
      centralServer(),
    ]);
    if (values.json === true) process.stdout.write(`${JSON.stringify({ findings })}\n`);
    else
      for (const f of findings)
        process.stdout.write(
          `${f.isOk ? 'ok     ' : OPTIONAL.has(f.what) ? 'absent ' : 'missing'}  ${f.what.padEnd(16)} ${f.says}${f.mend ? `\n${' '.repeat(26)}${f.mend}` : ''}\n`,
        );
    const isWell = findings.every(f => f.isOk || OPTIONAL.has(f.what));
    process.exitCode = isWell ? 0 : 1;
    return null;
  },
};

const OPTIONAL = new Set(['Electron', 'display', 'keychain', 'status light', 'central', 'Chromium']);

const node = async (): Promise<Finding> => ({ what: 'Node', isOk: true, says: process.version });

async function pages(): Promise<Finding> {
  const isOk = existsSync(join(pagesDir('panel'), 'index.html')) && existsSync(join(pagesDir('console'), 'index.html'));
  return isOk
    ? { what: 'pages', isOk, says: 'built' }
    : { what: 'pages', isOk, says: 'not built', mend: 'npm run build' };
}

async function chromium(): Promise<Finding> {
  const found = await findChromium(process.env);
  return found
    ? { what: 'Chromium', isOk: true, says: found }
    : { what: 'Chromium', isOk: false, says: 'none found', mend: 'apt-get install -y chromium' };
}

async function electron(): Promise<Finding> {
  const isOk = existsSync(join(ROOT, 'node_modules/electron/dist'));
  return isOk
    ? { what: 'Electron', isOk, says: 'installed' }
    : {
        what: 'Electron',
        isOk,
        says: 'not installed; panels run in Chromium',
        mend: 'npx install-electron   (needs the internet)',
      };
}

async function display(): Promise<Finding> {
  const isOk = hasDisplay(process.env);
  return {
    what: 'display',
    isOk,
    says: isOk ? 'there is one' : 'none: no window can be opened, addresses are printed instead',
  };
}

async function keychain(): Promise<Finding> {
  const answer = await makeKeychain().get('lintel-doctor', 'probe');
  return answer.kind === 'ok'
    ? { what: 'keychain', isOk: true, says: 'usable' }
    : { what: 'keychain', isOk: false, says: `not usable (${answer.detail}); keys are kept in a sealed file` };
}

async function statusLight(dir: string): Promise<Finding> {
  const what = 'status light';
  if (dir === '') return { what, isOk: false, says: 'none is named', mend: 'set LINTEL_STATUS_LIGHT, if there is one' };
  try {
    await Promise.all(['multi_intensity', 'brightness'].map(name => access(join(dir, name), constants.W_OK)));
    return { what, isOk: true, says: dir };
  } catch (error) {
    const says = `${dir} cannot be driven (${error instanceof Error ? error.message : error})`;
    return { what, isOk: false, says, mend: "let the panel's user write multi_intensity and brightness there" };
  }
}

async function dataDir(dir: string): Promise<Finding> {
  try {
    await ensureWritableDir(dir);
    return { what: 'data directory', isOk: true, says: dir };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { what: 'data directory', isOk: false, says: error.message, mend: error.mend };
  }
}

async function centralServer(): Promise<Finding> {
  const found = await findCentral(process.env, [ROOT]);
  const [problem] = found.problems;
  if (found.kind === 'none')
    return {
      what: 'central',
      isOk: false,
      says: problem ?? 'no address is set; it is typed on the panel',
      mend: 'set LINTEL_CENTRAL_URL',
    };
  const answer = await makeCaProbe()(found.url);
  return answer.kind === 'ca'
    ? { what: 'central', isOk: true, says: `${found.url} answers` }
    : {
        what: 'central',
        isOk: false,
        says: `${found.url} does not answer (${answer.detail})`,
        mend: 'check the address, the network and whether central runs',
      };
}
