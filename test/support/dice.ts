/** A small seeded generator for tests that must replay exactly (mulberry32). Numbers in [0, 1). */
export function makeDice(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Where this run's chance begins: the same every time, so that what fails has come with the change; LINTEL_SEED=n for
 * another, LINTEL_SEED=new to go looking. Printed by every test that uses it.
 */
export function seedOfThisRun(): number {
  const { LINTEL_SEED: asked = '1' } = process.env;
  const seed = asked === 'new' ? Math.floor(Date.now() / 1000) : Number(asked);
  if (!Number.isSafeInteger(seed)) throw new Error(`LINTEL_SEED is a whole number or "new", not "${asked}"`);
  return seed;
}

export const hexFrom = (dice: () => number) =>
  Array.from({ length: 32 }, () => Math.floor(dice() * 16).toString(16)).join('');
