/** Things that stop a program from starting, each with what a person can do about it. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';

export type StartErrorKind =
  | 'port-in-use'
  | 'port-not-allowed'
  | 'address-not-here'
  | 'dir-not-writable'
  | 'already-running'
  | 'bad-setting'
  | 'missing-file';

/** Thrown while starting only. `message` says what is wrong, `mend` what to do; both are one sentence for a person. */
export class StartError extends Error {
  readonly kind: StartErrorKind;
  readonly mend: string;

  constructor(kind: StartErrorKind, message: string, mend: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
    this.kind = kind;
    this.mend = mend;
  }
}

/** The `code` of a Node system error such as `EACCES`, or null. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Makes the directory (mode 0700) if it is missing. Throws StartError `dir-not-writable`. */
export async function ensureWritableDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (!(await stat(dir)).isDirectory()) throw new Error('not a directory');
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = errorCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw new StartError(
      'dir-not-writable',
      `the data directory ${dir} is not writable (${why})`,
      'Give this user the right to write there, or point LINTEL_DATA_DIR to another directory.',
      error,
    );
  }
}

/**
 * Listens, and answers with the port (a free one when `port` is 0). Throws StartError when the port is taken, needs
 * more rights, or the address is not one of this machine.
 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(listenError(error, port, host));
    server.once('error', onError);
    server.listen(port, host, () => {
      server.removeListener('error', onError);
      resolve(portOf(server.address()) ?? port);
    });
  });
}

function portOf(address: AddressInfo | string | null): number | null {
  return typeof address === 'object' && address !== null ? address.port : null;
}

function listenError(error: Error, port: number, host: string): Error {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new StartError(
      'port-in-use',
      `port ${port} on ${host} is in use by another program`,
      'Stop that program, or choose another port with --port or LINTEL_PORT (0 picks a free one).',
      error,
    );
  }
  if (code === 'EACCES') {
    return new StartError(
      'port-not-allowed',
      `this user may not open port ${port}`,
      'Choose a port above 1023 with --port or LINTEL_PORT.',
      error,
    );
  }
  if (code === 'EADDRNOTAVAIL') {
    return new StartError(
      'address-not-here',
      `${host} is not an address of this machine`,
      'Listen on an address that this machine has.',
      error,
    );
  }
  return error;
}
