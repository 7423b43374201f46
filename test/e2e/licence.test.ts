/** A vendor signs a licence file with the command line, and a central that knows the vendor's key takes it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { AdminClient } from '../../src/cli/admin-client.ts';
import { LicenceStatus } from '../../src/contract/wire/console.ts';
import { lintel } from './lintel.ts';

it('makes a key pair, signs a licence, and central limits its seats by it', { timeout: 60_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lintel-licence-'));
  const key = join(dir, 'vendor.key');
  expect(await lintel(['licence', 'new-key', '--key', key]).ended).toMatchObject({ code: 0 });
  const signed = join(dir, 'contoso.licence');
  const sign = ['licence', 'sign', '--key', key, '--customer', 'Contoso', '--seats', '2', '--out', signed];
  expect(await lintel(sign).ended).toMatchObject({ code: 0 });
  const shown = await lintel(['licence', 'show', signed, '--public-key', `${key}.pub`]).ended;
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('Contoso') });
  expect(await lintel(['licence', 'show', 'a', 'b']).ended).toMatchObject({ code: 2 });

  const central = lintel(
    ['central', '--json', '--port', '0', '--host', '127.0.0.1', '--data-dir', join(dir, 'central')],
    {
      LINTEL_ADMIN_PASSWORD: 'correct horse battery',
      LINTEL_LICENCE_KEYS: `${key}.pub`,
    },
  );
  const { url } = await central.ready;
  const ca = await readFile(join(dir, 'central/ca.pem'), 'utf8');
  const admin = await AdminClient.logIn(String(url), ca, { username: 'admin', password: 'correct horse battery' });
  const file = await readFile(signed, 'utf8');
  const status = await admin.api('PUT', '/licence', LicenceStatus, { file });
  expect(status).toMatchObject({ state: 'valid', entitlement: { customer: 'Contoso', seats: 2 } });
  await expect(admin.api('PUT', '/licence', LicenceStatus, { file: file.replace('.', '.A') })).rejects.toThrow(
    /licence-invalid/,
  );
  await admin.api('POST', '/licence-keys', v.unknown(), { count: 2, note: '' });
  await expect(admin.api('POST', '/licence-keys', v.unknown(), { count: 1, note: '' })).rejects.toThrow(/no-seats/);
  await admin.close();
  central.child.kill('SIGTERM');
  expect((await central.ended).code).toBe(0);
  await rm(dir, { recursive: true, force: true });
});
