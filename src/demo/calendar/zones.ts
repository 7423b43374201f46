/** Time zone names as Graph takes and gives them: IANA, Windows, and the two special ones of Exchange. */
import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import { Temporal } from 'temporal-polyfill';
import { type Instant, instant, toIso } from '../../contract/values/time.ts';

const ZONES = windowsZones.supplemental.windowsZones.mapTimezones.map(entry => entry.mapZone);
const IANA_BY_WINDOWS = new Map(
  ZONES.filter(zone => zone._territory === '001').map(zone => [zone._other.toLowerCase(), zone._type]),
);

/** The IANA zone a name stands for, or null when nobody knows it. */
export function resolveZone(name: string): string | null {
  const plain = name.trim();
  if (/^(utc|z|tzone:\/\/microsoft\/utc)$/i.test(plain)) return 'UTC';
  const windows = IANA_BY_WINDOWS.get(plain.toLowerCase());
  if (windows !== undefined) return windows;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: plain }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The Windows name of an IANA zone, as Graph shows working hours; the IANA name when there is none. */
export function windowsName(iana: string): string {
  return ZONES.find(zone => zone._type.split(' ').includes(iana))?._other ?? iana;
}

/**
 * `2026-11-20T10:00:00` (up to nine fractional digits) read on a wall clock of `zone`; in a gap, the later time. Where the
 * clock shows it twice, the first time, unless an offset behind it says otherwise.
 */
export function wallToInstant(wall: string, zone: string): Instant {
  const key = `${wall} ${zone}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const at = computeInstant(wall, zone);
  KNOWN.set(key, at);
  return at;
}

/** Every read of a calendar asks for the same few again, and each costs some 50 µs. */
const KNOWN = new Map<string, Instant>();
const MOST_KNOWN = 10_000;

function computeInstant(wall: string, zone: string): Instant {
  const zoned = /[+-]\d\d:\d\d$/.test(wall)
    ? Temporal.ZonedDateTime.from(`${wall}[${zone}]`, { offset: 'prefer' })
    : Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation: 'compatible' });
  return instant(zoned.epochMilliseconds);
}

/** What a wall clock of `zone` shows, `2026-11-20T10:00:00`. */
export function instantToWall(at: Instant, zone: string): string {
  if (zone === 'UTC') return toIso(at).slice(0, 19);
  return plainDateTime(at, zone).toString({ smallestUnit: 'second' });
}

/** As it is kept: Exchange stores instants, so what the clock shows for the second time has its offset behind it. */
export function keptWall(at: Instant, zone: string): string {
  const wall = instantToWall(at, zone);
  if (wallToInstant(wall, zone) === at - (at % 1000)) return wall;
  return wall + Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offset;
}

export function plainDateTime(at: Instant, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
}

/** The date in `zone`, `YYYY-MM-DD`. */
export const dateIn = (at: Instant, zone: string) => plainDateTime(at, zone).toPlainDate().toString();

/** Midnight of a date in `zone` (or the first moment of that day, where midnight does not exist). */
export const startOfDay = (date: string, zone: string) => wallToInstant(`${date}T00:00:00`, zone);

export const addDays = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString();
