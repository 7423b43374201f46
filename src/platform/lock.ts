import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../contract/values/time.ts';
import { errorCode, StartError } from './start-error.ts';

const ASK_DEADLINE = seconds(1);

/**
 * Makes sure that one process alone uses this data directory. The lock is a local socket whose name comes from the
 * directory: the system frees it with the process, however that ends, so there is never a stale one to clean up.
 *
 * Throws StartError `already-running`, naming the other process.
 */
export async function lockDataDir(dataDir: string): Promise<{ release(): Promise<void> }> {
  const name = socketName(
    createHash('sha256')
      .update(await realpath(dataDir))
      .digest('hex')
      .slice(0, 32),
  );
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy());
    socket.end(`${process.pid}\n`);
  });
  if (!(await tryListen(server, name))) {
    const owner = await askOwner(name);
    if (owner !== null || !name.startsWith('/')) throw alreadyRunning(dataDir, owner);
    // A socket file nobody answers at: left by a process that died (neither Linux nor Windows get here).
    await rm(name, { force: true });
    if (!(await tryListen(server, name))) throw alreadyRunning(dataDir, null);
  }
  server.unref();
  return {
    release: () =>
      new Promise(resolve => {
        server.close(() => resolve());
      }),
  };
}

function socketName(id: string): string {
  if (process.platform === 'linux') return `\0lintel-${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\lintel-${id}`;
  return join(tmpdir(), `lintel-${id}.sock`);
}

function tryListen(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => (errorCode(error) === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', onError);
    server.listen(name, () => {
      server.removeListener('error', onError);
      resolve(true);
    });
  });
}

/** The process id of whoever holds the lock; null when nobody answers. */
function askOwner(name: string): Promise<string | null> {
  return new Promise(resolve => {
    let answer = '';
    const socket = connect(name);
    socket.setTimeout(ASK_DEADLINE, () => socket.destroy());
    socket.on('data', part => {
      answer += part.toString('latin1');
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(/^\d+$/.test(answer.trim()) ? answer.trim() : null));
  });
}

function alreadyRunning(dataDir: string, owner: string | null): StartError {
  const who = owner === null ? 'another process' : `process ${owner}`;
  return new StartError(
    'already-running',
    `${who} already uses the data directory ${dataDir}`,
    'Stop it, or give this one a directory of its own with LINTEL_DATA_DIR.',
  );
}
