/** What the machine says of itself when somebody far away has to mend the panel. */
import { statfs } from 'node:fs/promises';
import { arch, freemem, release, totalmem, type, uptime } from 'node:os';
import type { MachineReport } from '../agent/ports.ts';

/** `log`: the last lines of this process' log. */
export async function inspectMachine(dataDir: string, log: readonly string[]): Promise<MachineReport> {
  const { rss, heapUsed } = process.memoryUsage();
  const disk = await statfs(dataDir).catch(() => null);
  return {
    os: `${type()} ${release()}`,
    arch: arch(),
    node: process.versions.node,
    uptime: Math.round(uptime()),
    processUptime: Math.round(process.uptime()),
    memory: { total: totalmem(), free: freemem(), resident: rss, heap: heapUsed },
    freeDisk: disk && disk.bavail * disk.bsize,
    log,
  };
}
