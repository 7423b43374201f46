import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/usr/bin/microsoft-edge-stable',
];

/** Path of a browser of the Chromium family: LINTEL_CHROMIUM, else the first of the usual ones. Null when none is there. */
export async function findChromium(env: NodeJS.ProcessEnv): Promise<string | null> {
  const wanted = env.LINTEL_CHROMIUM?.trim() ?? '';
  for (const path of wanted === '' ? USUAL_PLACES : [wanted]) {
    if (await isExecutable(path)) return path;
  }
  return null;
}

/** Whether there is a screen to put a window on. */
export function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== 'linux') return true;
  return (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== '';
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
