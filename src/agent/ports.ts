/** What the agent needs from the machine it runs on. The platform folder implements it; tests use fakes. */
import type { MacAddress, PanelId } from '../contract/values/ids.ts';
import type { Duration } from '../contract/values/time.ts';

/**
 * `set-aside`: the file was there but truncated or garbage; it was renamed (never deleted) so that somebody can look.
 */
export type FileRead = { kind: 'read'; text: string } | { kind: 'absent' } | { kind: 'set-aside'; why: string };
export type FileWritten =
  | { kind: 'written' }
  | { kind: 'failed'; why: 'disk-full' | 'not-writable' | 'io'; detail: string };

/** Small named files, read and written whole; a crash at any moment leaves the old text or the new one. */
export interface Files {
  read(name: string): Promise<FileRead>;
  write(name: string, text: string): Promise<FileWritten>;
  /** Moves a file whose text does not parse out of the way. */
  setAside(name: string, why: string): Promise<void>;
  /** With all that was set aside of it. Absent is fine. */
  remove(name: string): Promise<void>;
  /** What was set aside of it, and nothing else. */
  removeSetAside(name: string): Promise<void>;
}

/** Who this panel is. The private key stays inside. */
export interface Identity {
  readonly panel: PanelId;
  readonly keyStore: 'keychain' | 'sealed-file';
  /** Random for this start of the agent, 32 hex digits. */
  readonly boot: string;
  /** Grows with every start of this identity. */
  readonly starts: number;
  readonly mac: MacAddress | null;
  readonly machineId: string | null;
  readonly hostname: string;
  /**
   * A DPoP proof (RFC 9449 section 4.2) for one request: htm, htu without query, jti, iat, the server's nonce if there is
   * one, and our own claim `boot`.
   */
  prove(method: string, url: string, nonce: string | null): Promise<string>;
}

export type FetchInit = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Until the answer's head is there and, unless `isStream`, its body too. Default 10 s. */
  deadline?: Duration;
  /** The body is read for as long as it lasts. */
  isStream?: boolean;
};

/** `fetch` with a deadline, the proxy settings and the CAs of this process. Redirects are not followed. */
export type Fetch = (url: string, init?: FetchInit) => Promise<Response>;

/** What answers at an address we do not trust yet: the CA at the end of its certificate chain. */
export type CaProbe = (
  url: string,
) => Promise<
  { kind: 'ca'; pem: string } | { kind: 'unreachable'; detail: string } | { kind: 'no-tls'; detail: string }
>;

/** The machine as it stands: sizes in bytes, times in seconds. `log`: the last lines, redacted when they were written. */
export type MachineReport = {
  os: string;
  arch: string;
  node: string;
  uptime: number;
  processUptime: number;
  memory: { total: number; free: number; resident: number; heap: number };
  /** Of the disk the data directory is on; null when it does not say. */
  freeDisk: number | null;
  log: readonly string[];
};

export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void;
  warn(event: string, fields?: Record<string, string | number | boolean | null>): void;
  error(event: string, fields?: Record<string, string | number | boolean | null>): void;
}
