/** Drawing from seeded dice. */
export type Draw = ReturnType<typeof makeDraw>;

export function makeDraw(dice: () => number) {
  const between = (least: number, most: number) => least + dice() * (most - least);
  return {
    dice,
    between,
    /** Whole, both ends included. */
    whole: (least: number, most: number) => Math.floor(between(least, most + 1)),
    chance: (odds: number) => dice() < odds,
    one<T>(of: readonly [T, ...T[]]): T {
      return of[Math.floor(dice() * of.length)] ?? of[0];
    },
    /** Null when there is nothing to choose from. */
    some<T>(of: readonly T[]): T | null {
      return of[Math.floor(dice() * of.length)] ?? null;
    },
  };
}
