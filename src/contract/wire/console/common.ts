/** Pieces that several console messages are made of. */
import * as v from 'valibot';
import { oneLine } from '../../values/text.ts';

/** One line of text as people type it. */
export const short = v.pipe(v.string(), v.trim(), v.maxLength(200), oneLine);
/** A number that central gave a version. */
export const versionNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const filled = (what: string) => v.pipe(short, v.nonEmpty(`${what} is missing`));
export const httpsUrl = (what: string) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.url(`${what} is not an address`),
    v.startsWith('https://', `${what} must start with https://`),
  );
