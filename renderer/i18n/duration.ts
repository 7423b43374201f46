import type { Duration } from '../../src/contract/values/time.ts';
import type { Locale } from './format.ts';

const MINUTE = 60_000;

/** `12 min`, `2 h`, `1 h 30 min`, `3 days`: rounded down to whole minutes, `0 min` at the least. */
export function durationText(locale: Locale): (length: Duration) => string {
  const unit = (name: 'minute' | 'hour' | 'day', unitDisplay: 'narrow' | 'short' | 'long') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay });
  // British English and Norwegian have a sign for the hour; German has the abbreviation that goes with its "Min.".
  const hour = unit('hour', locale === 'de-DE' ? 'short' : 'narrow');
  const [day, minute] = [unit('day', 'long'), unit('minute', 'short')];
  // British English pluralises the abbreviation ("30 mins"); signs do not.
  const minutesText = (n: number) => minute.format(n).replace('mins', 'min');
  return length => {
    const whole = Math.max(0, Math.floor(length / MINUTE));
    const [days, hours, minutes] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60];
    if (days >= 2) return day.format(days);
    if (days === 1 || hours >= 1) {
      const total = hour.format(days * 24 + hours).replace(/(\d)(\p{L})/u, '$1 $2');
      return minutes === 0 ? total : `${total} ${minutesText(minutes)}`;
    }
    return minutesText(minutes);
  };
}
