import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'valibot';
import { expect, test } from 'vitest';
import { PanelId } from '../../src/contract/values/ids.ts';
import { between, hours, instant } from '../../src/contract/values/time.ts';
import { makeCaProbe } from '../../src/platform/ca-probe.ts';
import { certificateExpiry, certificateNames, issueLeaf, makeCa, splitPem } from '../../src/platform/certificates.ts';
import { pairingWords } from '../../src/platform/pairing-words.ts';
import { listen } from '../../src/platform/start-error.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const clock = makeSystemClock();
const names = ['central.local', '127.0.0.1', '::1', 'localhost'];

test('a leaf names what it was issued for and passes OpenSSL in its strictest mode', async () => {
  const ca = await makeCa('Lintel test CA', clock);
  const leaf = await issueLeaf(ca, names, clock);
  expect(certificateNames(leaf.cert)).toEqual(names);
  expect(splitPem(leaf.chain)).toHaveLength(2);
  expect(new X509Certificate(leaf.cert).checkIssued(new X509Certificate(ca.cert))).toBe(true);

  const dir = await mkdtemp(join(tmpdir(), 'lintel-cert-'));
  await writeFile(join(dir, 'ca'), ca.cert);
  await writeFile(join(dir, 'leaf'), leaf.cert);
  const verify = (name: string) =>
    promisify(execFile)('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      join(dir, 'ca'),
      '-verify_hostname',
      name,
      join(dir, 'leaf'),
    ]);
  expect((await verify('central.local')).stdout).toContain('OK');
  await expect(verify('elsewhere.local')).rejects.toThrow();
  await rm(dir, { recursive: true });
});

test('lives: a CA ten years, a leaf 397 days, both valid since yesterday', async () => {
  const now = instant(Date.UTC(2026, 10, 20, 12));
  const virtual = new VirtualClock(now);
  const ca = await makeCa('Lintel test CA', virtual);
  const leaf = await issueLeaf(ca, ['central.local'], virtual);
  expect(between(now, certificateExpiry(leaf.cert))).toBe(hours(24 * 396));
  expect(between(now, certificateExpiry(ca.cert))).toBeGreaterThan(hours(24 * 3650));
  expect(new X509Certificate(leaf.cert).validFromDate.getTime()).toBe(now - hours(24));
});

test('the probe finds the CA behind a server without trusting it, and says what else it found', async () => {
  const ca = await makeCa('Lintel test CA', clock);
  const leaf = await issueLeaf(ca, names, clock);
  const heard: string[] = [];
  const server = createServer({ cert: leaf.chain, key: leaf.key }, request => heard.push(request.url ?? ''));
  const port = await listen(server, 0, '127.0.0.1');
  const probe = makeCaProbe();
  const found = await probe(`https://127.0.0.1:${port}/`);
  expect(found).toEqual({ kind: 'ca', pem: splitPem(ca.cert)[0] });
  expect(heard).toEqual([]);
  await new Promise(resolve => server.close(resolve));
  expect(await probe(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'unreachable' });
  expect(await probe('http://127.0.0.1/')).toMatchObject({ kind: 'no-tls' });
});

test('the probe gives up on a silent server and recognises one without TLS', async () => {
  const { createServer: createTcp } = await import('node:net');
  const silent = createTcp(socket => socket.on('error', () => undefined));
  const plain = createTcp(socket => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const silentPort = await listen(silent, 0, '127.0.0.1');
  const plainPort = await listen(plain, 0, '127.0.0.1');
  expect(await makeCaProbe(hours(1 / 36_000))(`https://127.0.0.1:${silentPort}`)).toMatchObject({
    kind: 'unreachable',
  });
  expect(await makeCaProbe()(`https://127.0.0.1:${plainPort}`)).toMatchObject({ kind: 'no-tls' });
  for (const server of [silent, plain]) server.close();
});

test('four words change with the panel and with the CA, and never by chance', async () => {
  const one = parse(PanelId, 'a'.repeat(43));
  const other = parse(PanelId, 'b'.repeat(43));
  const ca = await makeCa('Lintel test CA', clock);
  const impostor = await makeCa('Lintel test CA', clock);
  const words = pairingWords(one, ca.cert);
  expect(words).toHaveLength(4);
  for (const word of words) expect(word).toMatch(/^[a-z]{3,8}$/);
  expect(pairingWords(one, ca.cert)).toEqual(words);
  expect(pairingWords(other, ca.cert)).not.toEqual(words);
  expect(pairingWords(one, impostor.cert)).not.toEqual(words);
});
