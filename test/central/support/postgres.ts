/** A PostgreSQL of our own in a temporary directory: Debian's binaries, run as the user `postgres` when we are root. */
import { spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = '/usr/lib/postgresql';

/** The directory of initdb and postgres, or null where they are not installed. */
export async function findPostgres(): Promise<string | null> {
  const versions = await readdir(ROOT).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(ROOT, newest, 'bin');
}

export type Postgres = { newDatabase(): Promise<string>; stop(): Promise<void> };

export async function startPostgres(bin: string): Promise<Postgres> {
  const dir = await mkdtemp(join(tmpdir(), 'lintel-postgres-'));
  const user = process.getuid?.() === 0 ? await idsOf('postgres') : null;
  if (user) await chown(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'lintel', '-A', 'trust', '-E', 'UTF8', '--no-sync'], user, dir);
  const port = await freePort();
  const flags = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const server = spawn(join(bin, 'postgres'), [...flags, '-c', 'fsync=off'], { ...user, cwd: dir, stdio: 'pipe' });
  const ended = new Promise<void>(resolve => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr.on('data', part => {
      said += String(part);
      if (said.includes('ready to accept connections')) resolve();
    });
    void ended.then(() => reject(new Error(`postgres ended: ${said}`)));
  });
  let count = 0;
  return {
    async newDatabase() {
      const { default: pg } = await import('pg');
      const name = `test_${count++}`;
      const client = new pg.Client({ connectionString: `postgres://lintel@127.0.0.1:${port}/postgres` });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return `postgres://lintel@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      server.kill('SIGINT');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Ids = { uid: number; gid: number };

async function idsOf(name: string): Promise<Ids> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name], null, '/'), run('id', ['-g', name], null, '/')]);
  return { uid: Number(uid), gid: Number(gid) };
}

function run(command: string, args: string[], user: Ids | null, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...user, cwd, stdio: 'pipe' });
    let said = '';
    child.stdout.on('data', part => {
      said += String(part);
    });
    child.stderr.on('data', part => {
      said += String(part);
    });
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? resolve(said) : reject(new Error(`${command}: ${said}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
