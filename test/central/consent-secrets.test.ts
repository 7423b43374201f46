/** Canaries: whatever secret central is given or gets stands nowhere in the clear. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NewLicenceKeys } from '../../src/contract/wire/console.ts';
import { makeAppCertificate } from '../demo/support/app-certificate.ts';
import { makeBrowser } from '../demo/support/browser.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
/** What the token endpoint handed out, as the tenant itself remembers it. */
const handedOut: string[] = [];
/** Every answer of the console API. */
const answers: string[] = [];

beforeAll(async () => {
  session = await startTenantSession();
  const { admin } = session;
  const send = admin.send.bind(admin);
  admin.send = async (...request) => {
    const answer = await send(...request);
    const text = await answer.clone().text();
    // New licence keys are shown this once, on purpose.
    if (request[1] !== '/licence-keys') answers.push(text, JSON.stringify([...answer.headers]));
    return answer;
  };
});
afterAll(() => session.stop());

/** Refresh tokens are opaque and their database is the tenant's own: they are read there. */
async function refreshTokens(): Promise<string[]> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(join(session.tenant.dataDir, 'tenant.sqlite'), { readonly: true });
  const rows = db.prepare(`select id from oidc where model = 'RefreshToken'`).all();
  db.close();
  return rows.map(row => v.parse(v.object({ id: v.string() }), row).id);
}

async function everythingWritten(): Promise<string> {
  const { dataDir, log } = session.running;
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter(file => file.isFile()).map(file => readFile(join(file.parentPath, file.name), 'latin1')),
  );
  expect(files.some(file => file.name.endsWith('-wal'))).toBe(true);
  // Arguments and environment of every process, as anybody on the machine may list them.
  const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const listed = processes.flatMap(pid => ['cmdline', 'environ'].map(file => `/proc/${pid}/${file}`));
  const shown = await Promise.all(listed.map(file => readFile(file, 'latin1').catch(() => '')));
  return [...texts, ...log, ...answers, ...shown].join('\n');
}

test('client secret, certificate key, refresh and access tokens, password, licence key, session', async () => {
  const { tenant, admin, running } = session;
  const { pem, privateKey } = await makeAppCertificate();
  const upload = await tenant.fetch(`${tenant.tenant.control}/api/app/certificates`, { method: 'POST', body: pem });
  expect(upload.status).toBe(204);

  // Everything that goes right, and everything that goes wrong with a secret in the hand.
  await session.save();
  await session.arrive(await session.signIn());
  await session.save({ clientSecret: null });
  await admin.send('POST', '/server-settings/default/token/refresh');
  const withKey = await session.add({ name: 'Certificate', signIn: 'app-certificate', certificate: pem + privateKey });
  await admin.send('POST', `/server-settings/${withKey}/token`);
  expect(await session.token(withKey)).toMatchObject({ kind: 'issued', problem: null });
  await admin.send('POST', `/server-settings/${withKey}/test`);
  await session.save({ clientSecret: 'canary-that-is-wrong' });
  await session.save();
  const path = '/server-settings/default';
  await admin.send('PUT', path, session.settings({ clientSecret: { canary: 'canary-in-a-shape' } }));
  await admin.send('PUT', path, session.settings({ clientSecret: `canary-too-long${'x'.repeat(500)}` }));
  await admin.send('PUT', path, session.settings({ certificate: `${pem}${privateKey.slice(0, 400)}` }));
  await admin.send('PUT', path, session.settings({ authority: 'https://x.example', certificate: pem + privateKey }));
  await session.save({ signIn: 'delegated' });
  await session.arrive(await session.signIn());
  const { url } = await admin.ask('POST', `${path}/token`, v.object({ url: v.string() }));
  const back = await makeBrowser(tenant).signIn(url);
  const code = back.searchParams.get('code') ?? 'missing';
  await session.arrive(back);
  await session.arrive(back);
  tenant.tenant.faults.add({ kind: 'captive-portal' });
  await admin.send('POST', `${path}/token/refresh`);
  tenant.tenant.faults.clear();
  await admin.send('GET', path);
  await admin.send('GET', `/server-settings/${withKey}`);
  await admin.send('GET', '/server-settings');
  await admin.send('GET', '/overview');
  const { keys } = await admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' });
  const key = keys[0]?.key ?? 'missing';
  handedOut.push(...(await refreshTokens()));
  expect(handedOut.length).toBeGreaterThan(3);

  const keyLines = privateKey.split('\n').filter(line => !line.startsWith('-') && line.length === 64);
  expect(keyLines.length).toBeGreaterThan(10);
  const secrets = {
    'the client secret': [tenant.tenant.clientSecret],
    'a wrong secret': ['canary-that-is-wrong', 'canary-in-a-shape', 'canary-too-long'],
    'the key of the certificate': keyLines,
    'a refresh token': handedOut,
    'an authorization code': [code],
    'the service account\u2019s password': [tenant.tenant.password],
    'a licence key': [key, key.replaceAll('-', '')],
    'the admin\u2019s password': ['correct horse battery'],
    'the session cookie': [admin.cookies.get('__Host-lintel') ?? 'missing'],
    'an access token': [Buffer.from('{"alg":"RS256","typ":"at+jwt"').toString('base64url').slice(0, 30)],
  };
  const everything = await everythingWritten();
  expect(everything.length).toBeGreaterThan(50_000);
  for (const [what, texts] of Object.entries(secrets)) {
    for (const text of texts) expect(everything.includes(text), `${what} is in the clear`).toBe(false);
  }
  // Opaque to us or not: this is what msal's cache looks like.
  expect(everything).not.toMatch(/"RefreshToken"|"AccessToken"|refresh_token/);
  // The search would find what is there.
  expect(everything.includes(tenant.tenant.clientId)).toBe(true);
  expect(everything.includes(pem.split('\n')[3] ?? 'missing')).toBe(true);
  expect(running.log.length).toBeGreaterThan(5);
});
