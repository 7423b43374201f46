import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { NewLicenceKeys, Overview, RoomRow, TokenStatus } from '../../src/contract/wire/console.ts';
import { TokenAnswer } from '../../src/contract/wire/panel.ts';
import { errorCodeIn, PanelClient } from './support/panel-client.ts';
import { startTenantSession, type TenantSession } from './support/tenant-session.ts';

let session: TenantSession;
let panel: PanelClient;

beforeAll(async () => {
  session = await startTenantSession();
  panel = await PanelClient.make(session.running.fetch, session.running.url);
  await panel.enrol();
});
afterAll(() => session.stop());
afterEach(() => session.tenant.tenant.faults.clear());

const refresh = () => session.admin.ask('POST', '/server-settings/default/token/refresh', TokenStatus);
const rooms = () => session.admin.ask('GET', '/rooms', v.array(RoomRow));
const overview = () => session.admin.ask('GET', '/overview', Overview);
async function panelToken() {
  const answer = await panel.send('POST', '/panel/v1/token', { isRefused: false });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return v.parse(TokenAnswer, await answer.json());
}
const graph = (token: string) =>
  session.tenant.fetch(`${session.tenant.tenant.graph}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } });

test('before anything is saved, it is plain what is missing', async () => {
  expect((await overview()).serverSettings).toBe('not-set');
  const answer = await session.admin.send('POST', '/server-settings/default/token');
  expect([answer.status, await errorCodeIn(answer)]).toEqual([409, 'settings-incomplete']);
});

test('settings that cannot be right are refused with words', async () => {
  const send = (more: Record<string, unknown>) =>
    session.admin.send('PUT', '/server-settings/default', session.settings(more)).then(answer => answer.text());
  expect(await send({ authority: 'http://login.example' })).toContain('https://');
  expect(await send({ tenantId: '../evil' })).toContain('Tenant ID');
  expect(await send({ extraCa: 'not a certificate' })).toContain('PEM');
  expect(await send({ graphBase: 'https://user:secret@graph.example' })).toContain('plain https address');
  for (const field of ['authority', 'graphBase']) {
    for (const tail of ['?', '#', '/?', '?/', '/#/', '?a=b', '#a', '/a?/b', '/a#/b', '/a b', '\\a']) {
      expect(await send({ [field]: `https://x.example${tail}` }), field + tail).toContain('plain https address');
    }
    expect(await send({ [field]: 'https://@x.example' })).toContain('plain https address');
  }
  expect(await send({ graphBase: 'https://graph.example/v1.0' })).toContain('without /v1.0');
  expect((await session.read()).settings).toBeNull();
});

test('an authority nobody answers at, and a tenant it does not know', async () => {
  await session.save({ authority: 'https://localhost:1' });
  const away = await session.admin.send('POST', '/server-settings/default/token');
  expect([away.status, await errorCodeIn(away)]).toEqual([502, 'unreachable']);
  expect(await session.token()).toMatchObject({ kind: 'none', problem: { kind: 'unreachable' } });

  await session.save({ tenantId: '00000000-0000-0000-0000-000000000000' });
  const unknown = await session.admin.send('POST', '/server-settings/default/token');
  expect([unknown.status, await errorCodeIn(unknown)]).toEqual([502, 'unknown-tenant']);
});

test('a wrong client secret is named as such after the sign-in', async () => {
  await session.save({ clientSecret: 'certainly-wrong' });
  expect((await session.arrive(await session.signIn())).status).toBe(302);
  const token = await session.token();
  expect(token).toMatchObject({ kind: 'none', problem: { kind: 'wrong-secret', code: 'AADSTS7000215' } });
});

test('save, sign in: the rooms are there; saving again imports what is new', async () => {
  const first = await session.save();
  expect(first.imported).toEqual({ kind: 'no-token' });
  const back = await session.signIn();
  const arrived = await session.arrive(back);
  expect([arrived.status, arrived.headers.get('location')]).toEqual([
    302,
    '/console/#/server-settings?connection=default',
  ]);
  const token = await session.token();
  if (token.kind !== 'issued') throw new Error(JSON.stringify(token));
  expect(token).toMatchObject({ account: session.tenant.tenant.username, problem: null });
  expect(token.scopes.join(' ')).toContain('Calendars.ReadWrite.Shared');
  expect(token.refreshLapses).toBe(token.issued + 90 * 86_400_000);
  expect((await overview()).serverSettings).toBe('ok');

  const [room] = await rooms();
  expect(room).toMatchObject({ zone: 'Europe/Oslo', isMissing: false, panel: null });
  expect((await rooms()).length, 'imported with the sign-in').toBeGreaterThan(5);
  const saved = await session.save({ clientSecret: null });
  expect(saved.settings.importProblem).toBeNull();
  expect(saved.imported).toEqual({
    kind: 'imported',
    added: 0,
    updated: 0,
    missing: 0,
  });
});

test('a callback works once, for the browser that began it, and for no other', async () => {
  const back = await session.signIn();
  const before = await session.token();
  for (const headers of [{}, { cookie: `__Host-lintel-oauth=${'A'.repeat(43)}` }]) {
    expect((await session.running.fetch(back.href, { headers })).status).toBe(302);
  }
  expect(await session.token()).toEqual(before);
  expect((await session.arrive(back)).status).toBe(302);
  const issued = await session.token();
  expect(issued).not.toEqual(before);
  // A second redeeming of the code would make the provider revoke the grant.
  await session.arrive(back);
  expect(await session.token()).toEqual(issued);
  expect((await refresh()).kind).toBe('issued');
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: null });
});

test('a sign-in the person breaks off is told, and the grant there is stays', async () => {
  const { url } = await session.admin.ask('POST', '/server-settings/default/token', v.object({ url: v.string() }));
  const state = new URL(url).searchParams.get('state');
  const back = new URL(`${session.running.url}/console/oauth/callback`);
  back.search = new URLSearchParams({
    error: 'access_denied',
    error_description: 'AADSTS65004: User declined to consent.',
    state: state ?? '',
  }).toString();
  await session.arrive(back);
  const problem = { kind: 'consent-missing', code: 'AADSTS65004' };
  expect(await session.token()).toMatchObject({ kind: 'issued', problem });
  expect((await refresh()) as unknown).toMatchObject({ kind: 'issued', problem: null });
});

test('a paired panel gets a token that Graph takes, and so do many at once', async () => {
  const { keys } = await session.admin.ask('POST', '/licence-keys', NewLicenceKeys, { count: 1, note: '' });
  const [room] = await rooms();
  const approval = { room: room?.id, licenceKeyId: keys[0]?.id };
  expect((await session.admin.send('POST', `/free-macs/${panel.id}/approve`, approval)).status).toBe(204);
  const token = await panelToken();
  if (token.kind !== 'token') throw new Error(token.why);
  expect((await graph(token.accessToken)).status).toBe(200);
  expect(token.expires - Date.now()).toBeGreaterThan(5 * 60_000);
  const many = await Promise.all(Array.from({ length: 20 }, () => panelToken()));
  expect(new Set(many.map(answer => JSON.stringify(answer))).size).toBe(1);
});

test('a panel whose token was turned down gets another, however many complain at once', async () => {
  const complain = async () =>
    v.parse(TokenAnswer, await (await panel.send('POST', '/panel/v1/token', { isRefused: true })).json());
  const before = await panelToken();
  const [first, second] = await Promise.all([complain(), complain()]);
  expect(first.kind === 'token' && before.kind === 'token' && first.accessToken !== before.accessToken).toBe(true);
  expect(second).toEqual(first);
  expect(await complain()).toEqual(first);
});

test('Refresh Access Token asks the provider for another one', async () => {
  const before = await panelToken();
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
  const after = await panelToken();
  if (before.kind !== 'token' || after.kind !== 'token') throw new Error('no token');
  expect(after.accessToken).not.toBe(before.accessToken);
  // Again and again: each refresh must have kept the rotated refresh token.
  for (let n = 0; n < 3; n++) expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
});

test.each([
  ['empty-token', 'empty-token'],
  ['captive-portal', 'unreachable'],
  ['error', 'unreachable'],
  ['drop', 'unreachable'],
  ['throttle', 'unreachable'],
] as const)(
  'a provider with the fault %s: the problem is named, the grant kept, and it mends itself',
  async (kind, problem) => {
    session.tenant.tenant.faults.add({ kind });
    expect(await refresh()).toMatchObject({ kind: 'issued', problem: { kind: problem } });
    expect((await overview()).serverSettings).toBe('ok');
    // The token at hand is still good, and panels go on with it.
    expect(await panelToken()).toMatchObject({ kind: 'token' });
    session.tenant.tenant.faults.clear();
    // The client library holds a 429 against the provider for the time it was told.
    if (kind === 'throttle') await session.save({ clientSecret: session.tenant.tenant.clientSecret });
    expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
  },
);

test('only what is needed is asked of the tenant', async () => {
  const { url } = await session.admin.ask('POST', '/server-settings/default/token', v.object({ url: v.string() }));
  const { graph } = session.tenant.tenant;
  const asked = new URL(url).searchParams;
  expect(asked.get('scope')?.split(' ').sort()).toEqual([
    `${graph}/Calendars.ReadWrite.Shared`,
    `${graph}/Place.Read.All`,
    'offline_access',
    'openid',
    'profile',
  ]);
  expect(asked.get('prompt')).toBe('select_account');
  expect(asked.get('login_hint')).toBe(session.tenant.tenant.username);
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('nonce')).toMatch(/.{20}/);
});

test('consent to part of what was asked is named, though a token was issued', async () => {
  const { consent } = (await session.tenant.control('GET', '/state')).json;
  await session.tenant.control('PUT', '/consent', { ...consent, delegated: ['User.Read'] });
  await session.arrive(await session.signIn());
  const missing = { kind: 'consent-missing', detail: expect.stringContaining('Place.Read.All') };
  expect(await session.read()).toMatchObject({
    token: { kind: 'issued', problem: missing },
    consent: { kind: 'missing', problem: missing },
  });
  // The refresh is refused with a number, and the grant kept.
  const refused = { kind: 'consent-missing', code: 'AADSTS65001' };
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: refused });
  expect((await session.read()).consent).toMatchObject({ kind: 'missing', problem: refused });
  await session.tenant.control('PUT', '/consent', consent);
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
  expect((await session.read()).consent).toMatchObject({ kind: 'granted' });
});

test('a wrong secret is found out when it is saved, not when the token has run out', async () => {
  await session.save({ clientSecret: 'not the secret' });
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: { kind: 'wrong-secret' } });
  await session.save({ clientSecret: session.tenant.tenant.clientSecret });
  expect(await session.token()).toMatchObject({ kind: 'issued', problem: null });
});

test('consent taken away is named', async () => {
  session.tenant.tenant.faults.add({ kind: 'consent-missing' });
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: { kind: 'consent-missing', code: 'AADSTS65001' } });
  expect((await overview()).serverSettings).toBe('sign-in-needed');
});

test('an import that fails says why and keeps the rooms', async () => {
  const before = await rooms();
  const { consent } = (await session.tenant.control('GET', '/state')).json;
  await session.tenant.control('PUT', '/consent', { delegated: ['User.Read'], application: [] });
  await session.arrive(await session.signIn());

  // What is cached lacks rights now, so that every panel's wish would go to the provider: together they cost one request.
  const asked = async () => (await session.tenant.control('GET', '/counters')).json.entra;
  session.tenant.tenant.faults.add({ kind: 'error' });
  const before20 = await asked();
  const many = await Promise.all(Array.from({ length: 20 }, () => panelToken()));
  expect(new Set(many.map(answer => answer.kind))).toEqual(new Set(['none']));
  expect((await asked()) - before20).toBe(1);
  session.tenant.tenant.faults.clear();

  const saved = await session.save({ clientSecret: null });
  expect(saved.imported).toEqual({ kind: 'failed' });
  expect(saved.settings.importProblem?.problem).toMatch(/no-access|sign-in-needed/);
  expect(await rooms()).toEqual(before);
  await session.tenant.control('PUT', '/consent', consent);
  expect(await refresh()).toMatchObject({ problem: null });
  expect((await session.save({ clientSecret: null })).settings.importProblem).toBeNull();
});

test('a revoked sign-in is told to the admin; panels go on with what they have', async () => {
  await session.tenant.control('POST', '/refresh-tokens/revoke');
  const status = await refresh();
  expect(status).toMatchObject({ kind: 'issued', problem: { kind: 'sign-in-expired' } });
  expect((await overview()).serverSettings).toBe('sign-in-needed');
  // The access token at hand outlives it, and using it does not make the problem go away.
  expect(await panelToken()).toMatchObject({ kind: 'token' });
  expect(await session.token()).toMatchObject({ problem: { kind: 'sign-in-expired' } });
});

test('Delete Access Token leaves nothing: not on disk, not in memory, and panels hear of it within a second', async () => {
  const stream = await panel.stream();
  const first = await stream.next();
  const grant = first !== 'ended' && first.kind === 'paired' ? first.grant : null;
  expect(grant).toMatch(/^[0-9a-f]{32}$/);
  const begun = performance.now();
  const path = '/server-settings/default/token';
  expect(await session.admin.ask('DELETE', path, TokenStatus)).toEqual({ kind: 'none', problem: null });
  expect(await stream.next()).toMatchObject({ kind: 'paired', grant: null });
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(await panelToken()).toMatchObject({ kind: 'none', why: 'not-connected' });
  expect((await overview()).serverSettings).toBe('sign-in-needed');

  // A new sign-in is another grant, told as fast; a refresh is not.
  await session.arrive(await session.signIn());
  const again = await stream.next();
  expect(again).toMatchObject({ kind: 'paired', grant: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(again !== 'ended' && again.kind === 'paired' && again.grant !== grant).toBe(true);
  await refresh();
  expect(await panel.state()).toEqual(again);
  stream.stop();
});

test('another authority needs the secret again, so that it cannot be sent elsewhere', async () => {
  const moved = session.settings({ authority: 'https://evil.example', clientSecret: null });
  const answer = await session.admin.send('PUT', '/server-settings/default', moved);
  expect([answer.status, await errorCodeIn(answer)]).toEqual([400, 'secret-needed']);
});

test.each([
  [7000222, 'wrong-secret'],
  [53003, 'sign-in-expired'],
  [50105, 'refused'],
] as const)('AADSTS%i at a refresh is called %s, and the number stands beside it', async (code, kind) => {
  session.tenant.tenant.faults.add({ kind: 'entra-refuses', code, times: 1 });
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: { kind, code: `AADSTS${code}` } });
  expect(await refresh()).toMatchObject({ kind: 'issued', problem: null });
});
