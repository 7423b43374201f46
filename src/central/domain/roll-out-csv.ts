/** The table of a roll-out, in and out: `mac`, `room`, `licence key`, `code`, as spreadsheets write and read it (RFC 4180, mostly). */
import { CsvError, parse } from 'csv-parse/sync';
import * as v from 'valibot';

export type RollOutLine = { line: number; mac: string; room: string; key: string; code: string };
export type CsvRead = { kind: 'lines'; lines: RollOutLine[] } | { kind: 'unreadable'; why: string };

const COLUMNS = ['mac', 'room', 'licence key', 'code'] as const;
type Column = (typeof COLUMNS)[number];
const NAMES: Record<string, Column> = {
  mac: 'mac',
  'mac address': 'mac',
  room: 'room',
  'room address': 'room',
  'licence key': 'licence key',
  'license key': 'licence key',
  code: 'code',
};
const MOST_LINES = 5000;

const Records = v.array(v.object({ record: v.array(v.string()), info: v.object({ lines: v.number() }) }));

/** Lines of the file, the heading being 1; a cell may run over several, and counts where it begins. Empty lines are left out. */
export function readRollOut(csv: string): CsvRead {
  const heading = csv.split(/\r\n|\r|\n/, 1)[0] ?? '';
  let records: v.InferOutput<typeof Records>;
  try {
    const delimiter = heading.includes(';') ? ';' : ',';
    records = v.parse(Records, parse(csv, { bom: true, delimiter, info: true, relax_column_count: true, trim: true }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const why = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'is never closed' : 'stands inside a cell';
    return unreadable(`a quotation mark ${why}`, typeof error.lines === 'number' ? error.lines : null);
  }
  const [first, ...rest] = records;
  const columns = (first?.record ?? []).map(name => NAMES[name.toLowerCase().replaceAll(/[\s_-]+/g, ' ')] ?? null);
  const twice = COLUMNS.find(column => columns.filter(each => each === column).length > 1);
  if (twice !== undefined) return unreadable(`the heading has the column “${twice}” twice`, 1);
  const missing = (['mac', 'room'] as const).find(column => !columns.includes(column));
  if (missing !== undefined) return unreadable(`the heading has no column “${missing}”`, 1);

  let line = first?.info.lines ?? 1;
  const lines = rest.flatMap(({ record, info }) => {
    const start = line + 1;
    line = info.lines;
    const cell = (column: Column) => unguarded(record[columns.indexOf(column)] ?? '');
    const row = { line: start, mac: cell('mac'), room: cell('room'), key: cell('licence key'), code: cell('code') };
    return [row.mac, row.room, row.key, row.code].every(text => text === '') ? [] : [row];
  });
  if (lines.length > MOST_LINES)
    return unreadable(`it has ${lines.length} rows, and ${MOST_LINES} is the most at once`, null);
  return lines.length === 0 ? unreadable('there is no row below the heading', null) : { kind: 'lines', lines };
}

/** In the columns that `readRollOut` takes, for spreadsheets: UTF-8 with a BOM, CRLF. Licence keys are known only as hashes. */
export function writeRollOut(rows: readonly { mac: string; room: string }[]): string {
  const lines = [COLUMNS, ...rows.map(({ mac, room }) => [mac, room, '', ''])];
  return `\uFEFF${lines.map(cells => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

/** Spreadsheets run cells that begin like a formula (OWASP, CSV injection); an apostrophe makes them text. */
const FORMULA = /^[=+\-@\t\r]/;

function quoted(cell: string): string {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const unguarded = (cell: string) => (cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);

function unreadable(why: string, line: number | null): CsvRead {
  return { kind: 'unreadable', why: line === null ? why : `line ${line}: ${why}` };
}
