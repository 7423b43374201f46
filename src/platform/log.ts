/** JSON lines for operators, and nothing in them that must not leave the process. */
import pino from 'pino';
import * as v from 'valibot';
import type { Log } from '../agent/ports.ts';

export const LogLevel = v.picklist(['debug', 'info', 'warn', 'error', 'silent']);
export type LogLevel = v.InferOutput<typeof LogLevel>;

const LONGEST_TEXT = 2000;
/** How many of the last lines are kept for whoever asks what happened. */
const KEPT_LINES = 200;
const HIDDEN = '[redacted]';

/** Fields whose very name says that the value stays here: secrets, and what a private meeting is about. */
const SECRET_NAME =
  /token|secret|passw|authori[sz]ation|cookie|private|credential|assertion|proof|nonce|licence_?key|subject|title|organi[sz]er|attendee|body/i;

/** What secrets look like inside a text; the first group, where there is one, is kept. */
const SECRET_TEXT: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // JWT, JWE: base64url of `{"` first.
  /\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*/g,
  /\b((?:Bearer|DPoP|Basic|Negotiate|NTLM)\s+)[A-Za-z0-9._~+/=-]{6,}/gi,
  /((?:access_?token|refresh_?token|id_?token|client_?secret|client_?assertion|password|code_?verifier|[?&]code)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
  // User and password in an address.
  /(:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
  // Licence keys: five groups of five, typed with or without separators.
  /\b[0-9A-Z]{5}([ -]?)[0-9A-Z]{5}(?:\1[0-9A-Z]{5}){3}\b/gi,
  // Entra ID client secrets.
  /[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{20,}/g,
  // Opaque refresh tokens and other long blobs; event ids of Graph are shorter.
  /[A-Za-z0-9._~+/=-]{300,}/g,
];

/** The text with everything that looks like a secret taken out, and cut to 2,000 characters. */
export function redact(text: string): string {
  let clean = text;
  for (const pattern of SECRET_TEXT) {
    clean = clean.replace(pattern, (_match, kept: unknown) =>
      typeof kept === 'string' && kept.trim().length > 1 ? kept + HIDDEN : HIDDEN,
    );
  }
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}

export interface KeptLog extends Log {
  /** The last 200 lines as they were written, the oldest first. */
  recent(): readonly string[];
}

/** Writes to standard error unless told otherwise. Fields that are no string, number, boolean or null are left out. */
export function makeLog(options: { level: LogLevel; destination?: { write(line: string): void } }): KeptLog {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true });
  const lines: string[] = [];
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    {
      write(line: string) {
        lines.push(line.trimEnd());
        if (lines.length > KEPT_LINES) lines.shift();
        destination.write(line);
      },
    },
  );
  const write = (level: 'info' | 'warn' | 'error') => (event: string, fields?: Record<string, unknown>) =>
    logger[level](cleanFields(fields ?? {}), redact(event));
  return { info: write('info'), warn: write('warn'), error: write('error'), recent: () => [...lines] };
}

function cleanFields(fields: Record<string, unknown>): Record<string, string | number | boolean | null> {
  const clean: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') clean[name] = SECRET_NAME.test(name) ? HIDDEN : redact(value);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) clean[name] = value;
  }
  return clean;
}
