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

/** The seed of this run: LINTEL_SEED, or today's own. Printed by every test that uses it. */
export const seedOfThisRun = () => Number(process.env.LINTEL_SEED ?? Math.floor(Date.now() / 1000));

export const hexFrom = (dice: () => number) =>
  Array.from({ length: 32 }, () => Math.floor(dice() * 16).toString(16)).join('');
