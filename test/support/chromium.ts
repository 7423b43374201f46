/** The system's Chromium, as tests, pictures and bench start it. */
import { existsSync } from 'node:fs';
import type { LaunchOptions } from 'playwright-core';

const executablePath = process.env.LINTEL_CHROMIUM ?? '/usr/bin/chromium';
export const hasChromium = existsSync(executablePath);

export const CHROMIUM: LaunchOptions = {
  executablePath,
  args: [
    // Chromium refuses its sandbox to root, as whom CI runs.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
