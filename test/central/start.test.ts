import { X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initCentral, startCentral } from '../../src/central/main.ts';
import { hours, instant } from '../../src/contract/values/time.ts';
import { SetUp } from '../../src/contract/wire/console.ts';
import { makeLog } from '../../src/platform/log.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { ConsoleClient } from './support/console-client.ts';
import { ADMIN, runCentral } from './support/running-central.ts';

const log = makeLog({ level: 'silent' });
const clockAt = (at = Date.now()) => new VirtualClock(instant(at));
let dataDir: string;
const pagesDir = () => join(dataDir, 'pages');

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lintel-start-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const start = (more: Partial<Parameters<typeof startCentral>[0]> = {}) =>
  startCentral({ dataDir, port: 0, clock: clockAt(), log, pagesDir: pagesDir(), ...more });

test('a first start invents a password, tells it once, and keeps its keys to itself', async () => {
  const running = await runCentral({ dataDir, firstAdmin: null });
  const login = running.central.firstAdminPassword;
  expect(login?.username).toBe('admin');
  expect(login?.password).toMatch(/^(\w{5}-){3}\w{5}$/);
  const client = new ConsoleClient(running.fetch, running.url);
  expect((await client.login(login ?? ADMIN)).status).toBe(204);
  expect(await client.ask('GET', '/set-up', SetUp)).toMatchObject({ hasOwnPassword: false, connection: 'none' });
  for (const name of ['secret.key', 'ca.key', 'server.key', 'central.db']) {
    expect((await stat(join(dataDir, name))).mode & 0o777, name).toBe(0o600);
  }
  expect(running.log.join('')).not.toContain(login?.password ?? '-');
  await running.stop();
  expect(running.clock.armed).toBe(0);
});

test('the certificate speaks for every name of this machine and is sent with its CA, which stays the same', async () => {
  const first = await start();
  const chain = await peerChain(first.url);
  expect(chain).toHaveLength(2);
  expect(new X509Certificate(chain[1] ?? '').fingerprint256).toBe(new X509Certificate(first.caPem).fingerprint256);
  const names = new X509Certificate(chain[0] ?? '').subjectAltName ?? '';
  for (const name of ['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1', `DNS:${hostname()}`]) {
    expect(names.toLowerCase()).toContain(name.toLowerCase());
  }
  await first.stop();

  const second = await start();
  expect(second.caPem).toBe(first.caPem);
  expect(second.firstAdminPassword).toBeNull();
  expect((await peerChain(second.url))[0]).toBe(chain[0]);
  await second.stop();

  const renamed = await start({ publicUrl: 'https://central.example:8443' });
  expect(renamed.url).toBe('https://central.example:8443');
  expect(await readFile(join(dataDir, 'server.pem'), 'utf8')).not.toBe(chain.join(''));
  const leaf = new X509Certificate(await readFile(join(dataDir, 'server.pem'), 'utf8'));
  expect(leaf.subjectAltName).toContain('central.example');
  await renamed.stop();

  const later = await start({ clock: clockAt(Date.now() + hours(24 * 380)) });
  const renewed = new X509Certificate(await readFile(join(dataDir, 'server.pem'), 'utf8'));
  expect(renewed.validToDate.getTime()).toBeGreaterThan(leaf.validToDate.getTime());
  await later.stop();
  await rm(join(dataDir, 'server.pem'));
});

test('a CA made anew signs anew', async () => {
  const before = await start();
  await before.stop();
  await rm(join(dataDir, 'ca.key'));
  const after = await start();
  expect(after.caPem).not.toBe(before.caPem);
  const [leaf = '', ca = ''] = await peerChain(after.url);
  expect(new X509Certificate(ca).fingerprint256).toBe(new X509Certificate(after.caPem).fingerprint256);
  expect(new X509Certificate(leaf).verify(new X509Certificate(after.caPem).publicKey)).toBe(true);
  await after.stop();
});

test('--init gives the admin a new password, and needs central to be stopped', async () => {
  const running = await runCentral({ dataDir });
  const options = { dataDir, clock: clockAt(), log };
  const init = (password: string | null) => initCentral({ ...options, admin: { username: 'Admin', password } });
  await expect(init('long enough')).rejects.toMatchObject({ kind: 'already-running' });
  await expect(init('short')).rejects.toMatchObject({ kind: 'bad-setting' });
  await running.stop();
  const set = await init(null);
  const again = await runCentral({ dataDir });
  const client = new ConsoleClient(again.fetch, again.url);
  expect((await client.login(set)).status).toBe(204);
  await again.stop();
});

test('what is in the way is named, with what mends it, and nothing is left running', async () => {
  const running = await start();
  const port = Number(new URL(running.url).port);
  const other = await mkdtemp(join(tmpdir(), 'lintel-start-'));
  await expect(start({ dataDir: other, port })).rejects.toMatchObject({ kind: 'port-in-use' });
  await expect(start()).rejects.toMatchObject({ kind: 'already-running' });
  await running.stop();

  const file = join(other, 'file');
  await writeFile(file, '');
  await expect(start({ dataDir: file })).rejects.toMatchObject({ kind: 'dir-not-writable' });
  await expect(start({ pagesDir: join(other, 'nothing') })).rejects.toMatchObject({ kind: 'missing-file' });
  await expect(start({ publicUrl: 'http://central.example' })).rejects.toMatchObject({ kind: 'bad-setting' });
  await expect(start({ databaseUrl: 'postgres://nobody@127.0.0.1:1/x' })).rejects.toMatchObject({
    kind: 'bad-setting',
    message: expect.stringContaining('database'),
  });

  // The database of one key with another key beside it.
  await cp(join(dataDir, 'central.db'), join(other, 'central.db'));
  await rm(join(other, 'secret.key'), { force: true });
  await expect(start({ dataDir: other })).rejects.toMatchObject({
    kind: 'bad-setting',
    message: expect.stringContaining('secret key'),
  });
  // After all these failures the directory is free again.
  await (await start()).stop();
  await rm(other, { recursive: true });
});

/** The certificates the server sends, leaf first, as PEM. */
function peerChain(url: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const chain: string[] = [];
      let certificate = socket.getPeerX509Certificate();
      while (certificate) {
        chain.push(certificate.toString());
        certificate = certificate.issuerCertificate === certificate ? undefined : certificate.issuerCertificate;
      }
      socket.destroy();
      resolve(chain);
    });
    socket.once('error', reject);
  });
}
