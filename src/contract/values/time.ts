/**
 * Instants and durations. Both are whole milliseconds inside, and branded so that neither is mistaken for the other
 * or for a bare number. Nothing here reads a clock: an instant always comes from outside.
 */
import * as v from 'valibot';

/** A point in time: milliseconds since 1970-01-01T00:00Z. */
export const Instant = v.pipe(v.number(), v.safeInteger(), v.brand('Instant'));
export type Instant = v.InferOutput<typeof Instant>;

/** A length of time in milliseconds; negative when it points backwards. */
export const Duration = v.pipe(v.number(), v.safeInteger(), v.brand('Duration'));
export type Duration = v.InferOutput<typeof Duration>;

/** An IANA zone name that this runtime knows, such as `Europe/Oslo`. */
export const ZoneName = v.pipe(
  v.string(),
  v.check(isKnownZone, issue => `unknown time zone: ${issue.input}`),
  v.brand('ZoneName'),
);
export type ZoneName = v.InferOutput<typeof ZoneName>;

/** A calendar date without time or zone, `YYYY-MM-DD`. */
export const PlainDate = v.pipe(v.string(), v.isoDate(), v.brand('PlainDate'));
export type PlainDate = v.InferOutput<typeof PlainDate>;

export const instant = (epochMilliseconds: number) => v.parse(Instant, epochMilliseconds);
export const milliseconds = (n: number) => Math.round(n) as Duration;
export const seconds = (n: number) => milliseconds(n * 1000);
export const minutes = (n: number) => milliseconds(n * 60_000);
export const hours = (n: number) => milliseconds(n * 3_600_000);

export const plus = (at: Instant, by: Duration) => (at + by) as Instant;
/** How long from `from` to `to`; negative when `to` is earlier. */
export const between = (from: Instant, to: Instant) => (to - from) as Duration;
export const earliest = (first: Instant, ...rest: Instant[]) => Math.min(first, ...rest) as Instant;
export const latest = (first: Instant, ...rest: Instant[]) => Math.max(first, ...rest) as Instant;
/** `2026-11-20T10:00:00.000Z`. */
export const toIso = (at: Instant) => new Date(at).toISOString();

/** A span of time, half open: `start` belongs to it, `end` does not. */
export const Span = v.object({ start: Instant, end: Instant });
export type Span = v.InferOutput<typeof Span>;
export const overlaps = (a: Span, b: Span) => a.start < b.end && b.start < a.end;
export const contains = (span: Span, at: Instant) => span.start <= at && at < span.end;

/** Names found good: asking Intl costs 30 µs, and every config and meeting names one. There are some 600. */
const knownZones = new Set<string>();

function isKnownZone(name: string) {
  if (knownZones.has(name)) return true;
  try {
    const isKnown = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
    // Spellings are many; a fleet has few.
    if (isKnown && knownZones.size < 1000) knownZones.add(name);
    return isKnown;
  } catch {
    return false;
  }
}
