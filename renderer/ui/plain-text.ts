/**
 * Makes a string from outside (a title, an organiser, a room's name) safe to lay out: control characters and line breaks
 * become spaces, characters that turn text around or hide are dropped, stacks of combining marks are cut to three.
 * Rendering as text, never as markup, is Preact's part; `unicode-bidi: isolate` is the stylesheet's.
 */
export function plainText(raw: string): string {
  return raw
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(HIDDEN, '')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Direction marks and overrides, zero-width space, word joiner, invisible operators, byte order mark, tags, soft hyphen. */
const HIDDEN =
  /[\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}\p{Cs}]/gu;
