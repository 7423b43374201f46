/**
 * Some seventy ways to pass for a paired panel that are none (and forty more in attacks-pairing.test.ts). After each of them
 * the intruders ask for a configuration and a token, and get neither; and each has left a line in the log or in the history.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { minutes } from '../../src/contract/values/time.ts';
import { Arena, expectNo, type Waiting } from './support/arena.ts';
import type { ProofChanges } from './support/panel-client.ts';

const CONFIG = '/panel/v1/config';
const TEN_YEARS = 315_576_000;

let arena: Arena;
beforeAll(async () => {
  arena = await Arena.open();
});
afterAll(() => arena.close());
afterEach(() => arena.nextCase());

describe('panels that are not paired ask all the same', () => {
  const body: Record<string, unknown> = {
    token: { isRefused: false },
    report: { configVersion: null, configRefused: null, lastRead: null, readProblem: null, problems: [] },
    diagnostics: { command: 'x', text: '{}' },
  };
  const all = ['config', 'token', 'report', 'licence', 'diagnostics', 'state', 'stream'];
  const makers = {
    'never enrolled': [() => arena.stranger(), all],
    waiting: [() => arena.waiting(), ['config', 'token', 'report']],
    rejected: [() => arena.rejected(), ['config', 'token', 'report', 'licence', 'diagnostics']],
    revoked: [() => arena.revoked(), all],
    'in an identity conflict': [() => arena.torn(), ['config', 'token', 'report', 'licence']],
  } as const;
  for (const [stage, [make, routes]] of Object.entries(makers)) {
    test.each([...routes])(`a panel ${stage}: %s`, async route => {
      const panel = await make();
      const key = (await arena.key()).key;
      const isRead = ['config', 'state', 'stream'].includes(route);
      arena.mark();
      const sent = isRead ? undefined : (body[route] ?? { key, room: arena.room() });
      const answer = await panel.send(isRead ? 'GET' : 'POST', `/panel/v1/${route}`, sent);
      expect(answer.status).toBe(403);
      await arena.expectHeld(panel);
    });
  }
});

describe('proofs that are none', () => {
  let victim: Waiting;
  const attack = async (proof: string | null, path = CONFIG) => {
    arena.mark();
    const answer = await victim.sendWith(proof, 'GET', path);
    expect(answer.status).toBe(401);
    await expectNo(answer);
    await arena.expectHeld();
  };
  beforeAll(async () => {
    victim = await arena.paired();
  });

  const changed: [string, ProofChanges][] = [
    ['for another method', { claims: { htm: 'POST' } }],
    ['for another path', { claims: { htu: 'URL/panel/v1/state' } }],
    ['for another host', { claims: { htu: `https://evil.example${CONFIG}` } }],
    ['for plain http', { claims: { htu: `http://localhost${CONFIG}` } }],
    ['with a user in the address', { claims: { htu: `https://panel@localhost${CONFIG}` } }],
    ['with a query', { claims: { htu: `URL${CONFIG}?room=oslo` } }],
    ['with a nonce of another server', { claims: { nonce: randomBytes(32).toString('base64url') } }],
    ['with a nonce that is a number', { claims: { nonce: 1 } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with a short jti', { claims: { jti: 'x' } }],
    ['without boot', { claims: { boot: undefined } }],
    ['with a boot of its own making', { claims: { boot: 'boot' } }],
    ['without iat', { claims: { iat: undefined } }],
    ['with a time in words', { claims: { iat: 'now' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['with a key by name besides', { header: { kid: 'victim' } }],
    ['that names its key elsewhere', { header: { jwk: undefined, jku: 'https://evil.example/keys' } }],
  ];
  test.each(changed)('a proof %s', async (_name, changes) => {
    await victim.send('GET', '/panel/v1/state');
    const htu = changes.claims?.htu;
    const claims =
      typeof htu === 'string' ? { ...changes.claims, htu: htu.replace('URL', victim.url) } : changes.claims;
    await attack(await victim.prove('GET', CONFIG, { ...changes, ...(claims ? { claims } : {}) }));
  });

  test('no proof', () => attack(null));
  test('words instead of a proof', () => attack('let me in'));
  test('a proof as long as a book', () => attack('x'.repeat(5000)));
  test('a proof used a second time', async () => {
    await victim.send('GET', '/panel/v1/state');
    const proof = await victim.prove('GET', CONFIG);
    expect((await victim.sendWith(proof, 'GET', CONFIG)).status).toBe(200);
    await attack(proof);
  });
  test('a proof caught and kept until its nonce was old', async () => {
    await victim.send('GET', '/panel/v1/state');
    const proof = await victim.prove('GET', CONFIG);
    await arena.running.clock.advance(minutes(10));
    await attack(proof);
  });
  test.each([
    ['ten years ahead', TEN_YEARS],
    ['ten years behind', -TEN_YEARS],
  ])('a panel whose clock is %s is let in, its proof a second time is not', async (_name, off) => {
    await victim.send('GET', '/panel/v1/state');
    const proof = await victim.prove('GET', CONFIG, { claims: { iat: Math.floor(Date.now() / 1000) + off } });
    expect((await victim.sendWith(proof, 'GET', CONFIG)).status).toBe(200);
    await attack(proof);
  });
  test('two proofs in one header', async () => {
    await victim.send('GET', '/panel/v1/state');
    await attack(`${await victim.prove('GET', CONFIG)}, ${await victim.prove('GET', CONFIG)}`);
  });
  test.each([
    ['header', 0],
    ['claims', 1],
    ['signature', 2],
  ])('a proof with the %s of another one', async (_name, part) => {
    await victim.send('GET', '/panel/v1/state');
    const mine = (await (await arena.stranger()).prove('GET', CONFIG)).split('.');
    const parts = (await victim.prove('GET', CONFIG)).split('.');
    parts[part] = mine[part] ?? '';
    await attack(parts.join('.'));
  });
  test.each([0.2, 0.5, 0.8, 0.99])('a proof changed at %d of its length', async place => {
    await victim.send('GET', '/panel/v1/state');
    const proof = await victim.prove('GET', CONFIG);
    const at = Math.floor(proof.length * place);
    await attack(`${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`);
  });
  test('a proof without its signature', async () => {
    await victim.send('GET', '/panel/v1/state');
    await attack((await victim.prove('GET', CONFIG)).replace(/[^.]*$/, ''));
  });
  test('a proof that says it needs no signature, with the victim’s key in it', async () => {
    await victim.send('GET', '/panel/v1/state');
    const [header = '', claims] = (await victim.prove('GET', CONFIG)).split('.');
    const none = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'none' };
    await attack(`${Buffer.from(JSON.stringify(none)).toString('base64url')}.${claims}.`);
  });
  test('a proof sealed with the victim’s public key as a password', async () => {
    await victim.send('GET', '/panel/v1/state');
    const [header = '', claims] = (await victim.prove('GET', CONFIG)).split('.');
    const parsed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'HS256' };
    const signed = `${Buffer.from(JSON.stringify(parsed)).toString('base64url')}.${claims}`;
    await attack(`${signed}.${createHmac('sha256', JSON.stringify(parsed.jwk)).update(signed).digest('base64url')}`);
  });
  test('the victim’s key in the header, signed with another', async () => {
    await victim.send('GET', '/panel/v1/state');
    await attack(await victim.prove('GET', CONFIG, { signer: await generateKeyPair('ES256', { extractable: true }) }));
  });
  test.each([
    ['with its private part', 'ES256', true],
    ['of another curve', 'ES384', false],
  ])('a key %s', async (_name, alg, isPrivate) => {
    await victim.send('GET', '/panel/v1/state');
    const keys = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(isPrivate ? keys.privateKey : keys.publicKey);
    const claims = {
      htm: 'GET',
      htu: victim.url + CONFIG,
      jti: 'j'.repeat(20),
      iat: 1,
      boot: victim.boot,
      nonce: victim.nonce,
    };
    await attack(await new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg, jwk }).sign(keys.privateKey));
  });
});

describe('copies', () => {
  const labels = (panel: Waiting) => ({ mac: panel.mac, machineId: `machine ${panel.mac}` });

  test('a copied data directory beside the living original: the original speaks, and both are out', async () => {
    const original = await arena.paired();
    arena.mark();
    const copy = arena.keep(original.startedAgain());
    await copy.enrol(labels(original));
    await original.state();
    await arena.expectHeld(copy, original);
  });
  test('a copied data directory that counts on from an older start', async () => {
    const original = await arena.paired();
    const backup = original.startedAgain();
    const later = arena.keep(original.startedAgain());
    await later.enrol(labels(original));
    arena.mark();
    expect(await backup.enrol(labels(original))).toMatchObject({ kind: 'identity-conflict' });
    await arena.expectHeld(backup, later);
  });
  test('a copied data directory that claims very many starts', async () => {
    const original = await arena.paired();
    const copy = arena.keep(original.startedAgain());
    copy.starts = Number.MAX_SAFE_INTEGER;
    arena.mark();
    await copy.enrol(labels(original));
    await original.state();
    await arena.expectHeld(copy, original);
  });
  test('a copied key on another machine, while the original is switched off', async () => {
    const original = await arena.paired();
    arena.mark();
    const copy = arena.keep(original.startedAgain());
    expect(await copy.enrol({ mac: arena.mac(), machineId: 'another machine' })).toMatchObject({
      kind: 'identity-conflict',
    });
    await arena.expectHeld(copy, original);
  });
  test('a copied key on a machine that does not tell what it is', async () => {
    const original = await arena.paired();
    arena.mark();
    const copy = arena.keep(original.startedAgain());
    expect(await copy.enrol({ mac: null, machineId: null })).toMatchObject({ kind: 'identity-conflict' });
    await arena.expectHeld(copy, original);
  });
  test('the disks of two panels swapped', async () => {
    const [a, b] = [await arena.paired(), await arena.paired()];
    arena.mark();
    const [inB, inA] = [arena.keep(a.startedAgain()), arena.keep(b.startedAgain())];
    expect(await inB.enrol(labels(b))).toMatchObject({ kind: 'identity-conflict' });
    expect(await inA.enrol(labels(a))).toMatchObject({ kind: 'identity-conflict' });
    await arena.expectHeld(inA, inB);
  });
  test('a copy that speaks without enrolling first', async () => {
    const original = await arena.paired();
    const copy = arena.keep(original.startedAgain());
    arena.mark();
    expect((await copy.send('GET', '/panel/v1/state')).status).toBe(403);
    await arena.expectHeld(copy);
    expect((await original.send('GET', CONFIG)).status).toBe(200);
  });
  test('the boot of the original in the copy’s enrolment', async () => {
    const original = await arena.paired();
    const copy = arena.keep(original.startedAgain());
    arena.mark();
    const request = copy.enrolRequest({ ...labels(original), boot: original.boot });
    expect((await copy.send('POST', '/panel/v1/enrol', request)).status).toBe(400);
    await arena.expectHeld(copy);
  });
  test('a conflict waits for an admin, however often both restart', async () => {
    const original = await arena.torn();
    arena.mark();
    const again = arena.keep(original.startedAgain().startedAgain().startedAgain());
    expect(await again.enrol({ ...labels(original), wantsNewCode: true })).toMatchObject({ kind: 'identity-conflict' });
    await expectNo(await arena.typeKey(again, (await arena.key()).key, arena.room()));
    await arena.expectHeld(again, original);
  });
});

test('that was enough of them', () => {
  expect(arena.held).toBeGreaterThanOrEqual(70);
  console.log(`${arena.held} attacks, nobody got in`);
});
