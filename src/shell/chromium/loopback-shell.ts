import type { Log } from '../../agent/ports.ts';
import type { AgentPort } from '../../contract/bridge/bridge.ts';
import type { Clock } from '../../contract/values/clock.ts';
import { loadStaticFiles } from '../../platform/static-files.ts';
import { findChromium, hasDisplay } from './find-chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { startLoopbackServer } from './loopback-server.ts';

/** `window`: why there is or is not one. */
export interface LoopbackShell {
  /** `http://127.0.0.1:PORT/<128-bit token>/` */
  readonly url: string;
  readonly window: 'launched' | 'not-wanted' | 'no-display' | 'no-chromium';
  /** Starts the page anew, where a window of ours shows it. */
  restart(): void;
  stop(): Promise<void>;
}

/**
 * Puts the agent's view on glass through a system Chromium in kiosk mode; with `launch` false it only serves the page.
 * Throws StartError when the port is in use or the pages have not been built.
 */
export async function startLoopbackShell(options: {
  agent: AgentPort;
  /** The built pages, `dist/renderer/panel`. */
  pagesDir: string;
  /** 0 takes a free one. */
  port: number;
  log: Log;
  clock: Clock;
  launch: boolean;
  /** Chromium's profile; made when missing. */
  userDataDir: string;
  env?: NodeJS.ProcessEnv;
  /** False: an ordinary window, which may be closed for good. */
  isKiosk?: boolean;
  extraArguments?: readonly string[];
}): Promise<LoopbackShell> {
  const { agent, port, log, clock, env = process.env } = options;
  const server = await startLoopbackServer({ agent, files: await loadStaticFiles(options.pagesDir), port, log, clock });
  const binary = await findChromium(env);
  const window = whyWindow(options.launch, env, binary);
  if (window !== 'launched' || binary === null) {
    if (window !== 'not-wanted') log.warn('no-window', { why: window });
    return { url: server.url, window, restart: () => undefined, stop: server.stop };
  }
  const chromium = await launchChromium({
    binary,
    url: server.url,
    userDataDir: options.userDataDir,
    isHeard: () => server.readers() > 0,
    log,
    clock,
    isKiosk: options.isKiosk ?? true,
    extraArguments: options.extraArguments ?? [],
  });
  return {
    url: server.url,
    window,
    restart: chromium.restart,
    async stop() {
      await chromium.stop();
      await server.stop();
    },
  };
}

function whyWindow(isWanted: boolean, env: NodeJS.ProcessEnv, binary: string | null): LoopbackShell['window'] {
  if (!isWanted) return 'not-wanted';
  if (!hasDisplay(env)) return 'no-display';
  return binary === null ? 'no-chromium' : 'launched';
}
