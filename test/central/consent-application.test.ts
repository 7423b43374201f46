/** Connections that act as the application itself: with a secret, with a certificate. */
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SaveAnswer, TokenStatus } from '../../src/contract/wire/console.ts';
import { WireError } from '../../src/contract/wire/panel.ts';
import { type MadeCertificate, makeAppCertificate } from '../demo/support/app-certificate.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
let certificate: MadeCertificate;

beforeAll(async () => {
  [session, certificate] = await Promise.all([startTenantSession(), makeAppCertificate({ name: 'Lintel central' })]);
  const path = `${session.tenant.tenant.control}/api/app/certificates`;
  const answer = await session.tenant.fetch(path, { method: 'POST', body: certificate.pem });
  if (answer.status !== 204) throw new Error(`the tenant does not take the certificate: ${answer.status}`);
});
afterAll(() => session.stop());
afterEach(() => session.tenant.tenant.faults.clear());

const get = () => session.admin.ask('POST', '/server-settings/default/token', SaveAnswer);
const refresh = () => session.admin.ask('POST', '/server-settings/default/token/refresh', TokenStatus);
const consentTo = (application: string[]) =>
  session.tenant.control('PUT', '/consent', {
    delegated: ['Calendars.ReadWrite.Shared', 'Place.Read.All'],
    application,
  });
const RIGHTS = ['Calendars.ReadWrite', 'Place.Read.All'];

test('with a secret: Get Access Token fetches it at once and imports the rooms', async () => {
  await session.save({ signIn: 'app-secret', serviceAccount: null });
  const { settings, imported } = await get();
  expect(settings.token).toMatchObject({
    kind: 'issued',
    account: session.tenant.tenant.clientId,
    scopes: RIGHTS,
    refreshLapses: null,
    problem: null,
  });
  expect(settings.consent.kind).toBe('granted');
  expect(imported.kind === 'imported' && imported.added > 5, JSON.stringify(settings.importProblem)).toBe(true);
  const before = settings.token;
  const after = await refresh();
  expect(after).toMatchObject({ kind: 'issued', problem: null });
  expect(after.kind === 'issued' && before.kind === 'issued' && after.issued > before.issued).toBe(true);
});

test('a wrong secret is named, and so is a consent that does not reach', async () => {
  await session.save({ signIn: 'app-secret', clientSecret: 'wrong' });
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: { code: 'AADSTS7000215' } });
  await session.admin.ask('DELETE', '/server-settings/default/token', TokenStatus);
  const refused = await get();
  expect(refused.settings.token).toMatchObject({
    kind: 'none',
    problem: { kind: 'wrong-secret', code: 'AADSTS7000215' },
  });
  expect(refused.imported).toEqual({ kind: 'no-token' });

  await consentTo(['Calendars.ReadWrite']);
  // Of another secret nothing is known yet.
  const mended = await session.save({ signIn: 'app-secret' });
  expect(mended.settings.token).toEqual({ kind: 'none', problem: null });
  const { settings } = await get();
  const problem = { kind: 'consent-missing', detail: expect.stringContaining('Place.Read.All') };
  expect(settings).toMatchObject({ token: { kind: 'issued', problem }, consent: { kind: 'missing', problem } });
  await consentTo(RIGHTS);
  expect(await refresh()).toMatchObject({ kind: 'issued', scopes: RIGHTS, problem: null });
});

test.each(['empty-token', 'captive-portal', 'drop', 'consent-missing'] as const)(
  'the fault %s at the first token leaves none, and says why',
  async kind => {
    await session.admin.ask('DELETE', '/server-settings/default/token', TokenStatus);
    session.tenant.tenant.faults.add({ kind });
    const { settings } = await get();
    const expected = kind === 'drop' || kind === 'captive-portal' ? 'unreachable' : kind;
    expect(settings.token).toMatchObject({ kind: 'none', problem: { kind: expected } });
  },
);

test('with a certificate: the public part is shown, a token is had again and again, and another kind is another grant', async () => {
  await session.save({ signIn: 'app-secret' });
  await get();
  const text = certificate.pem + certificate.privateKey;
  const saved = await session.save({ signIn: 'app-certificate', clientSecret: null, certificate: text });
  expect(saved.settings.token).toEqual({ kind: 'none', problem: null });
  expect(saved.settings.settings?.certificate).toEqual({
    subject: 'CN=Lintel central',
    thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    expires: expect.any(Number),
  });
  const { settings } = await get();
  expect(settings.token).toMatchObject({ kind: 'issued', scopes: RIGHTS, problem: null });
  for (let n = 0; n < 3; n++) expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
  expect(settings.health.expiries).toMatchObject([{ what: 'certificate', urgency: 'calm' }]);
});

test('a certificate the tenant does not know is named', async () => {
  const stranger = await makeAppCertificate();
  const text = stranger.pem + stranger.privateKey;
  await session.save({ signIn: 'app-certificate', clientSecret: null, certificate: text });
  expect(await session.token()).toMatchObject({
    kind: 'issued',
    problem: { kind: 'wrong-secret', code: 'AADSTS700027' },
  });
});

test('a certificate that cannot work is refused when it is saved, with words', async () => {
  const [strange, elliptic, old] = await Promise.all([
    makeAppCertificate(),
    makeAppCertificate({ kind: 'ec' }),
    makeAppCertificate({ notAfter: new Date(Date.now() - 86_400_000) }),
  ]);
  const send = async (text: string) => {
    const more = { signIn: 'app-certificate', certificate: text };
    const answer = await session.admin.send('PUT', '/server-settings/default', session.settings(more));
    const { error } = v.parse(WireError, await answer.json());
    return `${answer.status} ${error.code}: ${error.message}`;
  };
  const { pem, privateKey } = certificate;
  expect(await send('nonsense')).toMatch(/^400 invalid: There is no certificate/);
  expect(await send(pem)).toContain('The private key is missing');
  expect(await send(pem + strange.privateKey)).toContain('does not belong to the certificate');
  expect(await send(pem + privateKey.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'))).toContain('encrypted');
  expect(
    await send(
      `${pem}-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n`,
    ),
  ).toContain('encrypted');
  expect(await send(`${pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`)).toContain(
    'cannot be read',
  );
  expect(await send(elliptic.pem + elliptic.privateKey)).toContain('RSA');
  expect(await send(old.pem + old.privateKey)).toMatch(/expired on \d{4}-\d\d-\d\d/);
  // The chain may be pasted in any order: the certificate the key belongs to is found.
  const chain = strange.pem + privateKey + pem;
  const saved = await session.save({ signIn: 'app-certificate', certificate: chain });
  expect(saved.settings.settings?.certificate?.subject).toBe('CN=Lintel central');
});
