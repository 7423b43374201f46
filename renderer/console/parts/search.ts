import { fold } from './options.ts';

/**
 * The forgiving search of tables (as `narrow` of options.ts), quick with thousands of rows: the words of each row are
 * folded once, not at every key. A row is taken for another one when its object is.
 */
export function makeSearch<Row extends object>(wordsOf: (row: Row) => readonly (string | null | undefined)[]) {
  const folded = new WeakMap<Row, string>();
  const textOf = (row: Row) => {
    const known = folded.get(row);
    if (known !== undefined) return known;
    const text = fold(wordsOf(row).filter(Boolean).join(' '));
    folded.set(row, text);
    return text;
  };
  /** The rows that hold every typed word anywhere, in their order. */
  return (rows: readonly Row[], typed: string): readonly Row[] => {
    const words = fold(typed).split(/\s+/).filter(Boolean);
    if (words.length === 0) return rows;
    return rows.filter(row => {
      const text = textOf(row);
      return words.every(word => text.includes(word));
    });
  };
}
