/** Chromium as the glass: started in kiosk mode, started again when it dies or its page does, ended as a whole. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { join, resolve as resolvePath } from 'node:path';
import type { Log } from '../../agent/ports.ts';
import { type Clock, type Stop, sleep } from '../../contract/values/clock.ts';
import { between, type Duration, type Instant, seconds } from '../../contract/values/time.ts';
import { randomFraction } from '../../platform/random.ts';
import { errorCode } from '../../platform/start-error.ts';
import { afterDeath, type BackOff, HEALTHY_START } from '../back-off.ts';

/** How long a starting browser may take, and how long a page may be unheard, before it counts as dead. */
const DEAF_AFTER = seconds(20);
const LOOK_EVERY = seconds(5);
const POLITE = seconds(4);

const ARGUMENTS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--noerrdialogs',
  '--disable-session-crashed-bubble',
  '--hide-crash-restore-bubble',
  '--disable-infobars',
  '--disable-notifications',
  '--disable-sync',
  '--disable-extensions',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-domain-reliability',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--password-store=basic',
  '--use-mock-keychain',
  '--ozone-platform-hint=auto',
];
const KIOSK_ARGUMENTS = [
  '--kiosk',
  // The page lives on 127.0.0.1; whatever else wants the network finds no address.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];
/** An ordinary window would warn of our flags across the page; this keeps it quiet. */
const WINDOW_ARGUMENTS = ['--window-size=1280,800', '--test-type'];

export interface Launched {
  /** Ends Chromium and lets it come back as it does when it dies. */
  restart(): void;
  /** Ends Chromium with everything it started, and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts Chromium on `url` and keeps it there. `isHeard` tells whether the page is listening to the agent: a browser
 * whose page is not (a crashed tab, an error page) is as dead as one that has gone.
 */
export async function launchChromium(options: {
  binary: string;
  url: string;
  userDataDir: string;
  isHeard: () => boolean;
  log: Log;
  clock: Clock;
  /** False: an ordinary window, which may be closed for good. */
  isKiosk?: boolean;
  extraArguments?: readonly string[];
}): Promise<Launched> {
  const { clock, log, isKiosk = true } = options;
  const userDataDir = resolvePath(options.userDataDir);
  await endLeftover(userDataDir, log);
  const isRoot = process.getuid?.() === 0;
  if (isRoot)
    log.warn('chromium-without-sandbox', { why: 'Chromium refuses its sandbox to root; run as another user' });
  const parameters = [
    ...ARGUMENTS,
    ...(isKiosk ? KIOSK_ARGUMENTS : WINDOW_ARGUMENTS),
    `--user-data-dir=${userDataDir}`,
    ...(isRoot ? ['--no-sandbox'] : []),
    ...(options.extraArguments ?? []),
    `--app=${options.url}`,
  ];

  let backOff: BackOff = HEALTHY_START;
  let current: { child: ChildProcess; gone: Promise<void> } | null = null;
  let stopTimer: Stop = () => {};
  let stopWatch: Stop = () => {};
  let isStopped = false;
  let isAskedFor = false;

  function start() {
    isAskedFor = false;
    const started = clock.now();
    // A process group of its own, so that its children can be ended with it.
    const child = spawn(options.binary, parameters, { stdio: 'ignore', detached: true });
    const gone = new Promise<void>(resolve => {
      let isOver = false;
      const onEnd = (how: string) => {
        if (isOver) return;
        isOver = true;
        stopWatch();
        resolve();
        if (!isStopped) comeBack(started, how);
      };
      child.once('error', error => onEnd(errorCode(error) ?? error.message));
      child.once('exit', (code, signal) => {
        // Somebody closed the window.
        if (!isKiosk && code === 0 && !isAskedFor) isStopped = true;
        onEnd(signal ?? `exit ${code}`);
      });
    });
    current = { child, gone };
    watch(child, started);
    log.info('chromium-started', { pid: child.pid ?? null });
  }

  function comeBack(started: Instant, how: string) {
    const { next, wait, isCrashLoop } = afterDeath(backOff, { started, ended: clock.now() }, randomFraction());
    backOff = next;
    log.warn('chromium-died', { how, deaths: next.deaths, againIn: wait });
    if (isCrashLoop) log.error('chromium-crash-loop', { deaths: next.deaths, binary: options.binary });
    const left = current?.child.pid;
    if (left !== undefined) signalGroup(left, 'SIGKILL');
    stopTimer = clock.after(wait, start);
  }

  function watch(child: ChildProcess, since: Instant) {
    let lastHeard = since;
    const look = () => {
      if (options.isHeard()) lastHeard = clock.now();
      else if (between(lastHeard, clock.now()) > DEAF_AFTER) {
        log.warn('chromium-page-lost', { silentFor: between(lastHeard, clock.now()) });
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        return;
      }
      stopWatch = clock.after(LOOK_EVERY, look);
    };
    stopWatch = clock.after(LOOK_EVERY, look);
  }

  start();
  return {
    restart() {
      const pid = current?.child.pid;
      if (isStopped || pid === undefined) return;
      isAskedFor = true;
      void endGroup(pid, POLITE, clock);
    },
    async stop() {
      isStopped = true;
      stopTimer();
      stopWatch();
      if (current?.child.pid === undefined) return;
      await endGroup(current.child.pid, POLITE, clock);
      await current.gone;
    },
  };
}

/**
 * A Chromium of an agent that was killed still holds the profile, and would take our page into its own window. Its
 * profile lock names it; that it is ours shows in its command line.
 */
async function endLeftover(userDataDir: string, log: Log): Promise<void> {
  const lock = await readlink(join(userDataDir, 'SingletonLock')).catch(() => '');
  const pid = Number(/-(\d+)$/.exec(lock)?.[1] ?? 0);
  if (pid <= 1) return;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!commandLine.split(/[\0 ]/).includes(`--user-data-dir=${userDataDir}`)) return;
  log.warn('chromium-leftover-ended', { pid });
  if (!signalGroup(pid, 'SIGKILL')) signalOne(pid);
}

function signalOne(pid: number) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself meanwhile.
  }
}

/** SIGTERM, and SIGKILL for what is still there after `patience`; resolves when no process of the group is left. */
async function endGroup(leader: number, patience: Duration, clock: Clock): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  const asked = clock.now();
  let isForced = false;
  while (signalGroup(leader, 0)) {
    if (!isForced && between(asked, clock.now()) > patience) {
      isForced = true;
      signalGroup(leader, 'SIGKILL');
    }
    // The second limit is for a process that not even SIGKILL ends (stuck in the kernel): we do not hang with it.
    if (between(asked, clock.now()) > patience * 2) return;
    await sleep(clock, seconds(0.05));
  }
}

/** False when the group has no process any more. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}
