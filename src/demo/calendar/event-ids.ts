/**
 * Ids look like Exchange's: long, opaque, with characters that must be escaped in a URL. An occurrence's id is made
 * from its series' id and its date, so it stays the same for as long as the series lives.
 */
const PREFIX = 'AAMkAG';
const SUFFIX = 'AAA=';
const CORE_BYTES = 16;

/** `random`: 16 bytes. */
export function makeEventId(random: Buffer): string {
  return PREFIX + random.toString('base64url') + SUFFIX;
}

/** `date` is `YYYY-MM-DD`, the occurrence's date by the series' own pattern. */
export function occurrenceId(masterId: string, date: string): string {
  const day = Buffer.alloc(4);
  day.writeUInt32BE(Number(date.replaceAll('-', '')));
  return PREFIX + Buffer.concat([core(masterId), day]).toString('base64url') + SUFFIX;
}

/** Series and date of an occurrence's id; null when it is not one. */
export function parseOccurrenceId(id: string): { masterId: string; date: string } | null {
  const bytes = core(id);
  if (bytes.length !== CORE_BYTES + 4) return null;
  const digits = String(bytes.readUInt32BE(CORE_BYTES));
  if (!/^\d{8}$/.test(digits)) return null;
  return {
    masterId: makeEventId(bytes.subarray(0, CORE_BYTES)),
    date: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`,
  };
}

function core(id: string): Buffer {
  return Buffer.from(id.slice(PREFIX.length, -SUFFIX.length), 'base64url');
}
