/** Puts the agent together from its ports: what a shell starts. */
import type { AgentPort } from '../contract/bridge/bridge.ts';
import type { Clock } from '../contract/values/clock.ts';
import type { PanelId } from '../contract/values/ids.ts';
import type { FoundCentral } from '../core/events.ts';
import { Agent } from './agent.ts';
import { makeEffects } from './effects.ts';
import type { CaProbe, Fetch, Files, Identity, Log } from './ports.ts';
import { recall } from './recall.ts';

export type ClosableFetch = { fetch: Fetch; close(): Promise<void> };

export type PanelPorts = {
  clock: Clock;
  log: Log;
  files: Files;
  identity: Identity;
  agentVersion: string;
  /** 128 random bits as 32 hex digits. */
  randomHex: () => string;
  /** A number in [0, 1). */
  dice: () => number;
  /** Central as the environment or a provisioning file names it. */
  found: FoundCentral | null;
  /** An address as somebody typed it, made whole; null when it is none. */
  wholeUrl: (typed: string) => string | null;
  probeCa: CaProbe;
  pairingWords: (panel: PanelId, caPem: string) => string[];
  /** Trusts nothing but this CA. */
  fetchTrusting: (ca: string) => ClosableFetch;
  /** Trusts the system's CAs and these. */
  fetchPublic: (extraCa: string | null) => ClosableFetch;
};

export type Panel = { agent: AgentPort; stop(): Promise<void> };

export async function startPanel(ports: PanelPorts): Promise<Panel> {
  const effects = makeEffects(ports);
  const agent = new Agent({ clock: ports.clock, randomHex: ports.randomHex, dice: ports.dice, run: effects.run });
  const { memory, snapshot, isSnapshotSetAside } = await recall(ports.files, ports.log);
  agent.dispatch({
    kind: 'started',
    mac: ports.identity.mac,
    memory,
    snapshot,
    isSnapshotSetAside,
    found: ports.found,
  });
  return {
    agent,
    stop: async () => {
      agent.stop();
      await effects.stop();
    },
  };
}
