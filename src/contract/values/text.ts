import * as v from 'valibot';

/** Nothing that moves a cursor, rings a bell or ends a string: a terminal, a CSV file and PostgreSQL each choke on some of it. */
export const oneLine = v.regex(/^\P{Cc}*$/u, 'holds a control character');

/** For words that programs put together, errors above all: refused they would be lost, so they only lose their line breaks. */
export const onOneLine = v.transform((text: string) => text.replaceAll(/\p{Cc}+/gu, ' '));
