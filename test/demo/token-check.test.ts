/** Graph's look at a bearer token: every claim that must be right is wrong once. */
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTokenCheck, type TokenCheck } from '../../src/demo/graph/auth.ts';

const issuer = 'https://localhost:4301/t/v2.0';
const audience = 'https://localhost:4301';
const good: JWTPayload = {
  iss: issuer,
  aud: audience,
  tid: 't',
  appid: 'app',
  oid: 'me',
  scp: 'User.Read Calendars.ReadWrite',
};

let check: TokenCheck;
let key: CryptoKey;
let stranger: CryptoKey;
beforeAll(async () => {
  const keys = await generateKeyPair('RS256', { extractable: true });
  key = keys.privateKey;
  stranger = (await generateKeyPair('RS256')).privateKey;
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }] };
  check = makeTokenCheck({ jwks, issuer, audience, tenantId: 't', skew: () => 0 });
});

const now = () => Math.floor(Date.now() / 1000);
const bearer = async (claims: JWTPayload, signer = key) =>
  `Bearer ${await new SignJWT({ exp: now() + 600, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(signer)}`;

describe('a bearer token', () => {
  it('is taken when everything is right', async () => {
    expect(await check(await bearer(good))).toEqual({
      kind: 'delegated',
      oid: 'me',
      permissions: new Set(['User.Read', 'Calendars.ReadWrite']),
    });
    const { scp: _, ...app } = good;
    expect(await check(await bearer({ ...app, roles: ['Place.Read.All'] }))).toEqual({
      kind: 'app',
      permissions: new Set(['Place.Read.All']),
    });
  });

  it.each<[string, JWTPayload]>([
    ['another audience', { aud: 'https://graph.microsoft.com' }],
    ['another issuer', { iss: 'https://localhost:4301/other/v2.0' }],
    ['another tenant', { tid: 'other' }],
    ['no tenant', { tid: undefined }],
    ['a past end', { exp: Math.floor(Date.now() / 1000) - 600 }],
  ])('is refused for %s', async (_name, wrong) => {
    await expect(bearer({ ...good, ...wrong }).then(check)).rejects.toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationToken',
    });
  });

  it('is refused for a stranger’s signature', async () => {
    await expect(bearer(good, stranger).then(check)).rejects.toMatchObject({ status: 401 });
  });
});
