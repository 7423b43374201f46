import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeLicenceKey } from '../../src/contract/values/licence-key.ts';
import { findCentral, normaliseCentralAddress, PROVISIONING_FILE } from '../../src/platform/central-address.ts';
import { makeCa } from '../../src/platform/certificates.ts';
import { makeSystemClock } from '../../src/platform/system-clock.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lintel-address-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
const provision = (where: string, content: unknown) =>
  writeFile(join(where, PROVISIONING_FILE), typeof content === 'string' ? content : JSON.stringify(content));

test.each([
  ['central.local', 'https://central.local:4300'],
  ['  Central.Local/console  ', 'https://central.local:4300'],
  ['central.local:8443', 'https://central.local:8443'],
  ['central.local:443', 'https://central.local'],
  ['10.0.0.7', 'https://10.0.0.7:4300'],
  ['[fd00::7]', 'https://[fd00::7]:4300'],
  ['[fd00::7]:443', 'https://[fd00::7]'],
  ['https://lintel.example', 'https://lintel.example'],
  ['HTTPS://lintel.example:4300/panel?x#y', 'https://lintel.example:4300'],
])('%s means %s', (typed, url) => {
  expect(normaliseCentralAddress(typed)).toEqual({ kind: 'address', url });
});

test.each(['', 'http://central.local', 'ftp://x', 'central local', 'https://', 'user:secret@central.local', 'a:99999'])(
  '%j is refused',
  typed => {
    expect(normaliseCentralAddress(typed)).toMatchObject({ kind: 'invalid' });
  },
);

test('the environment comes first, then the directories in their order, then sticks', async () => {
  const [program, data, stick] = [join(dir, 'program'), join(dir, 'data'), join(dir, 'media', 'kim', 'STICK')];
  for (const where of [program, data, stick]) await mkdir(where, { recursive: true });
  const search = (env: Record<string, string>) => findCentral(env, [program, data], [join(dir, 'media')]);
  expect(await search({})).toEqual({ kind: 'none', problems: [] });

  await provision(stick, `\uFEFF${JSON.stringify({ central: 'stick.local' })}`);
  expect(await search({})).toMatchObject({ url: 'https://stick.local:4300', from: join(stick, PROVISIONING_FILE) });
  const { cert } = await makeCa('Lintel test CA', makeSystemClock());
  const licenceKey = makeLicenceKey(Array.from({ length: 24 }, (_, i) => i));
  await provision(data, { central: 'data.local', ca: cert, licenceKey: licenceKey.toLowerCase() });
  expect(await search({})).toMatchObject({ url: 'https://data.local:4300', ca: cert, licenceKey });
  await provision(program, { central: 'program.local' });
  expect(await search({})).toMatchObject({ url: 'https://program.local:4300', ca: null, licenceKey: null });
  expect(await search({ LINTEL_CENTRAL_URL: 'env.local' })).toMatchObject({
    url: 'https://env.local:4300',
    from: 'LINTEL_CENTRAL_URL',
  });
});

test.each([
  ['is not JSON', '{'],
  ['object', []],
  ['central', {}],
  ['https', { central: 'http://x' }],
  ['PEM', { central: 'x', ca: 'nonsense' }],
  ['licence key', { central: 'x', licenceKey: 'AAAAA' }],
  ['larger', 'x'.repeat(300_000)],
])('a bad provisioning file is named with its reason: %s', async (reason, content) => {
  await provision(dir, content);
  const search = await findCentral({ LINTEL_CENTRAL_URL: 'http://x' }, [dir], []);
  expect(search).toMatchObject({ kind: 'none' });
  expect(search.problems[0]).toContain('LINTEL_CENTRAL_URL');
  expect(search.problems[1]).toContain(join(dir, PROVISIONING_FILE));
  expect(search.problems[1]).toContain(reason);
});
