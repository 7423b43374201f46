const LONGEST = 255;
/** Control characters, and the invisible ones that reorder or hide text; joiners stay, emoji and Persian need them. */
const LINE_BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
const INVISIBLE = /[\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/gu;

/** One line of text fit for the glass, or null when nothing is left of it. */
export function clean(raw: string | null | undefined): string | null {
  const line = (raw ?? '').toWellFormed().replace(INVISIBLE, '').replace(LINE_BREAKS, ' ').trim();
  if (line === '') return null;
  // Half of a surrogate pair may stand at the cut.
  return line.length <= LONGEST ? line : line.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '');
}

/** Whether two names are one, written differently. */
export const isSameText = (a: string, b: string) =>
  a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();
