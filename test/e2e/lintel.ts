/** Runs the lintel command as a person does: a process of its own, its words, its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export type Run = {
  child: ChildProcess;
  /** The first line of JSON on standard output; rejects when it ends before. */
  ready: Promise<Record<string, unknown>>;
  /** Resolves with exit code (null: killed by a signal) and everything it said. */
  ended: Promise<{ code: number | null; out: string; err: string }>;
};

export function lintel(args: string[], env: Record<string, string> = {}): Run {
  const clean = {
    ...process.env,
    LINTEL_DATA_DIR: '',
    LINTEL_PORT: '',
    LINTEL_CENTRAL_URL: '',
    LINTEL_SHELL: 'none',
    ...env,
  };
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/lintel.js'), ...args], {
    env: clean,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', part => {
    err += part;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve =>
    child.once('close', code => resolve({ code, out, err })),
  );
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout.on('data', part => {
      out += part;
      const line = out.split('\n').find(l => l.startsWith('{') && l.endsWith('}'));
      if (line) resolve(JSON.parse(line));
    });
    ended.then(({ code }) => reject(new Error(`ended with ${code}: ${err.slice(-500)}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended };
}

/** The processes below this one, grandchildren included (Linux). */
export function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) }];
      } catch {
        return [];
      }
    });
  const below = (of: number): number[] => parents.filter(p => p.parent === of).flatMap(p => [p.pid, ...below(p.pid)]);
  return below(pid);
}

export const isAlive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Three ports in a row that were free a moment ago. */
export async function freePorts(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
  await new Promise(resolve => server.close(resolve));
  return port < 65_000 ? port : freePorts();
}
