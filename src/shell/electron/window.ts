import { join } from 'node:path';
import { BrowserWindow, type Session } from 'electron';
import type { Log } from '../../agent/ports.ts';
import type { Clock, Stop } from '../../contract/values/clock.ts';
import { type Instant, seconds } from '../../contract/values/time.ts';
import { randomFraction } from '../../platform/random.ts';
import { afterDeath, HEALTHY_START } from '../back-off.ts';
import { PAGE_URL } from '../guards.ts';

/** A page that hangs longer than this is ended and loaded again. */
const PATIENCE = seconds(5);
/** After this many deaths in a row a reload is not enough: the window is made anew. */
const RELOADS = 3;

/** It is another one, or none; it hangs; it answers again. */
export type PageNews = 'gone' | 'hung' | 'answers';

export interface PanelWindow {
  /** The window of this moment; another one after a crash. Null while there is none. */
  current(): BrowserWindow | null;
  /** Calls back with what becomes of the page from now on; there is one listener. */
  onPage(listener: (news: PageNews) => void): void;
  stop(): void;
}

/** One full-screen window that comes back whatever happens to its page. */
export function openPanelWindow(options: {
  session: Session;
  isKiosk: boolean;
  hasDevTools: boolean;
  clock: Clock;
  log: Log;
}): PanelWindow {
  const { clock, log } = options;
  let window: BrowserWindow | null = null;
  let backOff = HEALTHY_START;
  let stopTimer: Stop = () => {};
  let stopPatience: Stop = () => {};
  let tell: (news: PageNews) => void = () => {};
  let isStopped = false;

  function create() {
    const made = new BrowserWindow({
      kiosk: options.isKiosk,
      fullscreen: options.isKiosk,
      width: 1280,
      height: 800,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: '#000000',
      webPreferences: {
        session: options.session,
        preload: join(import.meta.dirname, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        devTools: options.hasDevTools,
        navigateOnDragDrop: false,
        spellcheck: false,
        // A panel that nobody looks at must still turn red at ten o'clock.
        backgroundThrottling: false,
      },
    });
    window = made;
    let started = clock.now();
    const died = (how: string) => {
      if (isStopped || window !== made) return;
      stopPatience();
      tell('gone');
      comeBack(started, how);
      started = clock.now();
    };
    made.once('ready-to-show', () => made.show());
    made.on('closed', () => died('closed'));
    made.webContents.on('render-process-gone', (_event, details) => died(details.reason));
    made.webContents.on('did-fail-load', (_event, code, text, _url, isMainFrame) => {
      // -3: another load took its place.
      if (isMainFrame && code !== -3) died(text);
    });
    made.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (window === made && isMainFrame && !isSameDocument) tell('gone');
    });
    made.on('unresponsive', () => {
      stopPatience();
      tell('hung');
      stopPatience = clock.after(PATIENCE, () => made.webContents.forcefullyCrashRenderer());
    });
    made.on('responsive', () => {
      stopPatience();
      tell('answers');
    });
    load(made);
  }

  function comeBack(started: Instant, how: string) {
    const { next, wait, isCrashLoop } = afterDeath(backOff, { started, ended: clock.now() }, randomFraction());
    backOff = next;
    log.warn('page-died', { how, deaths: next.deaths, againIn: wait });
    if (isCrashLoop) log.error('page-crash-loop', { deaths: next.deaths });
    stopTimer();
    stopTimer = clock.after(wait, () => {
      const before = window;
      if (before !== null && !before.isDestroyed() && next.deaths <= RELOADS) return load(before);
      create();
      if (before !== null && !before.isDestroyed()) before.destroy();
    });
  }

  function load(into: BrowserWindow) {
    // A failed load is told by `did-fail-load`; the promise says the same again.
    into.loadURL(PAGE_URL).catch(() => undefined);
  }

  create();
  return {
    current: () => (window === null || window.isDestroyed() ? null : window),
    onPage(listener) {
      tell = listener;
    },
    stop() {
      isStopped = true;
      stopTimer();
      stopPatience();
      if (window !== null && !window.isDestroyed()) window.destroy();
      window = null;
    },
  };
}
