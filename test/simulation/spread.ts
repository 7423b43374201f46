/** Spreads work over child processes, one for each core, and adds up what they say. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Child = { args: readonly string[]; env?: NodeJS.ProcessEnv; preload?: string };

/** Runs one script; gives its last line, which is JSON. Throws what it wrote to stderr when it fails. */
export function runChild(script: string, { args, env = {}, preload }: Child): Promise<unknown> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const before = preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href];
  const child = spawn(process.execPath, ['--no-warnings', ...before, file, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      const last = out.trim().split('\n').at(-1) ?? '';
      if (code !== 0) reject(new Error(`${script} ${args.join(' ')} ended with ${code}: ${err.slice(-4000)}`));
      else resolve(JSON.parse(last));
    });
  });
}

/** Works through `items` with so many hands at a time, in order; answers in the same order. */
export async function inParallel<T, R>(
  hands: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const hand = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
  return results;
}
