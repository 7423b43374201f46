/** Times, dates and numbers as people read them. Everything goes through Intl; nothing uses the machine's own zone. */
import type { Duration, Instant, ZoneName } from '../../src/contract/values/time.ts';

/** A BCP 47 language tag whose catalogue exists. */
export type Locale = 'en-GB';
export const DEFAULT_LOCALE: Locale = 'en-GB';

export interface Format {
  /** `14:30`, in the zone, 24 hours. */
  time(at: Instant): string;
  /** `Friday 20 November`. */
  date(at: Instant): string;
  /** `Fri 20 Nov, 14:30`. */
  dayTime(at: Instant): string;
  /** `20 Nov 2026, 14:30`. */
  dateTime(at: Instant): string;
  /** `9:41`: minutes and seconds left, never below zero. */
  countdown(left: Duration): string;
  number(n: number): string;
  list(items: readonly string[]): string;
}

/** `zone`: the room's zone on a panel, the reader's choice on the console; null reads as UTC. */
export function makeFormat(locale: Locale, zone: ZoneName | null): Format {
  const timeZone = zone ?? 'UTC';
  const date = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dateTime = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const number = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    time: at => time.format(at),
    date: at => date.format(at),
    dayTime: at => `${day.format(at).replace(',', '')}, ${time.format(at)}`,
    dateTime: at => dateTime.format(at),
    countdown(left) {
      const total = Math.max(0, Math.ceil(left / 1000));
      return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
    },
    number: n => number.format(n),
    list: items => list.format(items),
  };
}
