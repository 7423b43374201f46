/** What the commands read from options and environment alike. An option wins over the environment. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { ZoneName } from '../contract/values/time.ts';
import { LogLevel, makeLog } from '../platform/log.ts';
import { StartError } from '../platform/start-error.ts';
import type { Options, Values } from './command.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const pagesDir = (page: 'panel' | 'console' | 'preview') => join(ROOT, 'dist/renderer', page);

export const COMMON_OPTIONS = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options;

export const COMMON_HELP = `  --data-dir DIR   where it keeps its data        (LINTEL_DATA_DIR)
  --json           print one line of JSON when ready instead of words
  -h, --help       this text

  LINTEL_LOG_LEVEL debug, info, warn, error or silent; the log is JSON lines on standard error.
`;

const text = (value: Values[string]) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A port from 0 to 65535; 0 picks a free one. */
export function portOf(values: Values, otherwise: number): number {
  const given = text(values.port) ?? text(process.env.LINTEL_PORT);
  if (given === undefined) return otherwise;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(
    'bad-setting',
    `"${given}" is no port`,
    'Give a number from 0 to 65535 with --port or LINTEL_PORT; 0 picks a free one.',
  );
}

/** `isOwnChoice`: nobody named one. */
export function dataDirOf(values: Values, name: string): { dir: string; isOwnChoice: boolean } {
  const given = text(values['data-dir']) ?? text(process.env.LINTEL_DATA_DIR);
  if (given !== undefined) return { dir: resolve(given), isOwnChoice: false };
  const base = text(process.env.XDG_DATA_HOME) ?? join(homedir(), '.local/share');
  return { dir: join(base, 'lintel', name), isOwnChoice: true };
}

/** An IANA zone of --zone; the demo office stands in Oslo unless told otherwise. */
export function zoneOf(values: Values): string {
  const zone = v.safeParse(ZoneName, text(values.zone) ?? 'Europe/Oslo');
  if (zone.success) return zone.output;
  throw new StartError(
    'bad-setting',
    `there is no time zone "${String(values.zone)}"`,
    'Name one as in Europe/Oslo or America/New_York.',
  );
}

export function logOf(otherwise: LogLevel = 'info') {
  const given = text(process.env.LINTEL_LOG_LEVEL) ?? otherwise;
  const level = v.safeParse(LogLevel, given);
  if (level.success) return makeLog({ level: level.output });
  throw new StartError(
    'bad-setting',
    `LINTEL_LOG_LEVEL is "${given}"`,
    'Set it to debug, info, warn, error or silent.',
  );
}
