import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NonceBook } from '../../src/central/http/nonce-book.ts';
import { instant, minutes, seconds } from '../../src/contract/values/time.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { errorCodeIn, PanelClient, type ProofChanges } from './support/panel-client.ts';
import { type RunningCentral, runCentral } from './support/running-central.ts';

let running: RunningCentral;
let panel: PanelClient;
const STATE = '/panel/v1/state';

beforeAll(async () => {
  running = await runCentral();
});
afterAll(() => running.stop());
beforeEach(async () => {
  panel = await PanelClient.make(running.fetch, running.url);
  await panel.enrol();
});

async function tryWith(changes: ProofChanges): Promise<string> {
  const answer = await panel.sendWith(await panel.prove('GET', STATE, changes), 'GET', STATE);
  if (answer.ok) return 'accepted';
  expect(answer.status).toBe(401);
  expect(answer.headers.get('dpop-nonce')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  return errorCodeIn(answer);
}

test('a good proof is accepted, whatever the panel takes for the time', async () => {
  expect(await tryWith({})).toBe('accepted');
  expect(await tryWith({ claims: { iat: 0 } })).toBe('accepted');
  expect(await tryWith({ claims: { iat: 4_000_000_000 } })).toBe('accepted');
});

test('without a proof, and with a proof of something else, nothing is told', async () => {
  expect(await errorCodeIn(await panel.sendWith(null, 'GET', STATE))).toBe('invalid_dpop_proof');
  expect(await errorCodeIn(await panel.sendWith('nonsense', 'GET', STATE))).toBe('invalid_dpop_proof');
});

test('a proof works once', async () => {
  const proof = await panel.prove('GET', STATE);
  expect((await panel.sendWith(proof, 'GET', STATE)).status).toBe(200);
  const again = await panel.sendWith(proof, 'GET', STATE);
  expect([again.status, await errorCodeIn(again)]).toEqual([401, 'invalid_dpop_proof']);
});

test('a proof captured under an old nonce is worth nothing, however young the clock says it is', async () => {
  const proof = await panel.prove('GET', STATE);
  await running.clock.advance(minutes(5));
  expect(await errorCodeIn(await panel.sendWith(proof, 'GET', STATE))).toBe('use_dpop_nonce');
});

test('a nonce of another server or none is answered with ours', async () => {
  expect(await tryWith({ claims: { nonce: 'x'.repeat(43) } })).toBe('use_dpop_nonce');
  expect(await tryWith({ claims: { nonce: undefined } })).toBe('use_dpop_nonce');
});

test.each([
  ['another method', { claims: { htm: 'POST' } }],
  ['another path', { claims: { htu: 'URL/panel/v1/config' } }],
  ['a longer path', { claims: { htu: 'URL/panel/v1/state/' } }],
  ['a path in capitals', { claims: { htu: 'URL/panel/v1/STATE' } }],
  ['a query', { claims: { htu: 'URL/panel/v1/state?x=1' } }],
  ['another host', { claims: { htu: 'https://evil.example/panel/v1/state' } }],
  ['plain http', { claims: { htu: 'http-URL/panel/v1/state' } }],
  ['no htu', { claims: { htu: undefined } }],
  ['no iat', { claims: { iat: undefined } }],
  ['a short jti', { claims: { jti: 'short' } }],
  ['no boot', { claims: { boot: undefined } }],
  ['another type', { header: { typ: 'JWT' } }],
  ['no key', { header: { jwk: undefined } }],
])('a proof for or with %s is refused', async (_name, changes: ProofChanges) => {
  const htu = changes.claims?.htu;
  const plain = running.url.replace('https:', 'http:');
  const real = typeof htu === 'string' ? htu.replace('http-URL', plain).replace('URL', running.url) : htu;
  const claims = 'htu' in (changes.claims ?? {}) ? { ...changes.claims, htu: real } : (changes.claims ?? {});
  expect(await tryWith({ ...changes, claims })).toBe('invalid_dpop_proof');
});

test("another panel's key in the header does not make it that panel", async () => {
  const signer = await generateKeyPair('ES256', { extractable: true });
  expect(await tryWith({ signer })).toBe('invalid_dpop_proof');
});

test('every changed byte of a proof is noticed', async () => {
  const proof = await panel.prove('GET', STATE);
  const [header = '', payload = '', signature = ''] = proof.split('.');
  const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  for (let at = 0; at < payload.length; at += 17) {
    const answer = await panel.sendWith([header, flip(payload, at), signature].join('.'), 'GET', STATE);
    expect(answer.status).toBe(401);
  }
  expect((await panel.sendWith(`${header}.${payload}.${flip(signature, 10)}`, 'GET', STATE)).status).toBe(401);
  const none = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none' })).toString('base64url');
  expect((await panel.sendWith(`${none}.${payload}.`, 'GET', STATE)).status).toBe(401);
  // And untouched it is good.
  expect((await panel.sendWith(proof, 'GET', STATE)).status).toBe(200);
});

test('a full page of proofs retires its nonce instead of forgetting proofs', () => {
  const book = new NonceBook(new VirtualClock(instant(0)), { life: minutes(2), mostProofs: 3 });
  const first = book.current();
  expect(['a', 'b', 'c'].map(jti => book.note(first, 'panel', jti))).toEqual(['fresh', 'fresh', 'fresh']);
  expect(book.current()).not.toBe(first);
  expect(book.note(first, 'panel', 'a')).toBe('replayed');
  expect(book.note(first, 'other', 'a')).toBe('fresh');
});

test('a nonce lives for one to two lives, and not longer because the clock steps back', async () => {
  const clock = new VirtualClock(instant(1_000_000));
  const book = new NonceBook(clock, { life: minutes(2), mostProofs: 100 });
  const first = book.current();
  await clock.advance(minutes(3));
  expect(book.current()).not.toBe(first);
  expect(book.isKnown(first)).toBe(true);
  await clock.advance(minutes(2));
  expect(book.isKnown(first)).toBe(false);
  const second = book.current();
  clock.jump(seconds(-1000));
  expect(book.isKnown(second)).toBe(false);
});
