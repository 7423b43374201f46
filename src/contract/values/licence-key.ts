/**
 * Licence keys as people type them: 24 Crockford base32 characters (120 random bits) and one check character, shown
 * in five groups of five: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`.
 *
 * The check character is a weighted sum over GF(32): every single wrong character and every swap of two unequal
 * neighbours changes it (weights are distinct, non-zero powers of a generator; see the exhaustive test).
 */
import * as v from 'valibot';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA_LENGTH = 24;
/** x^5 + x^2 + 1, primitive over GF(2): powers of 2 run through all 31 non-zero elements. */
const FIELD_POLYNOMIAL = 0b100101;

export const LicenceKey = v.pipe(
  v.string(),
  v.transform(normaliseLicenceKey),
  v.check(isWellFormed, 'not a licence key: a character is mistyped, missing or swapped'),
  v.brand('LicenceKey'),
);
export type LicenceKey = v.InferOutput<typeof LicenceKey>;

/** A key from 24 numbers in 0..31, which the caller draws from a secure source. */
export function makeLicenceKey(random: readonly number[]): LicenceKey {
  if (random.length !== DATA_LENGTH) throw new RangeError(`a licence key takes ${DATA_LENGTH} numbers`);
  const data = random.map(n => ALPHABET.charAt(n & 31)).join('');
  return v.parse(LicenceKey, data + checkCharacter(data));
}

/** Forgiving of case, separators and the look-alikes I, L and O; groups of five in the answer. */
export function normaliseLicenceKey(typed: string): string {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  return plain.match(/.{1,5}/g)?.join('-') ?? '';
}

function isWellFormed(key: string): boolean {
  const plain = key.replaceAll('-', '');
  if (plain.length !== DATA_LENGTH + 1 || [...plain].some(c => !ALPHABET.includes(c))) return false;
  return checkCharacter(plain.slice(0, DATA_LENGTH)) === plain.at(-1);
}

function checkCharacter(data: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of data) {
    weight = multiply(weight, 2);
    sum ^= multiply(weight, ALPHABET.indexOf(character));
  }
  return ALPHABET.charAt(sum);
}

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, shifted = a; bit < 5; bit++) {
    if ((b >> bit) & 1) product ^= shifted;
    shifted = shifted & 0b10000 ? (shifted << 1) ^ FIELD_POLYNOMIAL : shifted << 1;
  }
  return product;
}
