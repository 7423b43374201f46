/** The composition root of a panel, whatever its shell: opens what the machine offers and starts the agent on it. */
import { type Panel, startPanel } from '../agent/start-panel.ts';
import type { JoinProblem, View } from '../contract/bridge/view.ts';
import type { Clock, Stop } from '../contract/values/clock.ts';
import type { MacAddress } from '../contract/values/ids.ts';
import { DEFAULT_POLICY } from '../contract/values/policy.ts';
import { milliseconds, seconds } from '../contract/values/time.ts';
import { makeCaProbe } from '../platform/ca-probe.ts';
import { findCentral, normaliseCentralAddress } from '../platform/central-address.ts';
import { makeFiles } from '../platform/files.ts';
import { makeFetch } from '../platform/http.ts';
import { type OpenedIdentity, openIdentity } from '../platform/identity.ts';
import { inspectMachine } from '../platform/inspect-machine.ts';
import { lockDataDir } from '../platform/lock.ts';
import type { KeptLog } from '../platform/log.ts';
import { pairingWords } from '../platform/pairing-words.ts';
import { isPin } from '../platform/pin.ts';
import { randomFraction, randomHex } from '../platform/random.ts';
import { ensureWritableDir } from '../platform/start-error.ts';
import { makeStatusLight } from '../platform/status-light.ts';
import { type Glass, makeGlass } from './glass.ts';

/** A keychain may be unlocked later than we start. */
const TRY_KEY_AGAIN = seconds(20);

export type PanelOptions = {
  dataDir: string;
  /** Where a provisioning file may lie beside the program. */
  programDir: string;
  agentVersion: string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: KeptLog;
  keychain: 'auto' | 'off';
  mac?: MacAddress | null;
  machineId?: string | null;
  /** Called when the agent was started anew because somebody asked for it: the shell may do the same with its page. */
  onRestart?: () => void;
};

/**
 * Starts a panel on its data directory. When the panel's key cannot be had, the glass says so and it is tried again. When
 * somebody asks for a restart, the agent is stopped and another one started on the same data; whoever listens stays.
 * Throws StartError when the directory is not writable or another panel uses it.
 */
export async function openPanel(options: PanelOptions): Promise<Panel> {
  const { dataDir, clock, log } = options;
  await ensureWritableDir(dataDir);
  const lock = await lockDataDir(dataDir);
  const files = makeFiles(dataDir, log);
  const glass = makeGlass(withoutAgent(null));
  const stopLight = followWithLight(glass, options);
  let panel: Panel | null = null;
  let stopTimer: Stop = () => {};
  let isStopped = false;
  /** Starting and stopping, one after the other. */
  let turn: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    if (isStopped) return;
    const { keychain, mac, machineId } = options;
    const opened: OpenedIdentity = await openIdentity({
      dataDir,
      files,
      clock,
      log,
      keychain,
      ...(mac === undefined ? {} : { mac }),
      ...(machineId === undefined ? {} : { machineId }),
    });
    if (opened.kind === 'unusable') {
      log.error('key-store-unusable', { detail: opened.detail });
      glass.show(withoutAgent('key-store-unusable'));
      return tryLater();
    }
    const started = await startPanel({
      clock,
      log,
      files,
      identity: opened.identity,
      agentVersion: options.agentVersion,
      randomHex: () => randomHex(16),
      dice: randomFraction,
      found: await searchCentral(options),
      wholeUrl: typed => {
        const address = normaliseCentralAddress(typed);
        return address.kind === 'address' ? address.url : null;
      },
      probeCa: makeCaProbe(),
      pairingWords,
      isPin,
      inspectMachine: () => inspectMachine(dataDir, log.recent()),
      restart,
      fetchTrusting: ca => makeFetch({ trust: { kind: 'only', ca }, clock, env: options.env }),
      fetchPublic: extraCa => makeFetch({ trust: { kind: 'system', extraCa }, clock, env: options.env }),
    });
    if (isStopped) return started.stop();
    panel = started;
    glass.follow(started.agent);
  }
  function tryLater() {
    if (!isStopped) stopTimer = clock.after(TRY_KEY_AGAIN, () => inTurn(start));
  }
  function inTurn(task: () => Promise<void>) {
    turn = turn.then(task).catch(error => {
      log.error('panel-not-started', { detail: error instanceof Error ? error.message : String(error) });
      tryLater();
    });
  }
  function restart() {
    const old = panel;
    if (old === null || isStopped) return;
    panel = null;
    glass.show({ ...withoutAgent(null), look: glass.view().look });
    inTurn(async () => {
      await old.stop();
      await start();
      if (!isStopped) options.onRestart?.();
    });
  }

  try {
    await start();
  } catch (error) {
    await stopLight();
    await lock.release();
    throw error;
  }
  return {
    agent: {
      view: glass.view,
      subscribe: glass.subscribe,
      intend: intent => panel?.agent.intend(intent),
      glass(isThere) {
        if (glass.pageIs(isThere)) log.info('page-changed', { isThere });
      },
    },
    async stop() {
      isStopped = true;
      stopTimer();
      await turn;
      await panel?.stop();
      await stopLight();
      await lock.release();
    },
  };
}

/** A light beside the door shows what the glass shows; most panels have none. Returns the way to put it out. */
function followWithLight(glass: Glass, { env, clock, log }: PanelOptions): () => Promise<void> {
  const dir = env.LINTEL_STATUS_LIGHT;
  if (!dir) return async () => {};
  const light = makeStatusLight({ dir, clock, log });
  light.show(glass.view().light);
  const unsubscribe = glass.subscribe(view => light.show(view.light));
  return async () => {
    unsubscribe();
    await light.stop();
  };
}

async function searchCentral({ env, dataDir, programDir, log }: PanelOptions) {
  const search = await findCentral(env, [programDir, dataDir]);
  for (const problem of search.problems) log.warn('central-address-unusable', { problem });
  if (search.kind === 'none') return null;
  log.info('central-address-found', { url: search.url, from: search.from });
  return { url: search.url, ca: search.ca, licenceKey: search.licenceKey };
}

/** What the glass shows while there is no agent: it starts, or it cannot. */
function withoutAgent(problem: JoinProblem | null): View {
  const { language, hourCycle, theme, logo, helpContact } = DEFAULT_POLICY;
  return {
    seq: 0,
    clockOffset: milliseconds(0),
    zone: null,
    screen: problem === null ? { kind: 'starting' } : { kind: 'find-central', url: null, isTrying: false, problem },
    problems: [],
    look: { language, hourCycle, theme, logo, helpContact, brightness: null },
    light: 'off',
    identify: null,
    service: null,
    readProblem: null,
  };
}
