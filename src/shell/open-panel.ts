/** The composition root of a panel, whatever its shell: opens what the machine offers and starts the agent on it. */
import type { Log } from '../agent/ports.ts';
import { type Panel, startPanel } from '../agent/start-panel.ts';
import type { View } from '../contract/bridge/view.ts';
import type { Clock, Stop } from '../contract/values/clock.ts';
import type { MacAddress } from '../contract/values/ids.ts';
import { milliseconds, seconds } from '../contract/values/time.ts';
import { makeCaProbe } from '../platform/ca-probe.ts';
import { findCentral, normaliseCentralAddress } from '../platform/central-address.ts';
import { makeFiles } from '../platform/files.ts';
import { makeFetch } from '../platform/http.ts';
import { type OpenedIdentity, openIdentity } from '../platform/identity.ts';
import { lockDataDir } from '../platform/lock.ts';
import { pairingWords } from '../platform/pairing-words.ts';
import { randomFraction, randomHex } from '../platform/random.ts';
import { ensureWritableDir } from '../platform/start-error.ts';

/** A keychain may be unlocked later than we start. */
const TRY_KEY_AGAIN = seconds(20);

export type PanelOptions = {
  dataDir: string;
  /** Where a provisioning file may lie beside the program. */
  programDir: string;
  agentVersion: string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  keychain: 'auto' | 'off';
  mac?: MacAddress | null;
  machineId?: string | null;
};

/**
 * Starts a panel on its data directory. When the panel's key cannot be had, the glass says so and it is tried again.
 * Throws StartError when the directory is not writable or another panel uses it.
 */
export async function openPanel(options: PanelOptions): Promise<Panel> {
  const { dataDir, clock, log } = options;
  await ensureWritableDir(dataDir);
  const lock = await lockDataDir(dataDir);
  const files = makeFiles(dataDir, log);
  const listeners = new Set<(view: View) => void>();
  let panel: Panel | null = null;
  let stopTimer: Stop = () => {};
  let isStopped = false;

  async function tryIdentity(): Promise<void> {
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
      fetchTrusting: ca => makeFetch({ trust: { kind: 'only', ca }, clock, env: options.env }),
      fetchPublic: extraCa => makeFetch({ trust: { kind: 'system', extraCa }, clock, env: options.env }),
    });
    if (isStopped) return started.stop();
    panel = started;
    const tell = (view: View) => {
      for (const listener of listeners) listener(view);
    };
    started.agent.subscribe(tell);
    tell(started.agent.view());
  }
  function tryLater() {
    if (isStopped) return;
    stopTimer = clock.after(TRY_KEY_AGAIN, () => {
      tryIdentity().catch(error => {
        log.error('panel-not-started', { detail: error instanceof Error ? error.message : String(error) });
        tryLater();
      });
    });
  }

  try {
    await tryIdentity();
  } catch (error) {
    await lock.release();
    throw error;
  }
  return {
    agent: {
      view: () => panel?.agent.view() ?? KEY_STORE_UNUSABLE,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      intend: intent => panel?.agent.intend(intent),
    },
    async stop() {
      isStopped = true;
      stopTimer();
      await panel?.stop();
      await lock.release();
    },
  };
}

async function searchCentral({ env, dataDir, programDir, log }: PanelOptions) {
  const search = await findCentral(env, [programDir, dataDir]);
  for (const problem of search.problems) log.warn('central-address-unusable', { problem });
  if (search.kind === 'none') return null;
  log.info('central-address-found', { url: search.url, from: search.from });
  return { url: search.url, ca: search.ca, licenceKey: search.licenceKey };
}

const KEY_STORE_UNUSABLE: View = {
  seq: 0,
  clockOffset: milliseconds(0),
  zone: null,
  screen: { kind: 'find-central', url: null, isTrying: false, problem: 'key-store-unusable' },
  problems: [],
  readProblem: null,
};
