/** OAuth 2 and OpenID Connect against the tenant with nothing but fetch. */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLBACK, makeBrowser } from './support/browser.ts';
import { authorizeUrl, tokenCall, userTokens } from './support/graph-client.ts';
import { startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
let secretForm: { client_id: string; client_secret: string };
beforeAll(async () => {
  test = await startTestTenant();
  secretForm = { client_id: test.tenant.clientId, client_secret: test.tenant.clientSecret };
});
afterAll(() => test.stop());

const page = async (url: string) => (await test.fetch(url)).text();

describe('discovery', () => {
  it('has Entra’s addresses', async () => {
    const { authority, tenantId } = test.tenant;
    const found = await test.fetch(`${authority}/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect(await found.json()).toMatchObject({
      issuer: `${authority}/${tenantId}/v2.0`,
      authorization_endpoint: `${authority}/${tenantId}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/${tenantId}/discovery/v2.0/keys`,
      end_session_endpoint: `${authority}/${tenantId}/oauth2/v2.0/logout`,
    });
  });

  it('does not know other tenants', async () => {
    const found = await test.fetch(
      `${test.tenant.authority}/9f2c0000-0000-0000-0000-000000000000/v2.0/.well-known/openid-configuration`,
    );
    expect(found.status).toBe(400);
    expect(await found.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });
});

describe('signing in', () => {
  it('says so when the password is wrong, and lets one try again', async () => {
    const browser = makeBrowser(test);
    const form = await browser.go(authorizeUrl(test));
    const action = browser.formAction(form);
    const again = await browser.go(action, { username: test.tenant.username, password: 'wrong' });
    expect(again.html).toContain('AADSTS50126');
    const back = await browser.go(action, { username: test.tenant.username, password: test.tenant.password });
    expect(new URL(back.url).searchParams.get('code')).toMatch(/.{20}/);
  });

  it('needs no password the second time, unless asked to', async () => {
    const browser = makeBrowser(test);
    await browser.signIn(authorizeUrl(test));
    expect((await browser.go(authorizeUrl(test))).url).toContain('code=');
    expect((await browser.go(authorizeUrl(test, { prompt: 'select_account' }))).html).toContain('<form');
  });

  it('shows a wrong redirect address and an unknown app in the browser', async () => {
    expect(await page(authorizeUrl(test, { redirect_uri: 'https://evil.example/console/oauth/callback' }))).toContain(
      'AADSTS50011',
    );
    expect(await page(authorizeUrl(test, { client_id: 'nobody' }))).toContain('AADSTS700016');
    expect(await page(authorizeUrl(test, { scope: 'Mail.Read' }))).toContain('AADSTS70011');
  });

  it('gives a code only to who holds the verifier', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const back = await makeBrowser(test).signIn(authorizeUrl(test, { code_challenge, code_challenge_method: 'S256' }));
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      ...secretForm,
    };
    const wrong = await tokenCall(test, { ...form, code_verifier: randomBytes(32).toString('base64url') });
    expect(wrong.json).toMatchObject({ error: 'invalid_grant', error_codes: [501481] });
    const right = await tokenCall(test, { ...form, code_verifier: verifier });
    expect(right.status).toBe(200);
    const replayed = await tokenCall(test, { ...form, code_verifier: verifier });
    expect(replayed.json).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
    const dead = await tokenCall(test, {
      grant_type: 'refresh_token',
      refresh_token: right.json.refresh_token,
      ...secretForm,
    });
    expect(dead.status, 'a replayed code ends its whole grant').toBe(400);
  });

  it('stops for missing consent, and tells the app when the person goes back', async () => {
    const fault = test.tenant.faults.add({ kind: 'consent-missing' });
    const browser = makeBrowser(test);
    const form = await browser.go(authorizeUrl(test));
    const stopped = await browser.go(browser.formAction(form), {
      username: test.tenant.username,
      password: test.tenant.password,
    });
    expect(stopped.html).toContain('AADSTS90094');
    const back = await browser.go(browser.formAction(stopped), { decline: 'yes' });
    expect(new URL(back.url).searchParams.get('error')).toBe('access_denied');
    const refused = await tokenCall(test, { grant_type: 'refresh_token', refresh_token: 'any', ...secretForm });
    expect(refused.json).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] });
    test.tenant.faults.remove(fault.id);
  });
});

describe('admin consent', () => {
  const consentOf = async () => (await test.control('GET', '/state')).json.consent;
  const url = () => `${test.tenant.authority}/${test.tenant.tenantId}/v2.0/adminconsent`;
  const query = (more: Record<string, string> = {}) => ({
    client_id: secretForm.client_id,
    redirect_uri: CALLBACK,
    state: 'x1',
    scope: `${test.tenant.graph}/.default`,
    ...more,
  });
  const answer = async (given: string, more: Record<string, string> = {}) => {
    const browser = makeBrowser(test);
    const page = await browser.go(`${url()}?${new URLSearchParams(query(more))}`);
    expect(page.html).toContain('Permissions requested');
    const back = await browser.go(browser.formAction(page), { ...query(more), answer: given });
    return Object.fromEntries(new URL(back.url).searchParams);
  };

  it('is given as a redirect, and kept', async () => {
    await test.control('PUT', '/consent', { delegated: [], application: [] });
    expect(await answer('cancel')).toMatchObject({ error: 'access_denied', state: 'x1' });
    expect(await consentOf()).toEqual({ delegated: [], application: [] });
    const place = { scope: `${test.tenant.graph}/Place.Read.All openid profile offline_access` };
    expect(await answer('accept', place)).toMatchObject({ admin_consent: 'True', tenant: test.tenant.tenantId });
    expect(await consentOf()).toEqual({ delegated: ['Place.Read.All'], application: [] });
    expect(await answer('accept')).toMatchObject({ admin_consent: 'True', state: 'x1' });
    expect(await consentOf()).toMatchObject({
      delegated: expect.arrayContaining(['Place.Read.All', 'Calendars.ReadWrite.Shared']),
      application: expect.arrayContaining(['Calendars.ReadWrite']),
    });
  });

  it('shows a wrong app, redirect address or scope in the browser', async () => {
    const shown = (more: Record<string, string>) => page(`${url()}?${new URLSearchParams(query(more))}`);
    expect(await shown({ client_id: 'nobody' })).toContain('AADSTS700016');
    expect(await shown({ redirect_uri: 'https://evil.example/console/oauth/callback' })).toContain('AADSTS50011');
    expect(await shown({ scope: 'Mail.Read' })).toContain('AADSTS70011');
  });

  it('is missed by a refresh that names a permission nobody allowed, and by an app in its roles', async () => {
    const { refresh_token } = (await userTokens(test)).json;
    const everything = await consentOf();
    await test.control('PUT', '/consent', { delegated: ['User.Read'], application: [] });
    const refresh = (scope: string) =>
      tokenCall(test, { grant_type: 'refresh_token', refresh_token, scope, ...secretForm });
    expect((await refresh(`${test.tenant.graph}/Place.Read.All`)).json).toMatchObject({
      error: 'invalid_grant',
      suberror: 'consent_required',
      error_codes: [65001],
    });
    expect((await refresh('User.Read')).status).toBe(200);
    const form = { grant_type: 'client_credentials', scope: `${test.tenant.graph}/.default`, ...secretForm };
    const app = await tokenCall(test, form);
    expect(app.json).not.toHaveProperty('scope');
    expect(decodeJwt(app.json.access_token)).not.toHaveProperty('roles');
    await test.control('PUT', '/consent', everything);
  });
});

describe('tokens', () => {
  it('carry Entra’s claims', async () => {
    const { json } = await userTokens(test);
    const { tenantId, clientId, graph, username } = test.tenant;
    expect(decodeProtectedHeader(json.access_token)).toMatchObject({ alg: 'RS256' });
    const claims = decodeJwt(json.access_token);
    expect(claims).toMatchObject({ aud: graph, tid: tenantId, appid: clientId, upn: username });
    expect(String(claims.scp).split(' ')).toEqual(
      expect.arrayContaining(['Calendars.ReadWrite.Shared', 'Place.Read.All', 'User.Read']),
    );
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeGreaterThan(300);
    expect(decodeJwt(json.id_token)).toMatchObject({
      preferred_username: username,
      tid: tenantId,
      oid: claims.oid,
      ver: '2.0',
    });
    expect(JSON.parse(Buffer.from(json.client_info, 'base64url').toString())).toEqual({
      uid: claims.oid,
      utid: tenantId,
    });
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3900, ext_expires_in: 3900 });
  });

  it('come in the spelling of scopes that was asked for', async () => {
    const { json } = await userTokens(test);
    const refresh = (scope: string) =>
      tokenCall(test, { grant_type: 'refresh_token', refresh_token: json.refresh_token, scope, ...secretForm });
    expect((await refresh(`${test.tenant.graph}/.default`)).json.scope).toContain(`${test.tenant.graph}/.default`);
    expect((await refresh('https://graph.microsoft.com/Calendars.ReadWrite.Shared')).json.scope).toContain(
      'https://graph.microsoft.com/Calendars.ReadWrite.Shared',
    );
    expect((await refresh('User.Read')).json.scope.split(' ')).toContain('User.Read');
    expect((await refresh('Mail.Read')).json).toMatchObject({ error: 'invalid_scope', error_codes: [70011] });
  });

  it('are refreshed with rotation, across a restart too', async () => {
    const first = (await userTokens(test)).json.refresh_token;
    const refresh = (refresh_token: string) =>
      tokenCall(test, { grant_type: 'refresh_token', refresh_token, ...secretForm });
    const second = (await refresh(first)).json.refresh_token;
    expect(second).not.toBe(first);
    await test.restart();
    const third = await refresh(second);
    expect(third.status).toBe(200);
    expect((await refresh(first)).status, 'Entra leaves the old one valid').toBe(200);
    await test.control('POST', '/refresh-tokens/revoke');
    expect((await refresh(third.json.refresh_token)).json).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50173],
    });
  });

  it('expire by inactivity', async () => {
    const { refresh_token } = (await userTokens(test)).json;
    await test.control('POST', '/refresh-tokens/expire');
    const refused = await tokenCall(test, { grant_type: 'refresh_token', refresh_token, ...secretForm });
    expect(refused.json).toMatchObject({ error: 'invalid_grant', error_codes: [700082] });
    expect(refused.json.error_description).toMatch(/inactive for 90\.00:00:00/);
  });

  it('are given to an app that proves itself with Basic', async () => {
    const basic = Buffer.from(`${secretForm.client_id}:${encodeURIComponent(secretForm.client_secret)}`).toString(
      'base64',
    );
    const form = { grant_type: 'client_credentials', scope: `${test.tenant.graph}/.default` };
    const { json } = await tokenCall(test, form, { authorization: `Basic ${basic}` });
    expect(decodeJwt(json.access_token)).toMatchObject({
      idtyp: 'app',
      roles: expect.arrayContaining(['Calendars.ReadWrite', 'Place.Read.All']),
    });
    expect(decodeJwt(json.access_token)).not.toHaveProperty('scp');
  });

  it('are refused in Entra’s words', async () => {
    const form = { grant_type: 'client_credentials', scope: `${test.tenant.graph}/.default`, ...secretForm };
    const refused = await tokenCall(
      test,
      { ...form, client_secret: 'wrong' },
      { 'client-request-id': '11111111-2222-3333-4444-555555555555' },
    );
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000215],
      correlation_id: '11111111-2222-3333-4444-555555555555',
    });
    expect(refused.json.error_description).toMatch(
      /^AADSTS7000215: Invalid client secret provided\. .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    );
    expect((await tokenCall(test, { ...form, client_id: 'nobody' })).json).toMatchObject({
      error: 'unauthorized_client',
      error_codes: [700016],
    });
    expect((await tokenCall(test, { ...form, scope: 'Calendars.ReadWrite' })).json).toMatchObject({
      error_codes: [70011],
    });
    const { client_secret: _, ...bare } = form;
    expect((await tokenCall(test, bare)).json).toMatchObject({ error_codes: [7000218] });
    test.tenant.faults.add({ kind: 'entra-refuses', code: 7000222, times: 1 });
    expect((await tokenCall(test, form)).json).toMatchObject({ error: 'invalid_client', error_codes: [7000222] });
    expect((await tokenCall(test, form)).status).toBe(200);
    const elsewhere = await test.fetch(`${test.tenant.authority}/nowhere.example/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
    });
    expect(await elsewhere.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });
});
