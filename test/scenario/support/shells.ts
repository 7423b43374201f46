/** The shells a scenario runs on. An absent one is reported as skipped, by name. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type Browser, chromium, type Page } from 'playwright-core';
import * as v from 'valibot';
import { describe } from 'vitest';
import type { Clock } from '../../../src/contract/values/clock.ts';
import { MacAddress } from '../../../src/contract/values/ids.ts';
import { makeLog } from '../../../src/platform/log.ts';
import { makeSystemClock } from '../../../src/platform/system-clock.ts';
import { startLoopbackShell } from '../../../src/shell/chromium/loopback-shell.ts';
import { openPanel } from '../../../src/shell/open-panel.ts';
import { CHROMIUM, hasChromium } from '../../support/chromium.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ELECTRON = join(ROOT, 'node_modules/electron/dist/electron');

export type PanelStart = {
  dataDir: string;
  centralUrl: string | null;
  mac?: string;
  machineId?: string;
  clock?: Clock;
};
/** A panel on glass. `log`: every line it wrote. */
export type OpenPanel = { page: Page; log: string[]; stop(): Promise<void> };
export type Shell = {
  name: string;
  isPresent: boolean;
  open(start: PanelStart): Promise<OpenPanel>;
  close(): Promise<void>;
};

let browser: Promise<Browser> | null = null;
const theBrowser = () => {
  browser ??= chromium.launch(CHROMIUM);
  return browser;
};

const chromiumShell: Shell = {
  name: 'Chromium',
  isPresent: hasChromium,
  async open({ dataDir, centralUrl, mac, machineId, clock = makeSystemClock() }) {
    const lines: string[] = [];
    const log = makeLog({ level: 'debug', destination: { write: line => void lines.push(line) } });
    const panel = await openPanel({
      dataDir,
      programDir: dataDir,
      agentVersion: 'test',
      env: centralUrl ? { LINTEL_CENTRAL_URL: centralUrl } : {},
      clock,
      log,
      keychain: 'off',
      ...(mac ? { mac: v.parse(MacAddress, mac) } : {}),
      ...(machineId ? { machineId } : {}),
    });
    const shell = await startLoopbackShell({
      agent: panel.agent,
      pagesDir: join(ROOT, 'dist/renderer/panel'),
      port: 0,
      log,
      clock,
      launch: false,
      userDataDir: dataDir,
    });
    const page = await (await theBrowser()).newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(8000);
    await page.goto(shell.url);
    return {
      page,
      log: lines,
      stop: async () => {
        await page.close();
        await shell.stop();
        await panel.stop();
      },
    };
  },
  async close() {
    await (await browser)?.close();
    browser = null;
  },
};

const electronShell: Shell = {
  name: 'Electron',
  isPresent: existsSync(ELECTRON),
  async open({ dataDir, centralUrl }) {
    const lines: string[] = [];
    const env = {
      ...process.env,
      LINTEL_DATA_DIR: dataDir,
      LINTEL_KEYCHAIN: 'off',
      LINTEL_CENTRAL_URL: centralUrl ?? '',
    };
    const app = await _electron.launch({ executablePath: ELECTRON, args: [ROOT], env });
    app.process().stderr?.on('data', part => lines.push(String(part)));
    return { page: await app.firstWindow(), log: lines, stop: () => app.close() };
  },
  close: () => Promise.resolve(),
};

export const SHELLS: readonly Shell[] = [chromiumShell, electronShell];

/** Runs the scenarios once on every shell that is present. */
export function onEveryShell(title: string, scenarios: (shell: Shell) => void) {
  for (const shell of SHELLS) describe.skipIf(!shell.isPresent)(`${title}, on ${shell.name}`, () => scenarios(shell));
}
