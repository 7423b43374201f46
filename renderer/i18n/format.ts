/** Times, dates and numbers as people read them. Everything goes through Intl; nothing uses the machine's own zone. */
import type { Language, Policy } from '../../src/contract/values/policy.ts';
import type { Duration, Instant, ZoneName } from '../../src/contract/values/time.ts';

/** A BCP 47 language tag whose catalogue exists. */
export type Locale = 'en-GB' | 'de-DE' | 'nb-NO';
export const DEFAULT_LOCALE: Locale = 'en-GB';
/** A language with the country whose way of writing dates goes with it. */
export const LOCALES: Record<Language, Locale> = { en: 'en-GB', de: 'de-DE', nb: 'nb-NO' };

export type HourCycle = Policy['hourCycle'];

export interface Format {
  /** `14:30` or `2:30 pm`, in the zone. */
  time(at: Instant): string;
  /** The same in two parts, so that a large clock may set the half of the day small; null on a 24 h clock. */
  clock(at: Instant): { time: string; half: string | null };
  /** `14` or `2 pm`: a full hour, as it stands beside a timeline. */
  hour(at: Instant): string;
  /** Minutes since midnight on the zone's clock, 0 to 1439: for reckoning, not for showing. */
  minuteOfDay(at: Instant): number;
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
export function makeFormat(locale: Locale, zone: ZoneName | null, hourCycle: HourCycle = '24h'): Format {
  const timeZone = zone ?? 'UTC';
  const is12 = hourCycle === '12h';
  const clockStyle = {
    hour: is12 ? 'numeric' : '2-digit',
    minute: '2-digit',
    hourCycle: is12 ? 'h12' : 'h23',
  } as const;
  const date = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, ...clockStyle });
  const calendarDay = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', year: 'numeric' });
  const plainTime = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const number = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });

  const clock: Format['clock'] = at => {
    if (!is12) return { time: time.format(at), half: null };
    const parts = time.formatToParts(at);
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(p => p.type === type)?.value ?? '';
    return { time: `${part('hour')}:${part('minute')}`, half: part('dayPeriod') };
  };
  // ICU's own space before "pm" is one our font does not have.
  const joined = (digits: string, half: string | null) => (half === null ? digits : `${digits}\u00a0${half}`);
  const timeText: Format['time'] = at => {
    const { time, half } = clock(at);
    return joined(time, half);
  };
  return {
    time: timeText,
    clock,
    hour(at) {
      const { time, half } = clock(at);
      return joined(time.slice(0, time.indexOf(':')), half);
    },
    minuteOfDay(at) {
      const [hours = 0, minutes = 0] = plainTime.format(at).split(':').map(Number);
      return hours * 60 + minutes;
    },
    date: at => date.format(at),
    dayTime: at => `${day.format(at).replace(',', '')}, ${timeText(at)}`,
    dateTime: at => `${calendarDay.format(at)}, ${timeText(at)}`,
    countdown(left) {
      const total = Math.max(0, Math.ceil(left / 1000));
      return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
    },
    number: n => number.format(n),
    list: items => list.format(items),
  };
}
