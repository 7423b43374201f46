import type { Clock } from '../../../src/contract/values/clock.ts';
import { seconds } from '../../../src/contract/values/time.ts';

/** Hands a file to the browser's downloads. `name`: with its ending, without a path. */
export function saveFile(clock: Clock, name: string, mediaType: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it only after the click has been handled.
  clock.after(seconds(30), () => URL.revokeObjectURL(url));
}

/** For a file's name: letters, digits and dashes of what an admin or a panel called something. */
export const fileNameOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);

/**
 * CSV for spreadsheets (RFC 4180, CRLF). A cell that a spreadsheet would run as a formula gets an apostrophe in front; the
 * library's browser build would add 80 kB to the page for this.
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map(row => `${row.map(cell).join(',')}\r\n`).join('');
}
