/** Electron's main process: composes agent, pages and window. Reading this folder is reading the whole shell. */
import { dirname, join } from 'node:path';
import { app, dialog, powerSaveBlocker, session } from 'electron';
import * as v from 'valibot';
import { LogLevel, makeLog } from '../../platform/log.ts';
import { StartError } from '../../platform/start-error.ts';
import { loadStaticFiles } from '../../platform/static-files.ts';
import { makeSystemClock } from '../../platform/system-clock.ts';
import { openPanel } from '../open-panel.ts';
import { connectBridge } from './bridge.ts';
import { guardEveryWebContents, guardSession } from './guards.ts';
import { registerScheme, servePages } from './protocol.ts';
import { openPanelWindow } from './window.ts';

const { env } = process;
const clock = makeSystemClock();
const log = makeLog({ level: v.parse(v.fallback(LogLevel, 'info'), env.LINTEL_LOG_LEVEL) });
const dataDir = env.LINTEL_DATA_DIR ?? join(app.getPath('userData'), 'panel');
/** Never in a packaged app, whatever the environment says. */
const isDevelopment = !app.isPackaged && env.LINTEL_DEV === '1';

// Each data directory is a panel of its own: Electron's profile, and with it the single-instance lock, goes along.
app.setPath('userData', join(dataDir, 'electron'));
app.enableSandbox();
registerScheme();
guardEveryWebContents(app);

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(run).catch(fail);
} else {
  log.error('already-running', { dataDir });
  app.exit(1);
}

async function run(): Promise<void> {
  const panelSession = session.fromPartition('panel');
  guardSession(session.defaultSession);
  guardSession(panelSession);
  servePages(panelSession, await loadStaticFiles(join(app.getAppPath(), 'dist/renderer/panel')));
  const panel = await openPanel({
    dataDir,
    programDir: dirname(app.getPath('exe')),
    agentVersion: app.getVersion(),
    env,
    clock,
    log,
    keychain: env.LINTEL_KEYCHAIN === 'off' ? 'off' : 'auto',
    onRestart: () => window.current()?.webContents.reload(),
  });
  const window = openPanelWindow({
    session: panelSession,
    isKiosk: !isDevelopment,
    hasDevTools: isDevelopment,
    clock,
    log,
  });
  const disconnect = connectBridge(panel.agent, window, clock, log);
  const awake = powerSaveBlocker.start('prevent-display-sleep');

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    powerSaveBlocker.stop(awake);
    disconnect();
    window.stop();
    panel.stop().then(() => app.exit(0), fail);
  };
  // The window comes back by itself; only a signal or the system's shutdown ends the panel.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', event => {
    event.preventDefault();
    stop();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

function fail(error: unknown): void {
  const isExpected = error instanceof StartError;
  const text = error instanceof Error ? error.message : String(error);
  log.error('start-failed', { detail: text, mend: isExpected ? error.mend : null });
  dialog.showErrorBox('Lintel cannot start', isExpected ? `${text}\n\n${error.mend}` : text);
  app.exit(1);
}
