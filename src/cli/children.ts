/** The programs a demo is made of, each its own process that says in one line of JSON when it is ready. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StartError } from '../platform/start-error.ts';
import { ROOT } from './settings.ts';

export type Child = { ready: unknown; tell(message: object): void; stop(): Promise<void> };

/** Starts `lintel <args> --json` and waits for its line. Throws when it ends before, with what it said. */
export async function startChild(
  args: string[],
  env: Record<string, string>,
  onDeath: (name: string) => void,
): Promise<Child> {
  const [name = ''] = args;
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/lintel.js'), ...args, '--json'], {
    // The fourth is a channel whose closing tells the child that we are gone, however we went.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  // Until it is ready its words are kept: should it fail, they are the error, told once.
  let said: string[] | null = [];
  const pass = (line: string) => process.stderr.write(`${line}\n`);
  if (child.stderr) createInterface({ input: child.stderr }).on('line', line => (said ? said.push(line) : pass(line)));
  const ready = await firstLine(child).catch(() => {
    const [what = `${name} did not start`, ...mend] = (said ?? []).filter(line => !line.startsWith('{'));
    throw new StartError('missing-file', what, mend.join('\n').trim() || 'Try it alone, with LINTEL_LOG_LEVEL=debug.');
  });
  for (const line of said) pass(line);
  said = null;
  child.once('exit', () => onDeath(name));
  return { ready, tell: message => void child.send(message), stop: () => end(child) };
}

function firstLine(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Only when its output has been read to the end, so that nothing it said is missing.
    child.once('close', reject);
    child.once('error', reject);
    if (child.stdout) createInterface({ input: child.stdout }).once('line', line => resolve(JSON.parse(line)));
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.removeAllListeners('exit');
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
