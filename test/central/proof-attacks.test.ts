/** A hundred thousand proofs that are replayed, altered or of another time, against the proof checker: none is accepted. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkProof } from '../../src/central/http/dpop.ts';
import { NonceBook } from '../../src/central/http/nonce-book.ts';
import { instant, minutes } from '../../src/contract/values/time.ts';
import { makeDice } from '../support/dice.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const HOST = 'central.example:8443';
const PATH = '/panel/v1/token';
const WANTED = { method: 'POST', path: PATH, hosts: [HOST] };
const SEED = 20260729;

type Key = { privateKey: KeyObject; jwk: Record<string, unknown> };
type Parts = { header: Record<string, unknown>; claims: Record<string, unknown> };

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk: { kty, crv, x, y } };
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function seal({ header, claims }: Parts, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const clock = new VirtualClock(instant(1_790_000_000_000));
const book = new NonceBook(clock);
const keys = Array.from({ length: 8 }, newKey);
const dice = makeDice(SEED);
const below = (most: number) => Math.floor(dice() * most);
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const good = (key: Key): Parts => ({
  header: { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk },
  claims: {
    htm: 'POST',
    htu: `https://${HOST}${PATH}`,
    jti: randomBytes(16).toString('base64url'),
    iat: 1_790_000_000 + below(1000),
    nonce: book.current(),
    boot: randomBytes(16).toString('hex'),
  },
});

let accepted = 0;
let tried = 0;
const whys = new Map<string, number>();
async function attack(proof: string): Promise<void> {
  tried++;
  const checked = await checkProof({ ...WANTED, proof }, book);
  if (checked.kind === 'proved') accepted++;
  const why = checked.kind === 'invalid' ? checked.why : checked.kind;
  whys.set(why, (whys.get(why) ?? 0) + 1);
}
async function attackAll(count: number, make: (n: number) => string): Promise<void> {
  const before = accepted;
  // Several at a time: signatures are checked beside this thread.
  for (let n = 0; n < count; n += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - n) }, (_, at) => attack(make(n + at))));
  }
  expect(accepted).toBe(before);
}

test('a good one is accepted, so that what follows means something', async () => {
  for (const key of keys)
    expect(await checkProof({ ...WANTED, proof: seal(good(key), key.privateKey) }, book)).toMatchObject({
      kind: 'proved',
    });
});

test('20,000 replays, of the same instant and of later', async () => {
  const used = keys.flatMap(key => Array.from({ length: 25 }, () => seal(good(key), key.privateKey)));
  for (const proof of used) expect((await checkProof({ ...WANTED, proof }, book)).kind).toBe('proved');
  await attackAll(14_000, n => used[n % used.length] ?? '');
  await clock.advance(minutes(3));
  await attackAll(3_000, n => used[n % used.length] ?? '');
  await clock.advance(minutes(3));
  await attackAll(3_000, n => used[n % used.length] ?? '');
});

test('6,000 good ones of another time, another server, another method or address', async () => {
  const old = book.current();
  await clock.advance(minutes(10));
  const foreign = new NonceBook(clock);
  const made = Array.from({ length: 600 }, (_, n) => {
    const key = pick(keys);
    const parts = good(key);
    const changes: Record<string, unknown>[] = [
      { nonce: old },
      { nonce: foreign.current() },
      { nonce: undefined },
      { nonce: '' },
      { nonce: `${book.current()} ` },
      { nonce: book.current().toLowerCase() },
      { htm: 'GET' },
      { htm: 'post' },
      { htu: `https://${HOST}/panel/v1/config` },
      { htu: `https://${HOST}${PATH}?x=1` },
      { htu: `https://${HOST}${PATH}#x` },
      { htu: `http://${HOST}${PATH}` },
      { htu: `https://central.example${PATH}` },
      { htu: `https://${HOST}.evil.example${PATH}` },
      { htu: `https://${HOST}${PATH}/` },
    ];
    Object.assign(parts.claims, changes[n % changes.length]);
    return seal(parts, key.privateKey);
  });
  await attackAll(6_000, n => made[n % made.length] ?? '');
});

test('8,000 whose claims or header are missing, of another kind or too much', async () => {
  const odd: unknown[] = [undefined, null, 0, -1, 1e300, '', 'x', 'x'.repeat(200), [], {}, true, [1]];
  const made = Array.from({ length: 800 }, (_, n) => {
    const key = pick(keys);
    const { header, claims } = good(key);
    const values = odd[n % odd.length];
    if (n % 3 === 0) {
      const name = pick(['typ', 'alg', 'jwk']);
      header[name] = name === 'alg' ? pick(['none', 'HS256', 'ES384', 'ES512', 'EdDSA', 'RS256', 'es256', '']) : values;
    } else if (n % 3 === 1) {
      const name = pick(['htm', 'htu', 'jti', 'boot', 'nonce']);
      // A jti may be any text of a proper length, so leave those that are.
      claims[name] = name === 'jti' && values === 'x'.repeat(200) ? 'short' : values;
    } else {
      const jwk = { ...key.jwk };
      const name = pick(['kty', 'crv', 'x', 'y', 'd', 'extra']);
      jwk[name] = values === undefined ? 'AA' : values;
      header.jwk = jwk;
    }
    return seal({ header, claims }, key.privateKey);
  });
  await attackAll(8_000, n => made[n % made.length] ?? '');
});

test('6,000 signed by somebody else, or with the parts of several', async () => {
  const made = Array.from({ length: 600 }, (_, n) => {
    const [owner, thief] = [keys[n % 8], keys[(n + 1 + (n % 6)) % 8]] as [Key, Key];
    if (n % 2 === 0) return seal(good(owner), thief.privateKey);
    const a = seal(good(owner), owner.privateKey).split('.');
    const b = seal(good(thief), thief.privateKey).split('.');
    const at = n % 3;
    return a.map((part, m) => (m === at ? b[m] : part)).join('.');
  });
  await attackAll(6_000, n => made[n % made.length] ?? '');
});

test('60,000 in which one bit, one character, one piece is another', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const proofs = Array.from({ length: 200 }, (_, n) => {
    const key = keys[n % 8] as Key;
    return seal(good(key), key.privateKey);
  });
  const change: ((proof: string) => string)[] = [
    // One bit of the header, the claims or the signature.
    proof => {
      const parts = proof.split('.').map(part => Buffer.from(part, 'base64url'));
      const part = pick(parts);
      const at = below(part.length);
      part[at] = (part[at] ?? 0) ^ (1 << below(8));
      return parts.map(bytes => bytes.toString('base64url')).join('.');
    },
    proof => {
      const at = below(proof.length);
      const other = pick([...alphabet].filter(letter => letter !== proof[at]));
      return proof.slice(0, at) + other + proof.slice(at + 1);
    },
    proof => {
      const at = below(proof.length);
      return proof.slice(0, at) + proof.slice(at + 1 + below(3));
    },
    proof => {
      const at = below(proof.length);
      return proof.slice(0, at) + pick([...alphabet, '.', '=', ' ', '\n', '%']) + proof.slice(at);
    },
    proof => proof.slice(0, below(proof.length)),
  ];
  await attackAll(60_000, n => {
    const proof = proofs[n % proofs.length] ?? '';
    const changed = (change[n % change.length] ?? change[0])?.(proof) ?? '';
    return changed === proof ? `${proof}A` : changed;
  });
  // Untouched, each of them would have been good.
  for (const proof of proofs) expect((await checkProof({ ...WANTED, proof }, book)).kind).toBe('proved');
});

test('that was a hundred thousand, and every reason to refuse was met', () => {
  expect(tried).toBeGreaterThanOrEqual(100_000);
  expect(accepted).toBe(0);
  const reasons = ['use-nonce', 'used before', 'another method', 'another address', 'malformed'];
  for (const reason of reasons) expect([...whys.keys()].some(why => why.includes(reason))).toBe(true);
  console.log(`seed ${SEED}: ${tried} proofs, ${accepted} accepted; ${JSON.stringify(Object.fromEntries(whys))}`);
});
