import type { Clock } from '../contract/values/clock.ts';
import type { PanelId } from '../contract/values/ids.ts';
import type { PinHash } from '../contract/values/policy.ts';
import type { FoundCentral } from '../core/events.ts';
import type { CaProbe, Fetch, Files, Identity, Log, MachineReport } from './ports.ts';

export type ClosableFetch = { fetch: Fetch; close(): Promise<void> };

/** All that an agent is put together from. */
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
  isPin: (pin: PinHash, digits: string) => Promise<boolean>;
  inspectMachine: () => Promise<MachineReport>;
  /** Stops this agent and starts another on the same data; returns at once. */
  restart: () => void;
  /** Trusts nothing but this CA. */
  fetchTrusting: (ca: string) => ClosableFetch;
  /** Trusts the system's CAs and these. */
  fetchPublic: (extraCa: string | null) => ClosableFetch;
};
