/** Microsoft's own client against the tenant. */
import { ConfidentialClientApplication, CryptoProvider, type INetworkModule } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAppCertificate } from './support/app-certificate.ts';
import { CALLBACK, makeBrowser } from './support/browser.ts';
import { startTestTenant, type TestTenant } from './support/tenant.ts';

let test: TestTenant;
beforeAll(async () => {
  test = await startTestTenant();
});
afterAll(() => test.stop());

/** msal over a client that trusts the test's CA. */
function network(): INetworkModule {
  const send = async (method: string, url: string, options?: { headers?: Record<string, string>; body?: string }) => {
    const response = await test.fetch(url, {
      method,
      ...(options?.headers ? { headers: options.headers } : {}),
      ...(options?.body ? { body: options.body } : {}),
    });
    return {
      headers: Object.fromEntries(response.headers),
      body: JSON.parse(await response.text()),
      status: response.status,
    };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

type Proof = { clientSecret: string } | { clientCertificate: { thumbprintSha256: string; privateKey: string } };

function makeApp(proof: Proof = { clientSecret: test.tenant.clientSecret }) {
  const { authority, tenantId, clientId } = test.tenant;
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      ...proof,
      authority: `${authority}/${tenantId}`,
      knownAuthorities: [new URL(authority).host],
    },
    system: { networkClient: network() },
  });
}

describe('msal-node', () => {
  it('signs in with code and PKCE, refreshes silently, and Graph takes the tokens', async () => {
    const app = makeApp();
    const scopes = ['Calendars.ReadWrite.Shared', 'Place.Read.All'].map(name => `${test.tenant.graph}/${name}`);
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const url = await app.getAuthCodeUrl({
      scopes: [...scopes, 'offline_access'],
      redirectUri: CALLBACK,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      state: 's1',
      prompt: 'select_account',
    });
    const back = await makeBrowser(test).signIn(url);
    expect(back.searchParams.get('state')).toBe('s1');
    const code = back.searchParams.get('code') ?? '';
    const result = await app.acquireTokenByCode({ code, scopes, redirectUri: CALLBACK, codeVerifier: verifier });
    expect(result.account?.username).toBe(test.tenant.username);
    expect(result.account?.tenantId).toBe(test.tenant.tenantId);
    expect(result.scopes).toEqual(expect.arrayContaining(scopes));

    const me = await test.fetch(`${test.tenant.graph}/v1.0/me`, {
      headers: { authorization: `Bearer ${result.accessToken}` },
    });
    expect(me.status).toBe(200);

    const account = result.account;
    if (account === null) throw new Error('no account');
    const cached = await app.acquireTokenSilent({ account, scopes });
    expect(cached.fromCache).toBe(true);
    const fresh = await app.acquireTokenSilent({ account, scopes, forceRefresh: true });
    expect(fresh.fromCache).toBe(false);
    expect(fresh.accessToken).not.toBe(result.accessToken);
    const again = await app.acquireTokenSilent({ account, scopes, forceRefresh: true });
    expect(again.accessToken).not.toBe(fresh.accessToken);
  });

  it('gets an app token with the client secret', async () => {
    const result = await makeApp().acquireTokenByClientCredential({ scopes: [`${test.tenant.graph}/.default`] });
    const rooms = await test.fetch(`${test.tenant.graph}/v1.0/places/microsoft.graph.room`, {
      headers: { authorization: `Bearer ${result?.accessToken}` },
    });
    expect(rooms.status).toBe(200);
  });

  it('hears of a wrong secret by its AADSTS number', async () => {
    const refused = makeApp({ clientSecret: 'wrong' }).acquireTokenByClientCredential({
      scopes: [`${test.tenant.graph}/.default`],
    });
    await expect(refused).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 7000215 });
  });

  it('proves itself with a registered certificate (PS256), and only with that', async () => {
    const registered = await makeAppCertificate();
    const answer = await test.fetch(`${test.tenant.control}/api/app/certificates`, {
      method: 'POST',
      body: registered.pem,
    });
    expect(answer.status).toBe(204);
    const scopes = [`${test.tenant.graph}/.default`];
    const app = makeApp({ clientCertificate: registered });
    const result = await app.acquireTokenByClientCredential({ scopes });
    expect(result?.accessToken).toMatch(/^ey/);
    // msal signs one assertion for ten minutes, and Entra takes it as often as it comes.
    const again = await app.acquireTokenByClientCredential({ scopes, skipCache: true });
    expect(again?.fromCache).toBe(false);
    const stranger = await makeAppCertificate();
    const refused = makeApp({ clientCertificate: stranger }).acquireTokenByClientCredential({ scopes });
    await expect(refused).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 700027 });
  });
});
