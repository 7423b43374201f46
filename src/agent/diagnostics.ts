/** What an admin gets when asking a panel what is the matter: kinds, counts and the log, which is redacted already. */
import type { Findings } from '../core/effects.ts';
import type { Identity, MachineReport } from './ports.ts';

/** Central takes 200,000 characters (contract/wire/panel.ts); the rest of the answer needs some, and quotes are escaped. */
const LONGEST_LOG = 100_000;

export function diagnosticsText(
  findings: Findings,
  identity: Identity,
  agentVersion: string,
  { log, ...machine }: MachineReport,
): string {
  const { panel, hostname, mac, keyStore, starts } = identity;
  return JSON.stringify({ agentVersion, panel, hostname, mac, keyStore, starts, machine, findings, log: latest(log) });
}

/** The last lines that fit. */
function latest(lines: readonly string[]): string[] {
  let length = 0;
  let first = lines.length;
  for (; first > 0; first--) {
    length += JSON.stringify(lines[first - 1]).length;
    if (length > LONGEST_LOG) break;
  }
  return lines.slice(first);
}
