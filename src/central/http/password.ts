/** Passwords of local admins: scrypt with OWASP's parameters, at most two at a time, so that log-in is no way to exhaust us. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** N=2^17, r=8 takes 128 MiB and some 0.4 s a hash (OWASP Password Storage Cheat Sheet). */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const MEMORY = 160 * 1024 * 1024;
const HASH_BYTES = 32;
const AT_ONCE = 2;
const MOST_WAITING = 20;

export type PasswordChecked = 'right' | 'wrong' | 'busy';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Null: there is no such account, which takes as long to say as a wrong password does. */
  check(password: string, stored: string | null): Promise<PasswordChecked>;
}

export function makePasswords(): Passwords {
  const nobody = encode(randomBytes(16), randomBytes(HASH_BYTES));
  const queue: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(task: () => Promise<T>): Promise<T> {
    // A slot that becomes free is handed on, not counted down and up.
    if (running >= AT_ONCE) await new Promise<void>(resolve => queue.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: password =>
      inTurn(async () => {
        const salt = randomBytes(16);
        return encode(salt, await derive(password, salt, COST));
      }),
    async check(password, stored) {
      if (queue.length >= MOST_WAITING) return 'busy';
      const { salt, hash, cost } = decode(stored ?? nobody);
      const derived = await inTurn(() => derive(password, salt, cost));
      return timingSafeEqual(derived, hash) && stored !== null ? 'right' : 'wrong';
    },
  };
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same password typed on another keyboard may be composed of other code points.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MEMORY }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function encode(salt: Buffer, hash: Buffer): string {
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

function decode(stored: string) {
  const [kind, n, r, p, salt, hash] = stored.split('$');
  if (kind !== 'scrypt' || salt === undefined || hash === undefined) throw new Error('a stored password is no hash');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  return { salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url'), cost };
}
