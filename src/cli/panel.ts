/** lintel panel: the agent on this machine, and its view on glass. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import pkg from '../../package.json' with { type: 'json' };
import { StartError } from '../platform/start-error.ts';
import { makeSystemClock } from '../platform/system-clock.ts';
import { hasDisplay } from '../shell/chromium/find-chromium.ts';
import { type LoopbackShell, startLoopbackShell } from '../shell/chromium/loopback-shell.ts';
import { openPanel } from '../shell/open-panel.ts';
import type { Command, Running, Values } from './command.ts';
import { COMMON_HELP, COMMON_OPTIONS, dataDirOf, logOf, pagesDir, portOf, ROOT } from './settings.ts';

const Shell = v.picklist(['electron', 'chromium', 'none']);
type Shell = v.InferOutput<typeof Shell>;
const ELECTRON = join(ROOT, 'node_modules/electron/dist', process.platform === 'win32' ? 'electron.exe' : 'electron');

export const panel: Command = {
  name: 'panel',
  help: `lintel panel: shows the room on this machine's screen

  --shell KIND     electron, chromium, or none    (LINTEL_SHELL; electron if installed, else chromium)
                   none: no window; the page is still served on this machine alone
  --window         an ordinary window instead of the whole screen (Chromium)
  --port N         of the page on 127.0.0.1       (LINTEL_PORT; default: a free one; not with electron)
${COMMON_HELP}  LINTEL_CENTRAL_URL  where central is; without it a provisioning file is looked for, then typed on the panel
  LINTEL_STATUS_LIGHT the folder of a multicolour LED beside the door (/sys/class/leds/...)
  LINTEL_KEYCHAIN     off: keep the panel's key in a sealed file even where there is a keychain
`,
  options: { ...COMMON_OPTIONS, shell: { type: 'string' }, window: { type: 'boolean' } },
  start: values => (shellOf(values) === 'electron' ? startElectron(values) : startChromium(values)),
};

function shellOf(values: Values): Shell {
  const given = values.shell ?? process.env.LINTEL_SHELL;
  // Electron without a display ends at once; the loopback shell at least serves the page.
  if (given === undefined || given === '')
    return existsSync(ELECTRON) && hasDisplay(process.env) ? 'electron' : 'chromium';
  const shell = v.safeParse(Shell, given);
  if (!shell.success)
    throw new StartError('bad-setting', `there is no shell "${given}"`, 'Choose electron, chromium or none.');
  if (shell.output === 'electron' && !existsSync(ELECTRON)) {
    throw new StartError(
      'missing-file',
      'Electron is not installed here',
      'Choose --shell chromium, or install Electron with: npx install-electron',
    );
  }
  return shell.output;
}

async function startChromium(values: Values): Promise<Running> {
  const { dir: dataDir } = dataDirOf(values, 'panel');
  const log = logOf();
  const clock = makeSystemClock();
  const agentVersion = pkg.version;
  const keychain = process.env.LINTEL_KEYCHAIN === 'off' ? 'off' : 'auto';
  let shell: LoopbackShell | null = null;
  const opened = await openPanel({
    dataDir,
    programDir: ROOT,
    agentVersion,
    env: process.env,
    clock,
    log,
    keychain,
    onRestart: () => shell?.restart(),
  });
  try {
    shell = await startLoopbackShell({
      agent: opened.agent,
      pagesDir: pagesDir('panel'),
      port: portOf(values, 0),
      log,
      clock,
      launch: shellOf(values) === 'chromium',
      isKiosk: values.window !== true,
      userDataDir: join(dataDir, 'chromium'),
    });
    const seen = {
      launched: 'in a window',
      'not-wanted': 'no window',
      'no-display': 'no display here',
      'no-chromium': 'no Chromium here',
    };
    return {
      ready: { panel: shell.url, dataDir, window: shell.window },
      lines: [`The panel is at ${shell.url} (${seen[shell.window]}).`],
      stop: async () => {
        await shell?.stop();
        await opened.stop();
      },
    };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

/** Electron is a program of its own; we wait for it and end with it. */
async function startElectron(values: Values): Promise<Running> {
  const { dir: dataDir } = dataDirOf(values, 'panel');
  const child = spawn(ELECTRON, [ROOT], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, LINTEL_DATA_DIR: dataDir },
  });
  child.once('exit', code => process.exit(code ?? 0));
  return {
    ready: { panel: null, dataDir, window: 'electron' },
    lines: ['The panel is in an Electron window.'],
    stop: () =>
      new Promise(resolve => {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        if (!child.kill('SIGTERM')) resolve();
      }),
  };
}
